// SPDX-License-Identifier: MIT
// Calls: poll, epoll_ctl, epoll_pwait (epoll_wait), _newselect
/* Sets and events that are nowhere. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    int end[2], poller = epoll_create1(0);
    struct epoll_event wanted = {.events = EPOLLIN};
    pipe(end);
    write(end[1], "x", 1);
    SHOW(syscall(SYS_poll, nowhere, 1, 0));
    SHOW(syscall(SYS_poll, (void *)0xfffffff0, 4, 0));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], nowhere));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_wait(poller, nowhere, 1, 0));
    SHOW(epoll_wait(poller, nowhere, 0x7fffffff, 0));
    SHOW(syscall(SYS__newselect, 1, NULL, NULL, NULL, nowhere));
    SHOW(syscall(SYS__newselect, 100, NULL, nowhere, NULL, NULL));
    return 0;
}
