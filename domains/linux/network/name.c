// SPDX-License-Identifier: MIT
#include "domains/linux/network/name.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/local/name.h"

#include <lwip/def.h>
#include <lwip/inet.h>
#include <lwip/netif.h>

#include <stddef.h>

struct name4 { /* struct sockaddr_in */
    uint16_t family, port;
    uint32_t address;
    uint8_t zero[8];
};

struct name6 { /* struct sockaddr_in6 */
    uint16_t family, port;
    uint32_t flow;
    uint32_t address[4];
    uint32_t scope;
};

struct context_name { /* struct sockaddr_vm */
    uint16_t family, reserved;
    uint32_t port, context;
    uint8_t flags, zero[3];
};

struct packet_name { /* struct sockaddr_ll */
    uint16_t family, protocol;
    uint32_t interface;
    uint16_t hardware_type;
    uint8_t packet_type, count;
    uint8_t bytes[8];
};

struct netlink_name { /* struct sockaddr_nl */
    uint16_t family, zero;
    uint32_t port, groups;
};

struct path_name { /* struct sockaddr_un */
    uint16_t family;
    char path[LOCAL_NAME_MOST + 1]; /* one more for the NUL that a full one has at its end */
};

#define HARDWARE_ETHERNET 1u /* ARPHRD_ETHER */

#define NAME6_OLD 24u /* without the scope */

union name {
    uint16_t family;
    struct name4 four;
    struct name6 six;
    struct context_name context;
    struct packet_name packet;
    struct netlink_name netlink;
    struct path_name path;
};

static void read4(const struct name4 *from, struct endpoint *name) {
    ip_addr_set_ip4_u32(&name->address, from->address);
    name->port = lwip_ntohs(from->port);
}

static bool is_mapped(const uint32_t address[4]) {
    return address[0] == 0 && address[1] == 0 && address[2] == lwip_htonl(0xFFFF);
}

/* ::ffff:a.b.c.d is IPv4's a.b.c.d. */
static void read6(const struct name6 *from, struct endpoint *name) {
    name->port = lwip_ntohs(from->port);
    if (is_mapped(from->address)) {
        ip_addr_set_ip4_u32(&name->address, from->address[3]);
        return;
    }
    IP_ADDR6(&name->address, from->address[0], from->address[1], from->address[2],
             from->address[3]);
    ip6_addr_t *address = ip_2_ip6(&name->address);
    if (from->scope != 0 && ip6_addr_has_scope(address, IP6_UNKNOWN))
        ip6_addr_set_zone(address, (u8_t)from->scope);
    else
        ip6_addr_clear_zone(address);
}

static int read_context(const struct context_name *from, uint32_t bytes, struct endpoint *name) {
    if (bytes < sizeof *from)
        return -EINVAL;
    name->port = from->port;
    name->context = from->context;
    return 0;
}

static int read_packet(const struct packet_name *from, uint32_t bytes, struct endpoint *name) {
    if (bytes < offsetof(struct packet_name, bytes) || from->count > sizeof from->bytes ||
        bytes < offsetof(struct packet_name, bytes) + from->count)
        return -EINVAL;
    *name = (struct endpoint){.context = from->interface,
                              .port = lwip_ntohs(from->protocol),
                              .hardware = {.count = from->count}};
    memcpy(name->hardware.bytes, from->bytes, from->count);
    return 0;
}

static int read_netlink(const struct netlink_name *from, uint32_t bytes, struct endpoint *name) {
    if (bytes < sizeof *from)
        return -EINVAL;
    *name = (struct endpoint){.context = from->groups, .port = from->port};
    return 0;
}

static int read_path(const struct path_name *from, uint32_t bytes, struct endpoint *name) {
    uint32_t length = bytes - (uint32_t)offsetof(struct path_name, path);
    if (length > LOCAL_NAME_MOST)
        return -EINVAL;
    *name = (struct endpoint){.local = local_name_make(from->path, length)};
    return name->local != NULL ? 0 : -ENOMEM;
}

static bool is_internet(const struct socket *socket) {
    return socket->family == AF_INET || socket->family == AF_INET6;
}

/* Of the families that take no other one's names. */
static int read_own(const union name *from, uint32_t bytes, struct endpoint *name) {
    if (from->family == AF_VSOCK)
        return read_context(&from->context, bytes, name);
    if (from->family == AF_UNIX)
        return read_path(&from->path, bytes, name);
    if (from->family == AF_PACKET)
        return read_packet(&from->packet, bytes, name);
    return read_netlink(&from->netlink, bytes, name);
}

