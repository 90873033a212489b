// SPDX-License-Identifier: MIT
// Calls: bind (socketcall), setsockopt (socketcall), getsockname (socketcall), recvfrom (socketcall)
/* Who is in a group of rtnetlink hears that an interface goes down and up. */
#include "tests/abi/calls/show.h"

#include <net/if.h>
#include <sys/socket.h>

/* Of linux/netlink.h and linux/rtnetlink.h, which musl does not bring. */
enum { ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP, SOL_NETLINK_LEVEL = 270 };
enum { GROUP_LINK = 1, GROUP_ADDRESS4 = 5 };
enum { NEW_LINK = 16 };

struct netlink_name {
    unsigned short family, zero;
    unsigned port, groups;
};

struct news {
    unsigned bytes;
    unsigned short type, flags;
    unsigned sequence, port;
    unsigned char family, padding;
    unsigned short hardware;
    int index;
    unsigned interface_flags, change;
    char rest[4000];
};

static int join(int one, int operation, int group) {
    return setsockopt(one, SOL_NETLINK_LEVEL, operation, &group, sizeof group);
}

static void set_up(int up) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = (short)(up ? IFF_UP | IFF_RUNNING : 0)};
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(ioctl(any, SIOCSIFFLAGS, &request));
    close(any);
}

/* What has come, as far as it tells something else than what came before it. */
static void show_news(const char *whose, int one) {
    struct news news;
    struct netlink_name from = {0};
    socklen_t bytes = sizeof from;
    int before = -1;
    while (recvfrom(one, &news, sizeof news, MSG_DONTWAIT, (void *)&from, &bytes) > 0) {
        int now = news.type == NEW_LINK && (news.interface_flags & IFF_UP) != 0;
        if (now != before)
            printf("%s hears of type %d, interface %d, %s; from %u to groups %#x\n", whose,
                   news.type, news.index, now ? "up" : "down", from.port, from.groups);
        before = now;
    }
    printf("%s: %s\n", whose, strerror(errno));
}

int main(void) {
    struct netlink_name name = {.family = AF_NETLINK, .groups = 1u << (GROUP_LINK - 1)};
    socklen_t bytes = sizeof name;
    int bound = socket(AF_NETLINK, SOCK_RAW, 0), joined = socket(AF_NETLINK, SOCK_RAW, 0);
    int unbound = socket(AF_NETLINK, SOCK_RAW, 0);
    int other = socket(AF_NETLINK, SOCK_RAW, 0), none = socket(AF_NETLINK, SOCK_RAW, 0);
    SHOW(bind(bound, (void *)&name, sizeof name));
    name.groups = 0;
    SHOW(bind(joined, (void *)&name, sizeof name));
    SHOW(join(joined, ADD_MEMBERSHIP, GROUP_LINK));
    SHOW(join(unbound, ADD_MEMBERSHIP, GROUP_LINK));
    SHOW(join(other, ADD_MEMBERSHIP, GROUP_ADDRESS4));
    SHOW(join(none, ADD_MEMBERSHIP, 0));
    SHOW(join(none, ADD_MEMBERSHIP, 1000));
    SHOW(getsockname(bound, (void *)&name, &bytes));
    printf("groups %#x\n", name.groups);
    set_up(0);
    show_news("bound", bound);
    show_news("joined", joined);
    show_news("unbound", unbound);
    SHOW(join(joined, DROP_MEMBERSHIP, GROUP_LINK));
    set_up(1);
    show_news("bound", bound);
    show_news("joined", joined);
    show_news("none", none);
    name = (struct netlink_name){.family = AF_NETLINK};
    SHOW(bind(bound, (void *)&name, sizeof name));
    return 0;
}
