// SPDX-License-Identifier: MIT
/*
 * AF_NETLINK: what rtnetlink tells of the loopback, by getifaddrs() and by hand, and how it refuses. Nothing is changed.
 */
#include "tests/abi/check.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#define SEQUENCE 7u

/* Of linux/netlink.h and linux/rtnetlink.h, which musl does not bring. */
enum { NETLINK_ROUTE = 0, NLM_F_REQUEST = 1, NLM_F_MULTI = 2, NLM_F_ACK = 4, NLM_F_DUMP = 0x300 };
enum { NLMSG_NOOP = 1, NLMSG_ERROR = 2, NLMSG_DONE = 3 };
enum { RTM_NEWLINK = 16, RTM_GETLINK = 18, RTM_NEWROUTE = 24, RTM_DELROUTE = 25 };
enum { RT_TABLE_MAIN = 254, RT_SCOPE_NOWHERE = 255 };

struct sockaddr_nl {
    unsigned short nl_family, nl_pad;
    unsigned nl_pid, nl_groups;
};

struct nlmsghdr {
    unsigned nlmsg_len;
    unsigned short nlmsg_type, nlmsg_flags;
    unsigned nlmsg_seq, nlmsg_pid;
};

struct nlmsgerr {
    int error;
    struct nlmsghdr msg;
};

struct rtgenmsg {
    unsigned char rtgen_family;
};

struct ifinfomsg {
    unsigned char ifi_family, ifi_pad;
    unsigned short ifi_type;
    int ifi_index;
    unsigned ifi_flags, ifi_change;
};

struct rtmsg {
    unsigned char rtm_family, rtm_dst_len, rtm_src_len, rtm_tos;
    unsigned char rtm_table, rtm_protocol, rtm_scope, rtm_type;
    unsigned rtm_flags;
};

static int route;

static void addresses_are_told(void) {
    struct ifaddrs *all, *one;
    int four = 0, six = 0;
    CHECK(getifaddrs(&all) == 0);
    for (one = all; one != NULL; one = one->ifa_next) {
        if (one->ifa_addr == NULL || strcmp(one->ifa_name, "lo") != 0)
            continue;
        if (one->ifa_addr->sa_family == AF_INET) {
            struct sockaddr_in *address = (void *)one->ifa_addr, *mask = (void *)one->ifa_netmask;
            four += address->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
            CHECK(mask->sin_addr.s_addr == htonl(0xFF000000));
            CHECK((one->ifa_flags & IFF_LOOPBACK) != 0);
        }
        if (one->ifa_addr->sa_family == AF_INET6)
            six += IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)(void *)one->ifa_addr)->sin6_addr);
    }
    CHECK(four == 1 && six <= 1);
    freeifaddrs(all);
}

/* ---- By hand ---- */

struct request {
    struct nlmsghdr header;
    union {
        struct rtgenmsg general;
        struct ifinfomsg link;
        struct rtmsg route;
    } body;
    char attributes[64];
};

static struct request request_of(unsigned short type, unsigned short flags, size_t body) {
    struct request request = {.header = {.nlmsg_len = (unsigned)(sizeof request.header + body),
                                         .nlmsg_type = type,
                                         .nlmsg_flags = NLM_F_REQUEST | flags,
                                         .nlmsg_seq = SEQUENCE}};
    return request;
}

static int ask(const struct request *request) {
    return (int)send(route, request, request->header.nlmsg_len, 0);
}

/* The errno of an answer that is an error or an acknowledgement; -1: it is none. */
static int error_told(const struct request *request) {
    char answer[4096];
    struct nlmsghdr header;
    struct nlmsgerr error;
    CHECK(ask(request) == (int)request->header.nlmsg_len);
    ssize_t bytes = recv(route, answer, sizeof answer, MSG_DONTWAIT);
    memcpy(&header, answer, sizeof header);
    if (bytes < (ssize_t)(sizeof header + sizeof error) || header.nlmsg_type != NLMSG_ERROR)
        return -1;
    memcpy(&error, answer + sizeof header, sizeof error);
    CHECK(header.nlmsg_seq == SEQUENCE && error.msg.nlmsg_type == request->header.nlmsg_type);
    return -error.error;
}

static void a_dump_has_an_end(void) {
    char answer[16384];
    struct sockaddr_nl from;
    socklen_t from_bytes = sizeof from;
    int links = 0, over = 0, right = 1;
    struct request request = request_of(RTM_GETLINK, NLM_F_DUMP, sizeof(struct rtgenmsg));
    CHECK(ask(&request) > 0);
    while (!over) {
        ssize_t bytes =
            recvfrom(route, answer, sizeof answer, MSG_DONTWAIT, (void *)&from, &from_bytes);
        CHECK(bytes > 0 && from_bytes == sizeof from && from.nl_pid == 0);
        if (bytes <= 0)
            return;
        struct nlmsghdr one;
        for (ssize_t at = 0; bytes - at >= (ssize_t)sizeof one; at += (one.nlmsg_len + 3) & ~3) {
            memcpy(&one, answer + at, sizeof one);
            right &= one.nlmsg_seq == SEQUENCE && (one.nlmsg_flags & NLM_F_MULTI) != 0;
            links += one.nlmsg_type == RTM_NEWLINK;
            over |= one.nlmsg_type == NLMSG_DONE;
            if (one.nlmsg_len < sizeof one)
                return;
        }
    }
    CHECK(right && links >= 1);
}

