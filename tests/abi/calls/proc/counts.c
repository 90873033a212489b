// SPDX-License-Identifier: MIT
// Calls: open
/* Texts about the machine as a whole hold what programs look for in them, and faults count. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PAGES 50

static long long value_of(const char *path, const char *name) {
    char line[1000], found[64];
    long long value = -1, number;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%63s %lld", found, &number) == 2 && strcmp(found, name) == 0)
            value = number;
    if (file != NULL)
        fclose(file);
    return value;
}

int main(void) {
    char text[100];
    long long before = value_of("/proc/vmstat", "pgfault");
    char *memory =
        mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int n = 0; n < PAGES; n++)
        memory[n * 4096] = 1;
    /* a kernel may map some around each; then they are fewer */
    SHOW(before >= 0 && value_of("/proc/vmstat", "pgfault") > before);
    SHOW(value_of("/proc/vmstat", "nr_free_pages") > 0);
    SHOW(value_of("/proc/vmstat", "pgmajfault") >= 0);
    SHOW(value_of("/proc/vmstat", "pgpgin") >= 0);
    SHOW(value_of("/proc/vmstat", "pgpgout") >= 0);
    SHOW(value_of("/proc/vmstat", "oom_kill") >= 0);
    FILE *interrupts = fopen("/proc/interrupts", "r");
    SHOW(fscanf(interrupts, "%99s", text));
    printf("%s\n", text);
    int file = open("/proc/self/wchan", O_RDONLY);
    show_text(file);
    return 0;
}
