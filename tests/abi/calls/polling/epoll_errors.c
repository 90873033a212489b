// SPDX-License-Identifier: MIT
// Calls: epoll_ctl, epoll_create
/* What cannot be watched. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

int main(void) {
    struct epoll_event wanted = {.events = EPOLLIN}, told;
    int end[2], poller = SHOW(epoll_create(1)), file = file_of("file", "");
    pipe(end);
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, file, &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, poller, &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, 99, &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_MOD, end[0], &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_DEL, end[0], &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_ctl(poller, 9, end[0], &wanted));
    SHOW(epoll_ctl(file, EPOLL_CTL_ADD, end[0], &wanted));
    SHOW(epoll_ctl(poller, EPOLL_CTL_ADD, end[1], nowhere));
    SHOW(epoll_wait(poller, &told, 0, 0));
    SHOW(epoll_wait(poller, &told, -1, 0));
    SHOW(epoll_wait(file, &told, 1, 0));
    SHOW(syscall(SYS_epoll_create, 0));
    SHOW(epoll_create1(1));
    return 0;
}
