// SPDX-License-Identifier: MIT
// Calls: getdents
/* The older listing puts the kind behind the name. */
#include "tests/abi/calls/show.h"

int main(void) {
    char room[200];
    mkdir("folder", 0755);
    int folder = open("folder", O_RDONLY | O_DIRECTORY);
    long length = syscall(SYS_getdents, folder, room, sizeof room);
    SHOW(length);
    for (long at = 0; at < length; at += *(unsigned short *)(room + at + 8))
        printf("%s, type %d\n", room + at + 10, room[at + *(unsigned short *)(room + at + 8) - 1]);
    SHOW(syscall(SYS_getdents, folder, room, sizeof room));
    return 0;
}
