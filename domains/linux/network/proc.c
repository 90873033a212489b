// SPDX-License-Identifier: MIT
/*
 * /proc/net: interfaces, routes, neighbours and sockets, in the columns of Linux.
 */
#include "domains/linux/file/flags.h"
#include "domains/linux/fs/proc_entry.h"
#include "domains/linux/local/local.h"
#include "domains/linux/network/card.h"
#include "domains/linux/network/interface.h"
#include "domains/linux/network/stack.h"

#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>

#define UNUSED const struct proc_subject *unused __attribute__((unused))

#define ROUTE_UP      1u
#define ROUTE_GATEWAY 2u

/* ---- Interfaces ---- */

static void show_device(struct proc_text *text, const char *name, const struct card_counters *is) {
    proc_text_add(text, "%6s: %llu %llu 0 %llu 0 0 0 0 %llu %llu 0 %llu 0 0 0 0\n", name,
                  (unsigned long long)is->received_bytes, (unsigned long long)is->received_frames,
                  (unsigned long long)is->received_dropped, (unsigned long long)is->sent_bytes,
                  (unsigned long long)is->sent_frames, (unsigned long long)is->sent_dropped);
}

static void show_dev(struct proc_text *text, UNUSED) {
    static const struct card_counters none;
    struct netif *interface;
    proc_text_add(text,
                  "Inter-|   Receive                                                |  Transmit\n"
                  " face |bytes    packets errs drop fifo frame compressed multicast|bytes    "
                  "packets errs drop fifo colls carrier compressed\n");
    NETIF_FOREACH(interface) {
        show_device(text, interface_name(interface),
                    interface == stack_card() ? card_counters() : &none);
    }
}

static void show_if_inet6(struct proc_text *text, UNUSED) {
    struct netif *interface;
    NETIF_FOREACH(interface) {
        for (int n = 0; n < LWIP_IPV6_NUM_ADDRESSES; n++) {
            const ip6_addr_t *address = netif_ip6_addr(interface, n);
            if (!ip6_addr_isvalid(netif_ip6_addr_state(interface, n)))
                continue;
            for (int word = 0; word < 4; word++)
                proc_text_add(text, "%08x", lwip_ntohl(address->addr[word]));
            uint32_t scope = ip6_addr_isloopback(address)    ? 0x10
                             : ip6_addr_islinklocal(address) ? 0x20
                                                             : 0;
            proc_text_add(text, " %02x %02x %02x 80 %8s\n", netif_get_index(interface),
                          scope == 0x10 ? 128 : 64, scope, interface_name(interface));
        }
    }
}

/* ---- Routes and neighbours ---- */

static void show_one_route(struct proc_text *text, uint32_t target, uint32_t gateway,
                           uint32_t mask) {
    proc_text_add(text, "eth0\t%08X\t%08X\t%04X\t0\t0\t0\t%08X\t0\t0\t0\n", target, gateway,
                  gateway != 0 ? ROUTE_UP | ROUTE_GATEWAY : ROUTE_UP, mask);
}

static void show_route(struct proc_text *text, UNUSED) {
    const struct netif *card = stack_card();
    proc_text_add(text, "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\t"
                        "Window\tIRTT\n");
    if (card == NULL || !netif_is_up(card) || netif_ip4_addr(card)->addr == 0)
        return;
    uint32_t mask = netif_ip4_netmask(card)->addr, gateway = netif_ip4_gw(card)->addr;
    if (gateway != 0)
        show_one_route(text, 0, gateway, 0);
    show_one_route(text, netif_ip4_addr(card)->addr & mask, 0, mask);
}

static void show_arp(struct proc_text *text, UNUSED) {
    ip4_addr_t *address;
    struct netif *interface;
    struct eth_addr *hardware;
    char dotted[IP4ADDR_STRLEN_MAX];
    proc_text_add(
        text, "IP address       HW type     Flags       HW address            Mask     Device\n");
    for (size_t n = 0; n < ARP_TABLE_SIZE; n++) {
        if (!etharp_get_entry(n, &address, &interface, &hardware))
            continue;
        const uint8_t *at = hardware->addr;
        proc_text_add(
            text, "%-16s 0x1         0x2         %02x:%02x:%02x:%02x:%02x:%02x     *        %s\n",
            ip4addr_ntoa_r(address, dotted, sizeof dotted), at[0], at[1], at[2], at[3], at[4],
            at[5], interface_name(interface));
    }
}

/* ---- Sockets ---- */

/* Linux's numbers of TCP states, by lwIP's. */
static const uint8_t state_numbers[] = {
    [CLOSED] = 7,      [LISTEN] = 10,    [SYN_SENT] = 2,   [SYN_RCVD] = 3,
    [ESTABLISHED] = 1, [FIN_WAIT_1] = 4, [FIN_WAIT_2] = 5, [CLOSE_WAIT] = 8,
    [CLOSING] = 11,    [LAST_ACK] = 9,   [TIME_WAIT] = 6,
};

#define UDP_STATE 7

