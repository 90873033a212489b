// SPDX-License-Identifier: MIT
// Calls: epoll_ctl
/* EPOLLEXCLUSIVE is said at the start, and goes with few other flags. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLEXCLUSIVE};
    int end[2], poller = epoll_create1(0), other = epoll_create1(0);
    pipe(end);
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    wanted.events |= EPOLLONESHOT;
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[1], &wanted));
    wanted.events = EPOLLIN | EPOLLEXCLUSIVE;
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, other, &wanted));
    wanted.events = EPOLLIN;
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    return 0;
}
