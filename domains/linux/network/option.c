// SPDX-License-Identifier: MIT
/*
 * Socket options. One that changes nothing here but is harmless to believe in (buffer sizes, priorities) is accepted; one
 * that a program would rely on is refused.
 */
#include "domains/linux/network/socket.h"

#include "domains/lib/clock.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/local/local.h"
#include "domains/linux/netlink/netlink.h"
#include "domains/linux/network/membership.h"
#include "kernel/abi/link.h"

#include <lwip/ip.h>
#include <lwip/raw.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#define BUFFER_BYTES    131072 /* what SO_SNDBUF and SO_RCVBUF say: twice lwIP's, as Linux counts */
#define MICROSECOND     1000u
#define MILLISECONDS    1000u
#define SECONDS_MOST    0x100000000 /* a timeout of more is none */
#define KEEP_MOST       32767       /* seconds, as on Linux */
#define KEEP_COUNT_MOST 127

static int32_t number_of(const void *value) {
    int32_t number;
    memcpy(&number, value, sizeof number);
    return number;
}

static void put_number(void *value, int32_t number) {
    memcpy(value, &number, sizeof number);
}

/* ---- SOL_SOCKET ---- */

static int set_flag(struct socket *socket, uint8_t flag, bool on) {
    struct ip_pcb *block = socket->block.ip;
    if (block == NULL)
        return 0;
    block->so_options = (u8_t)(on ? block->so_options | flag : block->so_options & ~flag);
    return 0;
}

static int32_t flag_of(const struct socket *socket, uint8_t flag) {
    return socket->block.ip != NULL && (socket->block.ip->so_options & flag) != 0;
}

/* struct timeval, with 32 or 64 bits each */
static int set_timeout(uint64_t *timeout, bool wide, const void *value, uint32_t bytes) {
    int32_t narrow[2];
    int64_t time[2];
    if (bytes < (wide ? sizeof time : sizeof narrow))
        return -EINVAL;
    memcpy(wide ? (void *)time : (void *)narrow, value, wide ? sizeof time : sizeof narrow);
    if (!wide) {
        time[0] = narrow[0];
        time[1] = narrow[1];
    }
    if (time[1] < 0 || time[1] >= 1000000)
        return -EDOM;
    if (time[0] >= SECONDS_MOST) {
        *timeout = 0;
        return 0;
    }
    *timeout = time[0] < 0 ? 1 : (uint64_t)time[0] * NANOSECONDS + (uint64_t)time[1] * MICROSECOND;
    return 0;
}

static int get_timeout(uint64_t timeout, bool wide, void *value, uint32_t *bytes) {
    uint32_t rest;
    uint64_t seconds = divide_u64(timeout, (uint32_t)NANOSECONDS, &rest);
    int64_t time[2] = {(int64_t)seconds, rest / MICROSECOND};
    int32_t narrow[2] = {(int32_t)time[0], (int32_t)time[1]};
    *bytes = wide ? sizeof time : sizeof narrow;
    memcpy(value, wide ? (void *)time : (void *)narrow, *bytes);
    return 0;
}

static int set_linger(struct socket *socket, const void *value, uint32_t bytes) {
    int32_t linger[2];
    if (bytes < sizeof linger)
        return -EINVAL;
    memcpy(linger, value, sizeof linger);
    socket->lingers = linger[0] != 0;
    socket->linger_seconds = (uint32_t)linger[1];
    return 0;
}

static int set_passed_credentials(struct socket *socket, bool on) {
    if (socket->local == NULL)
        return -EOPNOTSUPP;
    socket->local->wants_credentials = on;
    return 0;
}

static int get_peer_credentials(const struct socket *socket, void *value, uint32_t *bytes) {
    struct local_credentials nobody = {0, UINT32_MAX, UINT32_MAX};
    const struct local *local = socket->local;
    memcpy(value, local != NULL && local->has_peer ? &local->peer : &nobody, sizeof nobody);
    *bytes = sizeof nobody;
    return 0;
}