static bool is_of(const ip_addr_t *address, bool six) {
    return six ? !IP_IS_V4(address) : !IP_IS_V6(address) && !IP_IS_ANY_TYPE_VAL(*address);
}

static void add_address(struct proc_text *text, const ip_addr_t *address, uint16_t port, bool six) {
    for (int word = 0; six && word < 4; word++)
        proc_text_add(text, "%08X", IP_IS_V6(address) ? ip_2_ip6(address)->addr[word] : 0);
    if (!six)
        proc_text_add(text, "%08X", ip_2_ip4(address)->addr);
    proc_text_add(text, ":%04X ", port);
}

static void show_socket(struct proc_text *text, uint32_t number, uint32_t state) {
    (void)number;
    proc_text_add(text, "%02X 00000000:00000000 00:00000000 00000000     0        0 0 1\n", state);
}

static void show_block(struct proc_text *text, const struct tcp_pcb *block, bool six,
                       uint32_t *number) {
    static const ip_addr_t nobody;
    bool listens = block->state == LISTEN;
    if (!is_of(&block->local_ip, six))
        return;
    proc_text_add(text, "%4u: ", *number);
    add_address(text, &block->local_ip, block->local_port, six);
    add_address(text, listens ? &nobody : &block->remote_ip, listens ? 0 : block->remote_port, six);
    show_socket(text, (*number)++, state_numbers[block->state]);
}

#define SOCKET_COLUMNS                                                                             \
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "  \
    "inode\n"

static void show_tcp_of(struct proc_text *text, bool six) {
    uint32_t number = 0;
    struct tcp_pcb *lists[] = {(struct tcp_pcb *)tcp_listen_pcbs.pcbs, tcp_active_pcbs,
                               tcp_tw_pcbs};
    proc_text_add(text, SOCKET_COLUMNS);
    for (uint32_t list = 0; list < sizeof lists / sizeof lists[0]; list++)
        for (struct tcp_pcb *block = lists[list]; block != NULL; block = block->next)
            show_block(text, block, six, &number);
}

static void show_udp_of(struct proc_text *text, bool six) {
    uint32_t number = 0;
    proc_text_add(text, SOCKET_COLUMNS);
    for (const struct udp_pcb *block = udp_pcbs; block != NULL; block = block->next) {
        if (!is_of(&block->local_ip, six))
            continue;
        proc_text_add(text, "%4u: ", number);
        add_address(text, &block->local_ip, block->local_port, six);
        add_address(text, &block->remote_ip, block->remote_port, six);
        show_socket(text, number++, UDP_STATE);
    }
}

static void show_tcp(struct proc_text *text, UNUSED) {
    show_tcp_of(text, false);
}

static void show_tcp6(struct proc_text *text, UNUSED) {
    show_tcp_of(text, true);
}

static void show_udp(struct proc_text *text, UNUSED) {
    show_udp_of(text, false);
}

static void show_udp6(struct proc_text *text, UNUSED) {
    show_udp_of(text, true);
}

static void show_no_sockets(struct proc_text *text, UNUSED) {
    proc_text_add(text, SOCKET_COLUMNS);
}

#define LISTENS 0x10000u /* SO_ACCEPTCON in the column of flags */

enum { UNCONNECTED = 1, CONNECTED = 3 }; /* SS_* */

/* An abstract name's NULs are shown as '@'. */
static void show_local_name(struct proc_text *text, const struct local_name *name) {
    uint32_t bytes = local_name_is_path(name) ? name->bytes - 1 : name->bytes;
    proc_text_add(text, " ");
    for (uint32_t n = 0; n < bytes; n++)
        proc_text_add(text, "%c", name->text[n] != '\0' ? name->text[n] : '@');
}

static void show_unix(struct proc_text *text, UNUSED) {
    const struct local *local = NULL;
    proc_text_add(text, "Num       RefCount Protocol Flags    Type St Inode Path\n");
    for (uint32_t number = 0; (local = local_next(local)) != NULL; number++) {
        bool listens = local->socket->state == STREAM_LISTENS;
        proc_text_add(text, "%08x: %08X 00000000 %08X %04X %02X %5u", number, local->references,
                      listens ? LISTENS : 0, local->socket->type,
                      local->other != NULL ? CONNECTED : UNCONNECTED, 0);
        if (local->name != NULL)
            show_local_name(text, local->name);
        proc_text_add(text, "\n");
    }
}

#define TEXT(name, show)                                                                           \
    { name, S_IFREG | 0444, NULL, show, NULL, NULL, NULL, false }

static const struct proc_entry entries[] = {
    TEXT("arp", show_arp),        TEXT("dev", show_dev),         TEXT("if_inet6", show_if_inet6),
    TEXT("raw", show_no_sockets), TEXT("raw6", show_no_sockets), TEXT("route", show_route),
    TEXT("tcp", show_tcp),        TEXT("tcp6", show_tcp6),       TEXT("udp", show_udp),
    TEXT("udp6", show_udp6),      TEXT("unix", show_unix),
};

const struct proc_folder proc_network_folder = {entries, sizeof entries / sizeof entries[0],
                                                NO_NUMBERS, NULL};
