// SPDX-License-Identifier: MIT
/*
 * Multicast groups: a socket joins so many and no more, none twice, and leaves them when it is closed. This needs a card.
 */
#include "tests/abi/check.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#define MOST 20 /* Linux's igmp_max_memberships */

static int change(int socket, int operation, uint32_t number) {
    struct ip_mreq group = {{htonl(0xE0000100 + number)}, {htonl(INADDR_ANY)}};
    return setsockopt(socket, IPPROTO_IP, operation, &group, sizeof group);
}

static int open_socket(void) {
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(one >= 0);
    return one;
}

static void a_socket_has_so_many(void) {
    int one = open_socket();
    for (uint32_t n = 0; n < MOST; n++)
        CHECK(change(one, IP_ADD_MEMBERSHIP, n) == 0);
    CHECK(fails_with(change(one, IP_ADD_MEMBERSHIP, MOST), ENOBUFS));
    CHECK(fails_with(change(one, IP_ADD_MEMBERSHIP, 0), EADDRINUSE));
    CHECK(change(one, IP_DROP_MEMBERSHIP, 0) == 0);
    CHECK(fails_with(change(one, IP_DROP_MEMBERSHIP, 0), EADDRNOTAVAIL));
    CHECK(change(one, IP_ADD_MEMBERSHIP, MOST) == 0);
    close(one);
}

/* They are each socket's own. */
static void another_socket_has_its_own(void) {
    int one = open_socket(), other = open_socket();
    CHECK(change(one, IP_ADD_MEMBERSHIP, 0) == 0 && change(other, IP_ADD_MEMBERSHIP, 0) == 0);
    CHECK(change(one, IP_DROP_MEMBERSHIP, 0) == 0);
    CHECK(change(other, IP_DROP_MEMBERSHIP, 0) == 0);
    close(one);
    close(other);
}

int main(void) {
    for (int round = 0; round < 3; round++)
        a_socket_has_so_many();
    another_socket_has_its_own();
    return verdict();
}
