// SPDX-License-Identifier: MIT
// Calls: connect (socketcall), getsockopt (socketcall), poll
/* A refusal is told once, before what has come, to the socket that is connected; also of IPv6. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

static int error_of(int one) {
    int error = -1;
    getsockopt(one, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
    return error;
}

static int events_of(int one) {
    struct pollfd entry = {.fd = one, .events = POLLIN};
    poll(&entry, 1, 0);
    return entry.revents;
}

static void show_refusals(int family, const struct sockaddr *place, socklen_t bytes) {
    char byte;
    int one = socket(family, SOCK_DGRAM, 0);
    /* who is not connected does not hear of it */
    SHOW(sendto(one, "x", 1, 0, place, bytes));
    SHOW(error_of(one));
    SHOW(connect(one, place, bytes));
    SHOW(send(one, "x", 1, 0));
    SHOW(events_of(one));
    SHOW(error_of(one));
    SHOW(error_of(one));
    SHOW(events_of(one));
    SHOW(send(one, "x", 1, 0));
    SHOW(send(one, "x", 1, 0));
    SHOW(send(one, "x", 1, 0));
    SHOW(recv(one, &byte, 1, 0));
    SHOW(recv(one, &byte, 1, MSG_DONTWAIT));
    close(one);
}

/* A peer that was there, has sent something, and is gone. */
static void show_order(void) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof name;
    int one = socket(AF_INET, SOCK_DGRAM, 0), other = socket(AF_INET, SOCK_DGRAM, 0);
    char text[8];
    bind(one, (struct sockaddr *)&name, bytes);
    bind(other, (struct sockaddr *)&name, bytes);
    getsockname(other, (struct sockaddr *)&name, &bytes);
    connect(one, (struct sockaddr *)&name, bytes);
    getsockname(one, (struct sockaddr *)&name, &bytes);
    SHOW(sendto(other, "came", 4, 0, (struct sockaddr *)&name, bytes));
    close(other);
    SHOW(send(one, "x", 1, 0));
    SHOW(recv(one, text, sizeof text, 0));
    SHOW(recv(one, text, sizeof text, 0));
}

int main(void) {
    struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons(1), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    show_refusals(AF_INET, (struct sockaddr *)&four, sizeof four);
    show_refusals(AF_INET6, (struct sockaddr *)&six, sizeof six);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &six.sin6_addr);
    show_refusals(AF_INET6, (struct sockaddr *)&six, sizeof six);
    show_order();
    return 0;
}
