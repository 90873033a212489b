// SPDX-License-Identifier: MIT
// Calls: mmap2
/* The rest of a file's last page is zero; beyond it is SIGBUS. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "text");
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    SHOW(pages != MAP_FAILED);
    SHOW(pages[4]);
    SHOW(pages[4095]);
    pages[5] = 'x'; /* reaches no file */
    struct stat status;
    fstat(file, &status);
    SHOW(status.st_size);
    pid_t child = fork();
    if (child == 0)
        _exit(pages[4096]);
    SHOW_END(child);
    ftruncate(file, 5000);
    SHOW(pages[4096]);
    ftruncate(file, 1);
    child = fork();
    if (child == 0)
        _exit(pages[4096]);
    SHOW_END(child);
    return 0;
}
