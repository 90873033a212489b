// SPDX-License-Identifier: MIT
// archives: lwip
// sources: domains/linux/network/checksum.c domains/linux/network/frame.c domains/linux/network/path_mtu.c
// sources: domains/linux/network/refusal.c domains/linux/network/icmp_error.c
/*
 * Frames for the TCP/IP stack of the Linux manager: lwIP as the manager builds it, with a listener, a connection that
 * answers, datagram and raw sockets, and time that passes. Checksums are not compared here, or hardly a frame would get
 * past them. Who reads or writes past its memory is AddressSanitizer's; nothing may be left when all is closed.
 */
#include "domains/linux/network/frame.h"
#include "domains/linux/network/path_mtu.h"
#include "domains/linux/network/refusal.h"
#include "domains/linux/network/socket.h"
#include "tests/fuzz/fuzz.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/igmp.h>
#include <lwip/init.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/raw.h>
#include <lwip/udp.h>
#include <netif/ethernet.h>

#include <stdarg.h>

#define FRAME_MOST 1514u
#define PORT       80
#define TICKS_MOST 20u

static struct netif card;
static uint32_t milliseconds, random_state = 1;

/* ---- What lwIP asks for (domains/linux/network/hooks.c, clock.c) ---- */

void *heap_allocate_unzeroed(size_t bytes) {
    return malloc(bytes);
}
void heap_free(void *object) {
    free(object);
}
void *lwip_calloc(size_t count, size_t bytes) {
    return calloc(count, bytes);
}
void lwip_print(const char *format, ...) {
    (void)format;
}
_Noreturn void lwip_failed(const char *assertion) {
    promise_broken(assertion, "lwip", 0);
}
uint32_t lwip_random(void) {
    return random_state = random_state * 1664525u + 1013904223u;
}
uint32_t sys_now(void) {
    return milliseconds;
}
void sys_timeouts_init(void) {}
void tcp_timer_needed(void) {}

/* ---- The tenant's side ---- */

static err_t drop(struct netif *interface, struct pbuf *frame) {
    (void)interface;
    for (struct pbuf *piece = frame; piece != NULL; piece = piece->next)
        touch(piece->payload, piece->len);
    return ERR_OK;
}

static err_t begin(struct netif *interface) {
    static const uint8_t hardware[6] = {0x02, 'R', 'F', 1, 2, 3};
    memcpy(interface->hwaddr, hardware, sizeof hardware);
    interface->hwaddr_len = sizeof hardware;
    interface->mtu = 1500;
    interface->output = etharp_output;
    interface->output_ip6 = ethip6_output;
    interface->linkoutput = drop;
    interface->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                        NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
    return ERR_OK;
}

static err_t answer(void *context, struct tcp_pcb *block, struct pbuf *data, err_t error) {
    (void)context, (void)error;
    if (data == NULL) {
        tcp_close(block);
        return ERR_OK;
    }
    tcp_write(block, data->payload, data->len, TCP_WRITE_FLAG_COPY);
    tcp_recved(block, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
}

static err_t accept(void *context, struct tcp_pcb *block, err_t error) {
    (void)context, (void)error;
    if (block == NULL)
        return ERR_VAL;
    tcp_recv(block, answer);
    return ERR_OK;
}

static void echo(void *context, struct udp_pcb *block, struct pbuf *data, const ip_addr_t *from,
                 u16_t port) {
    (void)context;
    udp_sendto(block, data, from, port);
    pbuf_free(data);
}

static u8_t look(void *context, struct raw_pcb *block, struct pbuf *packet, const ip_addr_t *from) {
    (void)context, (void)block, (void)from;
    for (struct pbuf *piece = packet; piece != NULL; piece = piece->next)
        touch(piece->payload, piece->len);
    return 0;
}

/* Whoever it is, there is nobody here to be told. */
void datagram_refused(const struct endpoint *from, const struct endpoint *to, int error) {
    PROMISE(error > 0 && from->port <= UINT16_MAX && to->port <= UINT16_MAX);
}

static void start(void) {
    ip4_addr_t address, mask, gateway;
    IP4_ADDR(&address, 10, 0, 2, 20);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gateway, 10, 0, 2, 2);
    refusal_watch();
    lwip_init();
    struct netif *interface =
        netif_add(&card, &address, &mask, &gateway, NULL, begin, ethernet_input);
    NETIF_SET_CHECKSUM_CTRL(interface, NETIF_CHECKSUM_DISABLE_ALL);
    netif_set_default(interface);
    netif_create_ip6_linklocal_address(interface, 1);
    netif_set_ip6_autoconfig_enabled(interface, 1);
    netif_set_up(interface);
    netif_set_link_up(interface);
    struct tcp_pcb *block = tcp_new_ip_type(IPADDR_TYPE_ANY);
    tcp_bind(block, IP_ANY_TYPE, PORT);
    tcp_accept(tcp_listen(block), accept);
    struct udp_pcb *datagrams = udp_new_ip_type(IPADDR_TYPE_ANY);
    udp_bind(datagrams, IP_ANY_TYPE, PORT);
    udp_recv(datagrams, echo, NULL);
    raw_recv(raw_new_ip_type(IPADDR_TYPE_V4, IP_PROTO_ICMP), look, NULL);
    raw_recv(raw_new_ip_type(IPADDR_TYPE_V6, IP6_NEXTH_ICMP6), look, NULL);
}

