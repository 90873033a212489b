// SPDX-License-Identifier: MIT
// Calls: socketcall
/* One call for all of them, with arguments in memory. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    long pair[4] = {AF_UNIX, SOCK_STREAM, 0, 0};
    int end[2] = {-1, -1};
    char bytes[8] = "";
    pair[3] = (long)end;
    SHOW(syscall(SYS_socketcall, 1, (long[]){AF_INET, SOCK_STREAM, 0}));
    SHOW(syscall(SYS_socketcall, 8, pair));
    SHOW(syscall(SYS_socketcall, 9, (long[]){end[0], (long)"text", 4, 0}));
    SHOW(syscall(SYS_socketcall, 10, (long[]){end[1], (long)bytes, 8, 0}));
    puts(bytes);
    SHOW(syscall(SYS_socketcall, 99, pair));
    SHOW(syscall(SYS_socketcall, 1, nowhere));
    return 0;
}
