// SPDX-License-Identifier: MIT
// Calls: epoll_ctl, epoll_pwait (epoll_wait)
/* A poller in a poller; not in a ring. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN}, told;
    int end[2], inner = epoll_create1(0), outer = epoll_create1(0);
    pipe(end);
    SHOW(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &wanted));
    SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, outer, &wanted));
    SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_wait(outer, &told, 1, 0));
    write(end[1], "x", 1);
    SHOW(epoll_wait(outer, &told, 1, 0));
    return 0;
}
