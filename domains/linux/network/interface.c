// SPDX-License-Identifier: MIT
/*
 * The ioctls by which ifconfig and route see and change interfaces (netdevice(7)): lo and eth0.
 */
#include "domains/linux/network/socket.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/network/interface.h"
#include "domains/linux/network/stack.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/netif.h>

#define SIOCADDRT      0x890B
#define SIOCDELRT      0x890C
#define SIOCGIFNAME    0x8910
#define SIOCGIFCONF    0x8912
#define SIOCGIFFLAGS   0x8913
#define SIOCSIFFLAGS   0x8914
#define SIOCGIFADDR    0x8915
#define SIOCSIFADDR    0x8916
#define SIOCGIFDSTADDR 0x8917
#define SIOCGIFBRDADDR 0x8919
#define SIOCSIFBRDADDR 0x891A
#define SIOCGIFNETMASK 0x891B
#define SIOCSIFNETMASK 0x891C
#define SIOCGIFMETRIC  0x891D
#define SIOCGIFMTU     0x8921
#define SIOCSIFMTU     0x8922
#define SIOCGIFHWADDR  0x8927
#define SIOCGIFINDEX   0x8933
#define SIOCGIFTXQLEN  0x8942
#define SIOCGIFMAP     0x8970

#define IFF_UP        0x1
#define IFF_BROADCAST 0x2
#define IFF_LOOPBACK  0x8
#define IFF_RUNNING   0x40
#define IFF_MULTICAST 0x1000

#define RTF_GATEWAY 0x2

#define ARPHRD_ETHER    1
#define ARPHRD_LOOPBACK 772
#define LOOPBACK_MTU    65536

struct name { /* struct sockaddr_in */
    uint16_t family, port;
    uint32_t address;
    uint8_t zero[8];
};

struct request { /* struct ifreq */
    char name[16];
    union {
        struct name address;
        int16_t flags;
        int32_t number;
        struct {
            uint16_t family;
            uint8_t bytes[14];
        } hardware;
        uint8_t map[16];
    };
};

struct route { /* struct rtentry, i386 */
    uint32_t padding;
    struct name target, gateway, mask;
    uint16_t flags;
    uint8_t rest[34];
};

const char *interface_name(const struct netif *interface) {
    return interface == stack_card() ? "eth0" : "lo";
}

struct netif *interface_find(const char *name) {
    struct netif *interface;
    NETIF_FOREACH(interface) {
        if (strcmp(interface_name(interface), name) == 0)
            return interface;
    }
    return NULL;
}

struct netif *interface_at(uint32_t index) {
    return index <= UINT8_MAX ? netif_get_by_index((u8_t)index) : NULL;
}

uint32_t interface_flags(const struct netif *interface) {
    uint32_t flags = netif_is_up(interface) ? IFF_UP | IFF_RUNNING : 0;
    return flags | (interface == stack_card() ? IFF_BROADCAST | IFF_MULTICAST : IFF_LOOPBACK);
}

uint32_t interface_mtu(const struct netif *interface) {
    return interface == stack_card() ? interface->mtu : LOOPBACK_MTU;
}

static void put_address(struct request *request, uint32_t address) {
    request->address = (struct name){.family = AF_INET, .address = address};
}

static uint32_t address_of(const struct netif *interface) {
    return netif_ip4_addr(interface)->addr;
}

static uint32_t mask_of(const struct netif *interface) {
    return netif_ip4_netmask(interface)->addr;
}

static void put_hardware(struct request *request, const struct netif *interface) {
    memset(&request->hardware, 0, sizeof request->hardware);
    request->hardware.family = interface == stack_card() ? ARPHRD_ETHER : ARPHRD_LOOPBACK;
    memcpy(request->hardware.bytes, interface->hwaddr, interface->hwaddr_len);
}

/* ---- Reading ---- */

static int get(struct request *request, const struct netif *interface, uint32_t which) {
    switch (which) {
    case SIOCGIFFLAGS:
        request->flags = (int16_t)interface_flags(interface);
        return 0;
    case SIOCGIFADDR:
    case SIOCGIFDSTADDR:
        if (address_of(interface) == 0)
            return -EADDRNOTAVAIL;
        put_address(request, address_of(interface));
        return 0;
    case SIOCGIFBRDADDR:
        put_address(request, address_of(interface) | ~mask_of(interface));
        return 0;
    case SIOCGIFNETMASK:
        put_address(request, mask_of(interface));
        return 0;
    case SIOCGIFHWADDR:
        put_hardware(request, interface);
        return 0;
    case SIOCGIFMTU:
        request->number = (int32_t)interface_mtu(interface);
        return 0;
    case SIOCGIFINDEX:
        request->number = netif_get_index(interface);
        return 0;
    case SIOCGIFTXQLEN:
        request->number = INTERFACE_QUEUE;
        return 0;
    case SIOCGIFMETRIC:
        request->number = 0;
        return 0;
    case SIOCGIFMAP:
        memset(request->map, 0, sizeof request->map);
        return 0;
    default:
        return -ENOTTY;
    }
}

