// SPDX-License-Identifier: MIT
// Calls: connect (socketcall), getsockopt (socketcall)
/* A connection without waiting: poll says when, SO_ERROR says how, unless connect() knew at once. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

static void try(const char *name, struct sockaddr_in *place) {
    int error = -1, client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    socklen_t length = sizeof error;
    struct pollfd look = {client, POLLOUT, 0};
    int at_once = connect(client, (struct sockaddr *)place, sizeof *place) == 0 ? 0 : errno;
    SHOW(poll(&look, 1, 2000));
    SHOW((look.revents & POLLOUT) != 0);
    SHOW(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length));
    printf("%s: %s\n", name, strerror(at_once == 0 || at_once == EINPROGRESS ? error : at_once));
    close(client);
}

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&place, sizeof place);
    getsockname(server, (struct sockaddr *)&place, &length);
    listen(server, 1);
    try("somebody listens", &place);
    place.sin_port = htons(1);
    try("nobody listens", &place);
    return 0;
}
