// SPDX-License-Identifier: MIT
/*
 * Datagrams to another machine, where nobody takes them: it says so, and the connected socket hears of it.
 *
 *     refused ADDRESS…     of IPv4 or IPv6, with %interface where that is needed
 */
#include "tests/abi/check.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#define PATIENCE 3000 /* ms */

static void is_refused(const char *address) {
    const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *place;
    char byte;
    CHECK(getaddrinfo(address, "9", &wanted, &place) == 0);
    int one = socket(place->ai_family, SOCK_DGRAM, 0);
    struct pollfd entry = {.fd = one};
    CHECK(connect(one, place->ai_addr, place->ai_addrlen) == 0);
    CHECK(send(one, "x", 1, 0) == 1);
    CHECK(poll(&entry, 1, PATIENCE) == 1 && entry.revents == POLLERR);
    CHECK(fails_with((int)recv(one, &byte, 1, MSG_DONTWAIT), ECONNREFUSED));
    CHECK(fails_with((int)recv(one, &byte, 1, MSG_DONTWAIT), EAGAIN));
    freeaddrinfo(place);
    close(one);
}

int main(int count, char **arguments) {
    CHECK(count > 1);
    for (int n = 1; n < count; n++)
        is_refused(arguments[n]);
    return verdict();
}
