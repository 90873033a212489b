// SPDX-License-Identifier: MIT
// Calls: getdents64
/* A folder's entries with their kinds; room for one at a time is enough, less is not. */
#include "tests/abi/calls/show.h"

#include <dirent.h>

static int by_name(const void *one, const void *other) {
    return strcmp(one, other);
}

int main(void) {
    char room[512], lines[8][300];
    int count = 0;
    long length;
    mkdir("folder", 0755);
    file_of("folder/file", "text");
    mkdir("folder/below", 0755);
    symlink("x", "folder/link");
    mkfifo("folder/fifo", 0600);
    int folder = open("folder", O_RDONLY | O_DIRECTORY);
    SHOW(syscall(SYS_getdents64, folder, room, 10));
    while (count < 8 && (length = syscall(SYS_getdents64, folder, room, 32)) > 0) {
        struct dirent *entry = (struct dirent *)room;
        snprintf(lines[count++], sizeof *lines, "%.200s, type %d", entry->d_name, entry->d_type);
    }
    qsort(lines, count, sizeof *lines, by_name);
    for (int i = 0; i < count; i++)
        puts(lines[i]);
    SHOW(syscall(SYS_getdents64, folder, room, 64));
    SHOW(syscall(SYS_getdents64, file_of("file", ""), room, 64));
    return 0;
}
