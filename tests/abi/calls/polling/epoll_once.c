// SPDX-License-Identifier: MIT
// Calls: epoll_pwait (epoll_wait)
/* EPOLLONESHOT tells once, until it is asked for again. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLONESHOT}, told;
    int end[2], poller = epoll_create1(0);
    pipe(end);
    epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted);
    write(end[1], "x", 1);
    SHOW(epoll_wait(poller, &told, 1, 0));
    write(end[1], "y", 1);
    SHOW(epoll_wait(poller, &told, 1, 0));
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    SHOW(epoll_wait(poller, &told, 1, 0));
    return 0;
}
