// SPDX-License-Identifier: MIT
// Calls: epoll_pwait (epoll_wait)
/* A description is watched, not its number: it is told as long as somebody has it. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN}, told;
    int end[2], poller = epoll_create1(0);
    pipe(end);
    int other = dup(end[0]);
    epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted);
    write(end[1], "x", 1);
    close(end[0]);
    SHOW(epoll_wait(poller, &told, 1, 0));
    close(other);
    SHOW(epoll_wait(poller, &told, 1, 0));
    return 0;
}
