// SPDX-License-Identifier: MIT
// Calls: epoll_create1, epoll_ctl, epoll_pwait (epoll_wait)
/* What is registered is told when it is ready, again and again. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN, .data = {.u32 = 77}}, told[4];
    int end[2], poller = SHOW(epoll_create1(EPOLL_CLOEXEC));
    pipe(end);
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_wait(poller, told, 4, 0));
    write(end[1], "x", 1);
    SHOW(epoll_wait(poller, told, 4, -1));
    printf("%x %u\n", told[0].events, told[0].data.u32);
    SHOW(epoll_wait(poller, told, 4, 0));
    wanted.events = 0;
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    SHOW(epoll_wait(poller, told, 4, 0));
    SHOW(epoll_ctl(poller, EPOLL_CTL_DEL, end[0], NULL));
    close(end[1]);
    SHOW(epoll_wait(poller, told, 4, 0));
    return 0;
}
