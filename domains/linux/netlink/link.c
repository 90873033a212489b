// SPDX-License-Identifier: MIT
/*
 * Interfaces: lo and eth0.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/netlink/route.h"
#include "domains/linux/network/card.h"
#include "domains/linux/network/interface.h"
#include "domains/linux/network/stack.h"

#include <lwip/netif.h>

enum { /* IFLA_* */
       LINK_ADDRESS = 1,
       LINK_BROADCAST = 2,
       LINK_NAME = 3,
       LINK_MTU = 4,
       LINK_DISCIPLINE = 6,
       LINK_STATISTICS = 7,
       LINK_QUEUE_LENGTH = 13,
       LINK_OPERATION = 16,
};

#define FLAG_UP       0x1u
#define FLAG_RUNNING  0x40u
#define FLAG_LOWER_UP 0x10000u

#define HARDWARE_ETHERNET 1u /* ARPHRD_* */
#define HARDWARE_LOOPBACK 772u

enum { OPERATION_UNKNOWN, OPERATION_DOWN = 2, OPERATION_UP = 6 }; /* IF_OPER_* */

struct link_body { /* struct ifinfomsg */
    uint8_t family, padding;
    uint16_t hardware;
    int32_t index;
    uint32_t flags, change;
};

struct statistics { /* struct rtnl_link_stats */
    uint32_t received_frames, sent_frames, received_bytes, sent_bytes;
    uint32_t receive_errors, send_errors, receive_dropped, send_dropped;
    uint32_t others[16];
};

/* ---- Telling ---- */

static void put_statistics(struct answer *answer, const struct netif *interface) {
    const struct card_counters *counters = card_counters();
    struct statistics statistics = {0};
    if (interface == stack_card())
        statistics = (struct statistics){
            .received_frames = (uint32_t)counters->received_frames,
            .sent_frames = (uint32_t)counters->sent_frames,
            .received_bytes = (uint32_t)counters->received_bytes,
            .sent_bytes = (uint32_t)counters->sent_bytes,
            .receive_dropped = (uint32_t)counters->received_dropped,
            .send_dropped = (uint32_t)counters->sent_dropped,
        };
    netlink_put(&answer->writer, LINK_STATISTICS, &statistics, sizeof statistics);
}

static void put_hardware(struct answer *answer, const struct netif *interface) {
    uint8_t own[NETIF_MAX_HWADDR_LEN] = {0}, everybody[NETIF_MAX_HWADDR_LEN] = {0};
    if (interface == stack_card()) {
        memcpy(own, interface->hwaddr, sizeof own);
        memset(everybody, 0xFF, sizeof everybody);
    }
    netlink_put(&answer->writer, LINK_ADDRESS, own, sizeof own);
    netlink_put(&answer->writer, LINK_BROADCAST, everybody, sizeof everybody);
}

void link_tell(struct answer *answer, const struct netif *interface, bool is_up) {
    bool is_card = interface == stack_card();
    struct netlink_writer *writer = &answer->writer;
    struct link_body *body = answer_message(answer, ROUTE_NEW_LINK, sizeof *body);
    uint8_t operation = is_up ? OPERATION_UP : OPERATION_DOWN;
    body->hardware = is_card ? HARDWARE_ETHERNET : HARDWARE_LOOPBACK;
    body->index = netif_get_index(interface);
    body->flags = interface_flags(interface) & ~(FLAG_UP | FLAG_RUNNING);
    body->flags |= is_up ? FLAG_UP | FLAG_RUNNING | FLAG_LOWER_UP : 0;
    if (!is_card)
        operation = OPERATION_UNKNOWN;
    netlink_put_text(writer, LINK_NAME, interface_name(interface));
    netlink_put_number(writer, LINK_QUEUE_LENGTH, INTERFACE_QUEUE);
    netlink_put(writer, LINK_OPERATION, &operation, sizeof operation);
    netlink_put_number(writer, LINK_MTU, interface_mtu(interface));
    netlink_put_text(writer, LINK_DISCIPLINE, "noqueue");
    put_hardware(answer, interface);
    put_statistics(answer, interface);
    answer_message_end(answer);
}

static void show(struct answer *answer, const struct netif *interface) {
    link_tell(answer, interface, netif_is_up(interface));
}

/* ---- Whom a request means ---- */

/* By its index, or by its name if that is 0; NULL: nobody. */
static struct netif *find(const struct netlink_request *request, const struct link_body *body) {
    char name[NETIF_NAMESIZE + 16] = {0};
    const char *told = netlink_attribute(request, sizeof *body, LINK_NAME, 1);
    if (body->index != 0)
        return interface_at((uint32_t)body->index);
    if (told == NULL)
        return NULL;
    uint32_t room = (uint32_t)(request->body + request->bytes - (const uint8_t *)told);
    memcpy(name, told, room < sizeof name - 1 ? room : sizeof name - 1);
    return interface_find(name);
}

int link_get(const struct netlink_request *request, struct answer *answer) {
    struct netif *interface;
    if (netlink_asks_for_all(request)) {
        for (uint8_t n = 1; (interface = netif_get_by_index(n)) != NULL; n++)
            show(answer, interface);
        return 0;
    }
    const struct link_body *body = netlink_body(request, sizeof *body);
    interface = body != NULL ? find(request, body) : NULL;
    if (interface == NULL)
        return body != NULL ? -ENODEV : -EINVAL;
    show(answer, interface);
    return 0;
}

/* Up and down is all that there is to set. */
int link_set(const struct netlink_request *request, struct answer *answer) {
    const struct link_body *body = netlink_body(request, sizeof *body);
    struct netif *interface = body != NULL ? find(request, body) : NULL;
    (void)answer;
    if (body == NULL)
        return -EINVAL;
    if (interface == NULL)
        return body->index == 0 ? -EOPNOTSUPP : -ENODEV; /* a new one */
    if (netlink_attribute(request, sizeof *body, LINK_MTU, 0) != NULL ||
        netlink_attribute(request, sizeof *body, LINK_ADDRESS, 0) != NULL)
        return -EOPNOTSUPP;
    /* No bit named means all of them, as Linux has it for old programs. */
    uint32_t changed = body->change == 0 && body->flags != 0 ? UINT32_MAX : body->change;
    if ((changed & FLAG_UP) != 0)
        interface_set_up(interface, (body->flags & FLAG_UP) != 0);
    return 0;
}
