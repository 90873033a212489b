// SPDX-License-Identifier: MIT
// Calls: epoll_pwait (epoll_wait)
/* EPOLLET tells once, until something new comes. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLET}, told;
    int end[2], poller = epoll_create1(0);
    char byte;
    pipe(end);
    write(end[1], "x", 1);
    epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted);
    SHOW(epoll_wait(poller, &told, 1, 0));
    SHOW(epoll_wait(poller, &told, 1, 0));
    write(end[1], "y", 1);
    SHOW(epoll_wait(poller, &told, 1, 0));
    read(end[0], &byte, 1);
    SHOW(epoll_wait(poller, &told, 1, 0));
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    SHOW(epoll_wait(poller, &told, 1, 0));
    return 0;
}