/* ---- What comes ---- */

static void pass_time(uint32_t ticks) {
    for (; ticks > 0; ticks--) {
        milliseconds += 250;
        tcp_tmr();
        etharp_tmr();
        ip_reass_tmr();
        ip6_reass_tmr();
        nd6_tmr();
        mld6_tmr();
        igmp_tmr();
        dhcp_fine_tmr();
    }
}

/* With the right kind and address where the flags say so: else few frames would be looked into. */
static void mend(uint8_t *frame, uint32_t bytes, uint32_t flags) {
    static const uint8_t head[] = {0x02, 'R', 'F', 1, 2,    3,    0x52, 0x55,
                                   10,   0,   2,   2, 0x08, 0x00, 0x45, 0};
    static const uint8_t six[] = {0x86, 0xDD, 0x60};
    if (flags & 1 && bytes >= 34) {
        memcpy(frame, head, sizeof head);
        frame[16] = (uint8_t)((bytes - 14) >> 8);
        frame[17] = (uint8_t)(bytes - 14);
        memcpy(frame + 30, (const uint8_t[]){10, 0, 2, 20}, 4);
    }
    if (flags & 2 && bytes >= 54) {
        memcpy(frame, head, 12);
        memcpy(frame + 12, six, sizeof six);
        frame[18] = (uint8_t)((bytes - 54) >> 8);
        frame[19] = (uint8_t)(bytes - 54);
        memcpy(frame + 38, netif_ip6_addr(&card, 0)->addr, 16);
    }
    if (flags & 4 && bytes >= 38)
        memcpy(frame + (flags & 2 ? 56 : 36) % (bytes - 1), (const uint8_t[]){0, PORT}, 2);
}

static void put32(uint8_t *at, uint32_t value) {
    value = lwip_htonl(value);
    memcpy(at, &value, sizeof value);
}

/* As the other side of the first connection would send it now: nobody guesses these numbers. */
static void join_connection(uint8_t *frame, uint32_t bytes) {
    const struct tcp_pcb *block = tcp_active_pcbs;
    if (block == NULL || bytes < 54 || !IP_IS_V4(&block->remote_ip))
        return;
    uint16_t port = lwip_htons(block->remote_port);
    frame[23] = IP_PROTO_TCP;
    memcpy(frame + 26, &ip_2_ip4(&block->remote_ip)->addr, 4);
    memcpy(frame + 34, &port, 2);
    put32(frame + 38, block->rcv_nxt);
    put32(frame + 42, block->snd_nxt);
    frame[46] = (uint8_t)(5 << 4);
}

static void receive(struct input *input, uint32_t flags) {
    uint32_t left = (uint32_t)(input->end - input->at), bytes = take8(input) << 3 | flags >> 5;
    bytes = bytes < left ? bytes : left;
    bytes = bytes < FRAME_MOST ? bytes : FRAME_MOST;
    uint8_t *exact = malloc(bytes);
    take(input, exact, bytes);
    struct pbuf *frame = frame_copy(exact, bytes);
    free(exact);
    if (frame == NULL)
        return;
    mend(frame->payload, bytes, flags);
    if ((flags & 9) == 9)
        join_connection(frame->payload, bytes);
    if (card.input(frame, &card) != ERR_OK)
        pbuf_free(frame);
    path_mtu_settle(&card);
    netif_poll_all();
}

static void end_connections(void) {
    while (tcp_active_pcbs != NULL)
        tcp_abort(tcp_active_pcbs);
    while (tcp_tw_pcbs != NULL)
        tcp_abort(tcp_tw_pcbs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    static int is_started;
    if (!is_started)
        start();
    is_started = 1;
    while (input.at < input.end) {
        uint32_t flags = take8(&input);
        if (flags & 16)
            pass_time(take8(&input) % TICKS_MOST);
        receive(&input, flags);
    }
    end_connections();
    return 0;
}
