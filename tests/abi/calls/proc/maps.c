// SPDX-License-Identifier: MIT
// Calls: open
/* What is mapped where. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char line[300], name[200], rights[5], stack[5] = "";
    unsigned long start, end;
    int file = file_of("mapped", "text");
    char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    char *private = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == NULL)
        return SHOW(open("/proc/self/maps", O_RDONLY));
    while (fgets(line, sizeof line, maps)) {
        name[0] = 0;
        if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %199s", &start, &end, rights, name) < 3)
            puts(line);
        if (start == (unsigned long)page)
            printf("the file: %s %lu %s\n", rights, end - start, strrchr(name, '/'));
        if (start <= (unsigned long)private && end >= (unsigned long)private + 8192)
            printf("the memory: %s [%s]\n", rights, name);
        if (strcmp(name, "[stack]") == 0)
            strcpy(stack, rights);
    }
    printf("the stack: %s\n", stack);
    return 0;
}