static int set_of_socket(struct socket *socket, uint32_t name, const void *value, uint32_t bytes) {
    if (name == SO_RCVTIMEO || name == SO_RCVTIMEO_WIDE)
        return set_timeout(&socket->receive_timeout, name == SO_RCVTIMEO_WIDE, value, bytes);
    if (name == SO_SNDTIMEO || name == SO_SNDTIMEO_WIDE)
        return set_timeout(&socket->send_timeout, name == SO_SNDTIMEO_WIDE, value, bytes);
    if (name == SO_LINGER)
        return set_linger(socket, value, bytes);
    if (name == SO_BINDTODEVICE)
        return 0; /* there is one device */
    if (bytes < sizeof(int32_t))
        return -EINVAL;
    switch (name) {
    case SO_REUSEADDR:
        return set_flag(socket, SOF_REUSEADDR, number_of(value) != 0);
    case SO_BROADCAST:
        return set_flag(socket, SOF_BROADCAST, number_of(value) != 0);
    case SO_KEEPALIVE:
        return set_flag(socket, SOF_KEEPALIVE, number_of(value) != 0);
    case SO_PASSCRED:
        return set_passed_credentials(socket, number_of(value) != 0);
    case SO_SNDBUF:
    case SO_RCVBUF:
    case SO_RCVLOWAT:
    case SO_PRIORITY:
    case SO_DONTROUTE:
    case SO_OOBINLINE:
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

static int get_of_socket(struct socket *socket, uint32_t name, void *value, uint32_t *bytes) {
    switch (name) {
    case SO_ERROR:
        put_number(value, -socket_take_error(socket));
        return 0;
    case SO_TYPE:
        put_number(value, (int32_t)socket->type);
        return 0;
    case SO_DOMAIN:
        put_number(value, (int32_t)socket->family);
        return 0;
    case SO_PROTOCOL:
        put_number(value, (int32_t)socket->protocol);
        return 0;
    case SO_ACCEPTCONN:
        put_number(value, socket->state == STREAM_LISTENS);
        return 0;
    case SO_REUSEADDR:
        put_number(value, flag_of(socket, SOF_REUSEADDR));
        return 0;
    case SO_BROADCAST:
        put_number(value, flag_of(socket, SOF_BROADCAST));
        return 0;
    case SO_KEEPALIVE:
        put_number(value, flag_of(socket, SOF_KEEPALIVE));
        return 0;
    case SO_PASSCRED:
        put_number(value, socket->local != NULL && socket->local->wants_credentials);
        return 0;
    case SO_PEERCRED:
        return get_peer_credentials(socket, value, bytes);
    case SO_SNDBUF:
    case SO_RCVBUF:
        put_number(value, BUFFER_BYTES);
        return 0;
    case SO_RCVLOWAT:
    case SO_SNDLOWAT:
        put_number(value, 1);
        return 0;
    case SO_LINGER:
        put_number(value, socket->lingers);
        put_number((uint8_t *)value + sizeof(int32_t), (int32_t)socket->linger_seconds);
        *bytes = 2 * sizeof(int32_t);
        return 0;
    case SO_RCVTIMEO:
    case SO_RCVTIMEO_WIDE:
        return get_timeout(socket->receive_timeout, name == SO_RCVTIMEO_WIDE, value, bytes);
    case SO_SNDTIMEO:
    case SO_SNDTIMEO_WIDE:
        return get_timeout(socket->send_timeout, name == SO_SNDTIMEO_WIDE, value, bytes);
    default:
        return -ENOPROTOOPT;
    }
}

/* ---- IP ---- */

static int set_header_included(struct socket *socket, bool on) {
    if (socket->type != SOCK_RAW || socket->family != AF_INET)
        return -ENOPROTOOPT;
    if (on)
        raw_set_flags(socket->block.raw, RAW_FLAGS_HDRINCL);
    else
        raw_clear_flags(socket->block.raw, RAW_FLAGS_HDRINCL);
    return 0;
}

static int set_of_ip(struct socket *socket, uint32_t name, const void *value, uint32_t bytes) {
    struct ip_pcb *block = socket->block.ip;
    int32_t number = bytes >= sizeof(int32_t) ? number_of(value) : *(const uint8_t *)value;
    if (bytes == 0)
        return -EINVAL;
    switch (name) {
    case IP_TOS:
    case IP_TTL:
        if (number < 0 || number > 255 || (name == IP_TTL && number == 0))
            return -EINVAL;
        if (block != NULL)
            *(name == IP_TOS ? &block->tos : &block->ttl) = (u8_t)number;
        return 0;
    case IP_HDRINCL:
        return set_header_included(socket, number != 0);
    case IP_ADD_MEMBERSHIP:
    case IP_DROP_MEMBERSHIP:
        return membership_set(socket, name == IP_ADD_MEMBERSHIP, value, bytes);
    case IP_MULTICAST_TTL:
        if (socket->type == SOCK_DGRAM && block != NULL)
            udp_set_multicast_ttl(socket->block.udp, (u8_t)number);
        return 0;
    case IP_MULTICAST_LOOP:
    case IP_MULTICAST_IF:
    case IP_MTU_DISCOVER:
    case IP_RECVERR:
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

static int get_of_ip(struct socket *socket, uint32_t name, void *value) {
    const struct ip_pcb *block = socket->block.ip;
    if (name == IP_HDRINCL && socket->type == SOCK_RAW) {
        put_number(value, raw_is_flag_set(socket->block.raw, RAW_FLAGS_HDRINCL) ? 1 : 0);
        return 0;
    }
    if ((name != IP_TOS && name != IP_TTL) || block == NULL)
        return -ENOPROTOOPT;
    put_number(value, name == IP_TOS ? block->tos : block->ttl);
    return 0;
}

static int set_of_ipv6(struct socket *socket, uint32_t name, const void *value, uint32_t bytes) {
    struct ip_pcb *block = socket->block.ip;
    if (bytes < sizeof(int32_t))
        return -EINVAL;
    switch (name) {
    case IPV6_V6ONLY:
        socket->only_ipv6 = number_of(value) != 0;
        return 0;
    case IPV6_UNICAST_HOPS:
        if (block != NULL && number_of(value) > 0)
            block->ttl = (u8_t)number_of(value);
        return 0;
    case IPV6_MULTICAST_HOPS:
    case IPV6_MULTICAST_IF:
    case IPV6_RECVPKTINFO:
    case IPV6_RECVHOPLIMIT:
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

/* ---- TCP ---- */

static int set_of_tcp(struct socket *socket, uint32_t name, const void *value, uint32_t bytes) {
    struct tcp_pcb *block = socket->block.tcp;
    if (bytes < sizeof(int32_t))
        return -EINVAL;
    int32_t number = number_of(value);
    if (block == NULL || socket->state == STREAM_LISTENS)
        return 0;
    switch (name) {
    case TCP_OPTION_NODELAY:
        if (number != 0)
            tcp_nagle_disable(block);
        else
            tcp_nagle_enable(block);
        return 0;
    case TCP_OPTION_KEEPIDLE:
        if (number < 1 || number > KEEP_MOST)
            return -EINVAL;
        block->keep_idle = (u32_t)number * MILLISECONDS;
        return 0;
    case TCP_OPTION_KEEPINTVL:
        if (number < 1 || number > KEEP_MOST)
            return -EINVAL;
        block->keep_intvl = (u32_t)number * MILLISECONDS;
        return 0;
    case TCP_OPTION_KEEPCNT:
        if (number < 1 || number > KEEP_COUNT_MOST)
            return -EINVAL;
        block->keep_cnt = (u32_t)number;
        return 0;
    case TCP_OPTION_CORK:
    case TCP_OPTION_MAXSEG:
    case TCP_OPTION_DEFER_ACCEPT:
    case TCP_OPTION_QUICKACK:
    case TCP_OPTION_USER_TIMEOUT:
    case TCP_OPTION_FASTOPEN:
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

static int get_of_tcp(struct socket *socket, uint32_t name, void *value) {
    const struct tcp_pcb *block = socket->state == STREAM_LISTENS ? NULL : socket->block.tcp;
    switch (name) {
    case TCP_OPTION_NODELAY:
        put_number(value, block != NULL && tcp_nagle_disabled(block));
        return 0;
    case TCP_OPTION_MAXSEG:
        put_number(value, block != NULL ? block->mss : TCP_MSS);
        return 0;
    case TCP_OPTION_KEEPIDLE:
        put_number(value, block != NULL ? (int32_t)(block->keep_idle / MILLISECONDS) : 0);
        return 0;
    case TCP_OPTION_KEEPINTVL:
        put_number(value, block != NULL ? (int32_t)(block->keep_intvl / MILLISECONDS) : 0);
        return 0;
    case TCP_OPTION_KEEPCNT:
        put_number(value, block != NULL ? (int32_t)block->keep_cnt : 0);
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

/* ---- All of them ---- */

static int set_filter(struct socket *socket, uint32_t name, const void *value, uint32_t bytes) {
    if (name != ICMP_FILTER || socket->type != SOCK_RAW)
        return -ENOPROTOOPT;
    if (bytes < sizeof(uint32_t))
        return -EINVAL;
    if (socket->protocol == PROTOCOL_ICMP)
        socket->filtered_types = (uint32_t)number_of(value);
    return 0;
}

/* ---- AF_VSOCK ---- */

static bool is_of_link(uint32_t name) {
    return name == VSOCK_BUFFER_SIZE || name == VSOCK_BUFFER_MIN_SIZE ||
           name == VSOCK_BUFFER_MAX_SIZE;
}

static int get_of_link(uint32_t name, void *value, uint32_t *bytes) {
    uint64_t size = LINK_BYTES; /* always */
    if (!is_of_link(name))
        return -ENOPROTOOPT;
    memcpy(value, &size, sizeof size);
    *bytes = sizeof size;
    return 0;
}

/* Options below SOL_SOCKET are lwIP's. */
static bool is_internet(const struct socket *socket) {
    return socket->family == AF_INET || socket->family == AF_INET6;
}

int option_set(struct socket *socket, uint32_t level, uint32_t name, const void *value,
               uint32_t bytes) {
    if (socket->family == AF_VSOCK && level != SOL_SOCKET)
        return level == AF_VSOCK && is_of_link(name) ? 0 : -ENOPROTOOPT;
    if (socket->family == AF_NETLINK && level == SOL_NETLINK)
        return bytes >= sizeof(int32_t) ? netlink_set_option(socket, name, number_of(value))
                                        : -EINVAL;
    if (level != SOL_SOCKET && !is_internet(socket))
        return -ENOPROTOOPT;
    switch (level) {
    case SOL_SOCKET:
        return set_of_socket(socket, name, value, bytes);
    case PROTOCOL_IP:
        return set_of_ip(socket, name, value, bytes);
    case PROTOCOL_IPV6:
        return set_of_ipv6(socket, name, value, bytes);
    case PROTOCOL_TCP:
        return socket->type == SOCK_STREAM ? set_of_tcp(socket, name, value, bytes) : -ENOPROTOOPT;
    case PROTOCOL_RAW:
    case PROTOCOL_ICMPV6:
        return set_filter(socket, name, value, bytes);
    default:
        return -ENOPROTOOPT;
    }
}

int option_get(struct socket *socket, uint32_t level, uint32_t name, void *value, uint32_t *bytes) {
    if (socket->family == AF_VSOCK && level != SOL_SOCKET)
        return level == AF_VSOCK ? get_of_link(name, value, bytes) : -ENOPROTOOPT;
    if (level != SOL_SOCKET && !is_internet(socket))
        return -ENOPROTOOPT;
    switch (level) {
    case SOL_SOCKET:
        return get_of_socket(socket, name, value, bytes);
    case PROTOCOL_IP:
        return get_of_ip(socket, name, value);
    case PROTOCOL_TCP:
        return socket->type == SOCK_STREAM ? get_of_tcp(socket, name, value) : -ENOPROTOOPT;
    default:
        return -EOPNOTSUPP;
    }
}
