// SPDX-License-Identifier: MIT
// Calls: epoll_pwait (epoll_wait)
/* A server's life as epoll tells it. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static int poller;

static unsigned look(void) {
    struct epoll_event told = {0};
    int count = epoll_wait(poller, &told, 1, 100);
    if (count < 0)
        SHOW(epoll_wait(poller, &told, 1, 0));
    return count == 1 ? told.events : 0;
}

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLRDHUP};
    char byte;
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    poller = epoll_create1(0);
    bind(server, (struct sockaddr *)&place, sizeof place);
    getsockname(server, (struct sockaddr *)&place, &length);
    listen(server, 1);
    epoll_ctl(poller, EPOLL_CTL_ADD, server, &wanted);
    SHOW(look());
    connect(client, (struct sockaddr *)&place, sizeof place);
    SHOW(look());
    int peer = accept(server, NULL, NULL);
    epoll_ctl(poller, EPOLL_CTL_DEL, server, NULL);
    epoll_ctl(poller, EPOLL_CTL_ADD, peer, &wanted);
    SHOW(look());
    write(client, "x", 1);
    SHOW(look());
    read(peer, &byte, 1);
    SHOW(look());
    close(client);
    SHOW(look());
    return 0;
}
