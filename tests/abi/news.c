// SPDX-License-Identifier: MIT
/*
 * rtnetlink's news of addresses and routes: who is in their groups hears of each change, and of nothing else. This needs a card, eth0, and
 * takes its address for a while.
 */
#include "tests/abi/check.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define PATIENCE 5000 /* ms: a new address of IPv6 is probed */
#define PREFIX6  64

/* Of linux/netlink.h and linux/rtnetlink.h, which musl does not bring. */
enum { NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_CREATE = 0x400 };
enum { NLMSG_ERROR = 2 };
enum { RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_NEWROUTE = 24, RTM_DELROUTE = 25 };
enum { IFA_LOCAL = 2 };
enum { LINK = 1, ADDRESS4 = 5, ROUTE4 = 7, ADDRESS6 = 9, ROUTE6 = 11 };

struct netlink_name {
    unsigned short family, zero;
    unsigned port, groups;
};

struct header {
    unsigned bytes;
    unsigned short type, flags;
    unsigned sequence, port;
};

struct address {
    struct header header;
    unsigned char family, prefix, flags, scope;
    unsigned index;
    unsigned short attribute_bytes, attribute;
    unsigned char bytes[16];
};

static int in_group(int group) {
    struct netlink_name name = {.family = AF_NETLINK, .groups = 1u << (group - 1)};
    int one = socket(AF_NETLINK, SOCK_RAW, 0);
    CHECK(bind(one, (void *)&name, sizeof name) == 0);
    return one;
}

/* The type of the next message in which these bytes are, within so many milliseconds; 0: there is none, or it answers somebody. A router
 * may give addresses meanwhile, which are told, too. */
static int next_about(int one, const void *bytes, size_t count, int patience) {
    union {
        struct header header;
        char bytes[4096];
    } news;
    struct pollfd entry = {.fd = one, .events = POLLIN};
    ssize_t got;
    do {
        if (poll(&entry, 1, patience) != 1 || (got = recv(one, &news, sizeof news, 0)) <= 0)
            return 0;
    } while (memmem(&news, (size_t)got, bytes, count) == NULL);
    return news.header.sequence == 0 && news.header.port == 0 ? news.header.type : 0;
}

static int hears(int one, int type) {
    return next_about(one, "", 0, PATIENCE) == type;
}

static int hears_nothing(int one) {
    return next_about(one, "", 0, 0) == 0;
}

/* Adds or deletes an address of eth0. */
static int change6(int type, const char *text) {
    struct address request = {.header = {.bytes = sizeof request,
                                         .type = (unsigned short)type,
                                         .flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
                              .family = AF_INET6,
                              .prefix = PREFIX6,
                              .index = if_nametoindex("eth0"),
                              .attribute_bytes = 20,
                              .attribute = IFA_LOCAL};
    struct {
        struct header header;
        int error;
        char rest[200];
    } answer;
    int one = socket(AF_NETLINK, SOCK_RAW, 0);
    inet_pton(AF_INET6, text, request.bytes);
    int good = send(one, &request, sizeof request, 0) == sizeof request &&
               recv(one, &answer, sizeof answer, 0) > 0 && answer.header.type == NLMSG_ERROR &&
               answer.error == 0;
    close(one);
    return good;
}

static void addresses_of_ipv6_are_told(void) {
    int addresses = in_group(ADDRESS6), routes = in_group(ROUTE6), others = in_group(ADDRESS4);
    static const char net[8] = {(char)0xFD};
    CHECK(change6(RTM_NEWADDR, "fd00::77"));
    CHECK(next_about(addresses, net, 8, PATIENCE) == RTM_NEWADDR); /* tentative */
    CHECK(next_about(addresses, net, 8, PATIENCE) == RTM_NEWADDR); /* nobody else has it */
    CHECK(next_about(routes, net, 8, PATIENCE) == RTM_NEWROUTE);
    CHECK(change6(RTM_DELADDR, "fd00::77"));
    CHECK(next_about(addresses, net, 8, PATIENCE) == RTM_DELADDR);
    CHECK(next_about(routes, net, 8, PATIENCE) == RTM_DELROUTE);
    CHECK(next_about(addresses, net, 8, 0) == 0 && next_about(routes, net, 8, 0) == 0);
    CHECK(hears_nothing(others));
    close(addresses);
    close(routes);
    close(others);
}

static int change4(unsigned long which, const char *text) {
    struct ifreq request = {.ifr_name = "eth0"};
    struct sockaddr_in *address = (void *)&request.ifr_addr;
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    address->sin_family = AF_INET;
    inet_pton(AF_INET, text, &address->sin_addr);
    int result = ioctl(any, (int)which, &request);
    close(any);
    return result;
}

/* Also those that are made without rtnetlink: the old one goes, the new one comes. */
static void addresses_of_ipv4_are_told(const char *own, const char *other) {
    int addresses = in_group(ADDRESS4), routes = in_group(ROUTE4);
    CHECK(change4(SIOCSIFADDR, other) == 0);
    CHECK(hears(addresses, RTM_DELADDR) && hears(addresses, RTM_NEWADDR));
    CHECK(hears(routes, RTM_DELROUTE) && hears(routes, RTM_NEWROUTE));
    CHECK(change4(SIOCSIFADDR, other) == 0); /* it has it already */
    CHECK(hears_nothing(addresses) && hears_nothing(routes));
    CHECK(change4(SIOCSIFADDR, own) == 0);
    CHECK(hears(addresses, RTM_DELADDR) && hears(addresses, RTM_NEWADDR));
    close(addresses);
    close(routes);
}

/* Who does not read loses some, and is told so. */
static void what_is_lost_is_told(void) {
    int links = in_group(LINK), count = 0;
    struct ifreq request = {.ifr_name = "eth0"};
    char news[4096];
    for (int n = 0; n < 1000; n++) {
        request.ifr_flags = n % 2 == 0 ? 0 : IFF_UP;
        CHECK(ioctl(links, SIOCSIFFLAGS, &request) == 0);
    }
    CHECK(fails_with(recv(links, news, sizeof news, 0), ENOBUFS));
    while (recv(links, news, sizeof news, MSG_DONTWAIT) > 0)
        count++;
    CHECK(count > 10 && count < 1000);
    close(links);
}

int main(int count, char **arguments) {
    CHECK(count == 3);
    addresses_of_ipv6_are_told();
    addresses_of_ipv4_are_told(arguments[1], arguments[2]);
    what_is_lost_is_told();
    return verdict();
}
