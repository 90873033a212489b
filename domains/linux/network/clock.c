// SPDX-License-Identifier: MIT
#include "domains/linux/network/clock.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/linux/device/event.h"
#include "domains/linux/network/stack.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/timeouts.h>

#include <stdbool.h>

#define MILLISECOND 1000000ull
#define LINGER                                                                                     \
    (70000 * MILLISECOND)   /* longer than anything but caches and leases lives (RFC 8200, 4.5) */
#define CATCH_UP_TICKS 400u /* the longest life of a cache's entry, ARP_MAXAGE, is 300 */

static bool always(void) {
    return true;
}

static bool has_connections(void) {
    return tcp_active_pcbs != NULL || tcp_tw_pcbs != NULL;
}

static bool has_lease(void) {
    return stack_card() != NULL && netif_dhcp_data(stack_card()) != NULL;
}

/* Is a lease asked for, with answers that may not come? */
static bool asks_for_lease(void) {
    return has_lease() && !dhcp_supplied_address(stack_card());
}

static struct cycle {
    uint32_t milliseconds;
    void (*tick)(void);
    bool (*is_wanted)(void);   /* while the stack is active */
    bool (*keeps_awake)(void); /* though nothing comes and goes; NULL: it does not */
    uint64_t next;             /* 0: never yet */
    bool was_wanted;           /* at the last clock_settle() */
} cycles[] = {
    {TCP_TMR_INTERVAL, tcp_tmr, has_connections, has_connections, 0, false},
    {ARP_TMR_INTERVAL, etharp_tmr, always, NULL, 0, false},
    {IP_TMR_INTERVAL, ip_reass_tmr, always, NULL, 0, false},
    {DHCP_FINE_TIMER_MSECS, dhcp_fine_tmr, asks_for_lease, asks_for_lease, 0, false},
    {DHCP_COARSE_TIMER_MSECS, dhcp_coarse_tmr, has_lease, has_lease, 0, false},
    {IGMP_TMR_INTERVAL, igmp_tmr, always, NULL, 0, false},
    {ND6_TMR_INTERVAL, nd6_tmr, always, NULL, 0, false},
    {IP6_REASS_TMR_INTERVAL, ip6_reass_tmr, always, NULL, 0, false},
    {MLD6_TMR_INTERVAL, mld6_tmr, always, NULL, 0, false},
};

#define CYCLES (sizeof cycles / sizeof cycles[0])

static bool is_active; /* something has come or gone since clock_settle() */
static uint64_t active_until;
static uint64_t next_of_all; /* no cycle ticks before */
static struct {
    uint32_t wants;
    uint64_t until; /* 0: ask again */
} settled;          /* what the event service was told last, and until when it holds */

static void run_cycle(struct cycle *cycle, uint64_t now) {
    uint64_t interval = cycle->milliseconds * MILLISECOND;
    if (cycle->next == 0 || !cycle->is_wanted()) {
        cycle->next = now + interval;
        return;
    }
    for (uint32_t n = 0; now >= cycle->next && n < CATCH_UP_TICKS; n++) {
        cycle->tick();
        cycle->next += interval;
    }
    if (now >= cycle->next)
        cycle->next = now + interval;
}

void clock_run(void) {
    uint64_t now = clock_nanoseconds();
    if (now < next_of_all)
        return;
    next_of_all = DEADLINE_NEVER;
    for (uint32_t n = 0; n < CYCLES; n++) {
        run_cycle(&cycles[n], now);
        if (cycles[n].next < next_of_all)
            next_of_all = cycles[n].next;
    }
}

/* All that is_awake() depends on. */
static uint32_t wants(uint64_t now) {
    return (uint32_t)(now < active_until) | (uint32_t)has_connections() << 1 |
           (uint32_t)has_lease() << 2 | (uint32_t)asks_for_lease() << 3;
}

/* What begins now has missed no ticks, however long nobody has looked: a connection would be given up before its first answer. */
static void begin_if_wanted(struct cycle *cycle, uint64_t now) {
    bool is_wanted = cycle->is_wanted();
    if (is_wanted && !cycle->was_wanted)
        cycle->next = now + cycle->milliseconds * MILLISECOND;
    cycle->was_wanted = is_wanted;
}

static bool is_awake(const struct cycle *cycle, uint64_t now) {
    if (now < active_until)
        return cycle->is_wanted();
    return cycle->keeps_awake != NULL && cycle->keeps_awake();
}

void clock_settle(void) {
    uint64_t now = clock_nanoseconds(), first = DEADLINE_NEVER;
    if (is_active)
        active_until = now + LINGER;
    is_active = false;
    uint32_t wanted = wants(now);
    if (now < settled.until && wanted == settled.wants)
        return;
    for (uint32_t n = 0; n < CYCLES; n++) {
        begin_if_wanted(&cycles[n], now);
        if (is_awake(&cycles[n], now) && cycles[n].next < first)
            first = cycles[n].next;
    }
    event_wanted_by(first);
    settled.wants = wanted;
    settled.until = first;
}

void clock_is_active(void) {
    is_active = true;
}

void clock_ask_again(void) {
    settled.until = 0;
}

/* ---- What lwIP calls ---- */

u32_t sys_now(void) {
    return (u32_t)divide_u64(clock_nanoseconds(), MILLISECOND, NULL);
}

void sys_timeouts_init(void) {
    clock_is_active();
}

void tcp_timer_needed(void) {
    clock_is_active();
}