/* ---- Changing ---- */

void interface_set_up(struct netif *interface, bool up) {
    if (up)
        netif_set_up(interface);
    else
        netif_set_down(interface);
}

static void stop_dhcp(struct netif *interface) {
    if (netif_dhcp_data(interface) != NULL)
        dhcp_release_and_stop(interface);
}

void interface_set_address(struct netif *interface, const ip4_addr_t *address,
                           const ip4_addr_t *mask) {
    stop_dhcp(interface);
    netif_set_addr(interface, address, mask, netif_ip4_gw(interface));
}

static int set(const struct request *request, struct netif *interface, uint32_t which) {
    ip4_addr_t address = {request->address.address};
    if (current_credentials().uid != 0)
        return -EPERM;
    switch (which) {
    case SIOCSIFFLAGS:
        interface_set_up(interface, (request->flags & IFF_UP) != 0);
        return 0;
    case SIOCSIFADDR:
        stop_dhcp(interface);
        netif_set_ipaddr(interface, &address);
        return 0;
    case SIOCSIFNETMASK:
        netif_set_netmask(interface, &address);
        return 0;
    case SIOCSIFBRDADDR:
        return 0; /* it follows from address and mask */
    default:
        return -EOPNOTSUPP;
    }
}

/* The one route that can be set is the default gateway's; those to networks follow from addresses. */
static int change_route(uint32_t argument, bool adds) {
    struct route route;
    struct netif *card = stack_card();
    if (current_credentials().uid != 0)
        return -EPERM;
    if (copy_in(&route, argument, sizeof route) != 0)
        return -EFAULT;
    if (card == NULL)
        return -ENETUNREACH;
    if (route.target.address != 0 || route.mask.address != 0)
        return adds ? -EOPNOTSUPP : -ESRCH;
    if (adds && (route.flags & RTF_GATEWAY) == 0)
        return -EINVAL;
    ip4_addr_t gateway = {adds ? route.gateway.address : 0};
    netif_set_gw(card, &gateway);
    return 0;
}

/* ---- All interfaces ---- */

struct list { /* struct ifconf */
    int32_t bytes;
    uint32_t buffer;
};

static int list(uint32_t argument) {
    struct list list;
    struct netif *interface;
    int32_t used = 0;
    if (copy_in(&list, argument, sizeof list) != 0)
        return -EFAULT;
    NETIF_FOREACH(interface) {
        struct request request = {0};
        memcpy(request.name, interface_name(interface), strlen(interface_name(interface)));
        put_address(&request, address_of(interface));
        if (list.buffer != 0 && used + (int32_t)sizeof request > list.bytes)
            break;
        if (list.buffer != 0 && copy_out(list.buffer + (uint32_t)used, &request, sizeof request))
            return -EFAULT;
        used += (int32_t)sizeof request;
    }
    list.bytes = used;
    return copy_out(argument, &list, sizeof list);
}

static int find_name(uint32_t argument) {
    struct request request;
    if (copy_in(&request, argument, sizeof request) != 0)
        return -EFAULT;
    struct netif *interface = interface_at((uint32_t)request.number);
    if (interface == NULL)
        return -ENODEV;
    memset(request.name, 0, sizeof request.name);
    memcpy(request.name, interface_name(interface), strlen(interface_name(interface)));
    return copy_out(argument, &request, sizeof request);
}

static bool is_change(uint32_t which) {
    return which == SIOCSIFFLAGS || which == SIOCSIFADDR || which == SIOCSIFNETMASK ||
           which == SIOCSIFBRDADDR || which == SIOCSIFMTU;
}

static int of_one(uint32_t which, uint32_t argument) {
    struct request request;
    if (copy_in(&request, argument, sizeof request) != 0)
        return -EFAULT;
    request.name[sizeof request.name - 1] = '\0';
    struct netif *interface = interface_find(request.name);
    if (interface == NULL)
        return -ENODEV;
    int error =
        is_change(which) ? set(&request, interface, which) : get(&request, interface, which);
    if (is_change(which))
        stack_settle();
    return error != 0 || is_change(which) ? error : copy_out(argument, &request, sizeof request);
}

int interface_ioctl(struct socket *socket, uint32_t request, uint32_t argument) {
    int error = stack_need();
    (void)socket;
    if (error != 0)
        return error;
    switch (request) {
    case SIOCGIFCONF:
        return list(argument);
    case SIOCGIFNAME:
        return find_name(argument);
    case SIOCADDRT:
    case SIOCDELRT:
        return change_route(argument, request == SIOCADDRT);
    default:
        return request >> 8 == 0x89 ? of_one(request, argument) : -ENOTTY;
    }
}