static void one_link_is_found(void) {
    char answer[4096];
    struct nlmsghdr *header = (void *)answer;
    struct ifinfomsg *link = (void *)(answer + sizeof *header);
    struct request request = request_of(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
    request.body.link.ifi_index = 1;
    CHECK(ask(&request) > 0 && recv(route, answer, sizeof answer, MSG_DONTWAIT) > 0);
    CHECK(header->nlmsg_type == RTM_NEWLINK && header->nlmsg_flags == 0);
    CHECK(link->ifi_index == 1 && link->ifi_type == 772 && (link->ifi_flags & IFF_LOOPBACK) != 0);
    request.body.link.ifi_index = 200;
    CHECK(error_told(&request) == ENODEV);
    request.body.link.ifi_index = 0x10001; /* not 1 */
    CHECK(error_told(&request) == ENODEV);
}

static void what_is_wrong_is_said(void) {
    struct sockaddr_nl elsewhere = {.nl_family = AF_NETLINK, .nl_pid = 0x7FFFFFF};
    struct request request = request_of(NLMSG_NOOP, NLM_F_ACK, 0);
    CHECK(error_told(&request) == 0);
    request = request_of(1000, 0, sizeof(struct rtgenmsg));
    CHECK(error_told(&request) == EOPNOTSUPP);
    request = request_of(RTM_NEWROUTE, NLM_F_ACK, 4); /* no whole body */
    request.body.route.rtm_family = AF_INET;
    CHECK(error_told(&request) == EINVAL);
    request = request_of(RTM_DELROUTE, NLM_F_ACK, sizeof(struct rtmsg));
    request.body.route = (struct rtmsg){.rtm_family = AF_INET,
                                        .rtm_dst_len = 24,
                                        .rtm_table = RT_TABLE_MAIN,
                                        .rtm_scope = RT_SCOPE_NOWHERE};
    CHECK(error_told(&request) == ESRCH);
    request.header.nlmsg_len = 3; /* shorter than itself */
    CHECK(send(route, &request, 16, 0) == 16);
    char byte;
    CHECK(fails_with(recv(route, &byte, 1, MSG_DONTWAIT), EAGAIN));
    CHECK(fails_with(sendto(route, &request, 16, 0, (void *)&elsewhere, sizeof elsewhere),
                     ECONNREFUSED));
    CHECK(fails_with(socket(AF_NETLINK, SOCK_STREAM, 0), ESOCKTNOSUPPORT));
    CHECK(fails_with(socket(AF_NETLINK, SOCK_RAW, 77), EPROTONOSUPPORT));
    CHECK(fails_with(listen(route, 1), EOPNOTSUPP));
}

static void others_than_root_only_ask(void) {
    struct request request = request_of(RTM_NEWLINK, NLM_F_ACK, sizeof(struct ifinfomsg));
    request.body.link.ifi_index = 1;
    setuid(1000);
    route = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (error_told(&request) != EPERM)
        _exit(1);
    request = request_of(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
    request.body.link.ifi_index = 1;
    if (error_told(&request) != -1)
        _exit(2);
    _exit(fails_with(socket(AF_PACKET, SOCK_RAW, 0), EPERM) ? 0 : 3);
}

static void ports_are_chosen(void) {
    struct sockaddr_nl name, other;
    socklen_t bytes = sizeof name;
    int second = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE);
    CHECK(getsockname(route, (void *)&name, &bytes) == 0 && bytes == sizeof name);
    CHECK(name.nl_pid == (unsigned)getpid() && name.nl_groups == 0);
    CHECK(fails_with(bind(second, (void *)&name, sizeof name), EADDRINUSE));
    name.nl_pid = 0;
    CHECK(bind(second, (void *)&name, sizeof name) == 0);
    CHECK(getsockname(second, (void *)&other, &bytes) == 0 && other.nl_pid != 0);
    CHECK(other.nl_pid != (unsigned)getpid());
    close(second);
}

int main(void) {
    struct sockaddr_nl any = {.nl_family = AF_NETLINK};
    addresses_are_told();
    route = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    CHECK(route >= 0 && bind(route, (void *)&any, sizeof any) == 0);
    ports_are_chosen();
    a_dump_has_an_end();
    one_link_is_found();
    what_is_wrong_is_said();
    CHECK(status_of(others_than_root_only_ask) == 0);
    CHECK(if_nametoindex("lo") == 1 && if_nametoindex("nothing") == 0);
    return verdict();
}