int name_read(const struct socket *socket, uint32_t user, uint32_t bytes, struct endpoint *name) {
    union name from = {0};
    if (bytes > NAME_BYTES_MOST || bytes < sizeof from.family)
        return -EINVAL;
    if (copy_in(&from, user, bytes < sizeof from ? bytes : sizeof from) != 0)
        return -EFAULT;
    if (from.family == AF_UNSPEC)
        return 1;
    if (!is_internet(socket))
        return from.family == socket->family ? read_own(&from, bytes, name)
               : socket->family == AF_UNIX   ? -EINVAL
                                             : -EAFNOSUPPORT;
    if (from.family != socket->family && from.family != AF_INET)
        return -EAFNOSUPPORT;
    if (bytes < (from.family == AF_INET ? sizeof from.four : NAME6_OLD))
        return -EINVAL;
    if (from.family == AF_INET)
        read4(&from.four, name);
    else
        read6(&from.six, name);
    return 0;
}

static uint32_t fill4(const struct endpoint *name, struct name4 *to) {
    to->family = AF_INET;
    to->port = lwip_htons((u16_t)name->port);
    to->address = IP_IS_V4(&name->address) ? ip_addr_get_ip4_u32(&name->address) : 0;
    return sizeof *to;
}

static uint32_t fill6(const struct endpoint *name, struct name6 *to) {
    to->family = AF_INET6;
    to->port = lwip_htons((u16_t)name->port);
    if (IP_IS_V6(&name->address)) {
        memcpy(to->address, ip_2_ip6(&name->address)->addr, sizeof to->address);
        to->scope = ip6_addr_zone(ip_2_ip6(&name->address));
    } else if (IP_IS_V4_VAL(name->address) && !ip_addr_isany_val(name->address)) {
        to->address[2] = lwip_htonl(0xFFFF);
        to->address[3] = ip_addr_get_ip4_u32(&name->address);
    }
    return sizeof *to;
}

static uint32_t fill_context(const struct endpoint *name, struct context_name *to) {
    *to = (struct context_name){.family = AF_VSOCK, .port = name->port, .context = name->context};
    return sizeof *to;
}

static uint32_t fill_packet(const struct endpoint *name, struct packet_name *to) {
    *to = (struct packet_name){.family = AF_PACKET,
                               .protocol = lwip_htons((u16_t)name->port),
                               .interface = name->context,
                               .hardware_type = name->hardware.count != 0 ? HARDWARE_ETHERNET : 0,
                               .packet_type = name->hardware.packet_type,
                               .count = name->hardware.count};
    memcpy(to->bytes, name->hardware.bytes, sizeof to->bytes);
    return sizeof *to;
}

static uint32_t fill_netlink(const struct endpoint *name, struct netlink_name *to) {
    *to = (struct netlink_name){.family = AF_NETLINK, .port = name->port, .groups = name->context};
    return sizeof *to;
}

static uint32_t fill_path(const struct endpoint *name, struct path_name *to) {
    if (name->local == NULL && name->context != 0)
        return 0;
    to->family = AF_UNIX;
    uint32_t bytes = name->local != NULL ? name->local->bytes : 0;
    if (bytes > 0)
        memcpy(to->path, name->local->text, bytes);
    return (uint32_t)offsetof(struct path_name, path) + bytes;
}

static uint32_t fill(const struct socket *socket, const struct endpoint *name, union name *to) {
    if (socket->family == AF_UNIX)
        return fill_path(name, &to->path);
    if (socket->family == AF_VSOCK)
        return fill_context(name, &to->context);
    if (socket->family == AF_PACKET)
        return fill_packet(name, &to->packet);
    if (socket->family == AF_NETLINK)
        return fill_netlink(name, &to->netlink);
    return socket->family == AF_INET6 ? fill6(name, &to->six) : fill4(name, &to->four);
}

int name_put(const struct socket *socket, const struct endpoint *name, uint32_t user,
             uint32_t room) {
    union name to = {0};
    uint32_t bytes = fill(socket, name, &to);
    int error = copy_out(user, &to, room < bytes ? room : bytes);
    return error != 0 ? error : (int)bytes;
}

int name_write(const struct socket *socket, const struct endpoint *name, uint32_t user,
               uint32_t user_bytes) {
    int32_t room;
    if (copy_in(&room, user_bytes, sizeof room) != 0)
        return -EFAULT;
    if (room < 0)
        return -EINVAL;
    int bytes = name_put(socket, name, user, (uint32_t)room);
    return bytes < 0 ? bytes : copy_out(user_bytes, &bytes, sizeof bytes);
}
