// SPDX-License-Identifier: MIT
/*
 * Beside a card, as root: who sees a frame that AF_PACKET sends, and an address with more bits than it has. Needs a card that is up.
 */
#include "tests/abi/check.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define ALL_FRAMES 3      /* ETH_P_ALL */
#define OURS       0x88B5 /* an Ethernet type for experiments */
#define OUTGOING   4      /* PACKET_OUTGOING */
#define FRAMES     1000   /* of others, that may be in between */

struct sockaddr_ll {
    uint16_t family, protocol;
    int index;
    uint16_t hardware;
    uint8_t type, bytes, address[8];
};

static int card; /* its index */

static int is_up_card(const char *name) {
    struct ifreq request = {0};
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    int error = ioctl(one, SIOCGIFFLAGS, &request);
    close(one);
    return error == 0 && (request.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == IFF_UP;
}

static int find_card(void) {
    struct if_nameindex *all = if_nameindex();
    int found = 0;
    for (struct if_nameindex *one = all; found == 0 && one != NULL && one->if_index != 0; one++)
        if (is_up_card(one->if_name))
            found = (int)one->if_index;
    if_freenameindex(all);
    return found;
}

static int frames_of(uint16_t protocol) {
    struct sockaddr_ll name = {.family = AF_PACKET, .protocol = htons(protocol), .index = card};
    int one = socket(AF_PACKET, SOCK_RAW, htons(protocol));
    CHECK(one >= 0 && bind(one, (void *)&name, sizeof name) == 0);
    return one;
}

/* How many of ours have come, and as what. */
static int ours_at(int one, int *type) {
    unsigned char frame[2048];
    int count = 0;
    for (int n = 0; n < FRAMES; n++) {
        struct sockaddr_ll from;
        socklen_t bytes = sizeof from;
        if (recvfrom(one, frame, sizeof frame, MSG_DONTWAIT, (void *)&from, &bytes) < 0)
            break;
        if (frame[12] != OURS >> 8 || frame[13] != (OURS & 0xFF))
            continue;
        *type = from.type;
        count++;
    }
    return count;
}

static void who_sends_does_not_see_it(void) {
    unsigned char frame[64] = {2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 1, OURS >> 8, OURS & 0xFF};
    int type = -1, sender = frames_of(ALL_FRAMES), other = frames_of(ALL_FRAMES);
    int narrow = frames_of(OURS);
    CHECK(send(sender, frame, sizeof frame, 0) == sizeof frame);
    usleep(20000);
    CHECK(ours_at(other, &type) == 1 && type == OUTGOING);
    CHECK(ours_at(sender, &type) == 0);
    CHECK(ours_at(narrow, &type) == 0);
    CHECK(send(narrow, frame, sizeof frame, 0) == sizeof frame);
    usleep(20000);
    CHECK(ours_at(sender, &type) == 1 && type == OUTGOING);
    CHECK(ours_at(other, &type) == 1);
    close(sender);
    close(other);
    close(narrow);
}

struct request { /* struct nlmsghdr, struct ifaddrmsg, and an attribute */
    uint32_t bytes;
    uint16_t type, flags;
    uint32_t sequence, port;
    uint8_t family, prefix, address_flags, scope;
    uint32_t index;
    uint16_t attribute_bytes, attribute;
    uint32_t address;
};

static int error_of_prefix(uint8_t prefix) {
    struct request request = {.bytes = sizeof request,
                              .type = 20, /* RTM_NEWADDR */
                              .flags = 5, /* NLM_F_REQUEST | NLM_F_ACK */
                              .family = AF_INET,
                              .prefix = prefix,
                              .index = (uint32_t)card,
                              .attribute_bytes = 8,
                              .attribute = 2, /* IFA_LOCAL */
                              .address = htonl(0x0A090807)};
    struct {
        uint32_t bytes;
        uint16_t type, flags;
        uint32_t sequence, port;
        int error;
        char rest[1024];
    } answer = {0};
    int one = socket(AF_NETLINK, SOCK_RAW, 0);
    CHECK(send(one, &request, sizeof request, 0) == sizeof request);
    CHECK(recv(one, &answer, sizeof answer, 0) > 0 && answer.type == 2);
    close(one);
    return -answer.error;
}

static void prefixes_have_an_end(void) {
    CHECK(error_of_prefix(33) == EINVAL);
    CHECK(error_of_prefix(255) == EINVAL);
}

int main(void) {
    card = find_card();
    CHECK(card > 0);
    who_sends_does_not_see_it();
    prefixes_have_an_end();
    return verdict();
}
