// SPDX-License-Identifier: MIT
// Calls: epoll_wait
/* The call without a mask. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN}, told;
    int end[2], poller = epoll_create1(0);
    pipe(end);
    epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted);
    SHOW(syscall(SYS_epoll_wait, poller, &told, 1, 10));
    write(end[1], "x", 1);
    SHOW(syscall(SYS_epoll_wait, poller, &told, 1, -1));
    return 0;
}
