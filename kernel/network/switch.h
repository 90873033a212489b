// SPDX-License-Identifier: MIT
/*
 * The switch: frames between tenants' ports, and between them and the wire, which is a network card's driver.
 *
 *   tenant's ring ──honest?──> whose address is it? ──a port's, and the two may──> copied into its buffer
 *                                │        └──nobody's, or not theirs───────────> counted, gone
 *                                ├──none of a port's──> the wire, when the sender has its turn there
 *                                └──all's─────────────> flood: every port that may, a few at a time, and the wire
 *   the wire ──────────────────> a port's, or a flood
 *
 * There is nothing to be learnt and so nothing to be poisoned: who has which address is given, and all other addresses
 * are beyond the wire. The core copies a frame once and keeps none: what has to wait waits in its sender's ring.
 *
 * What must hold:
 *
 *   - between two tenants nothing passes unless the operator has allowed it, and to and from the wire only with `uplink`
 *   - nothing is sent with another's address (sender.h)
 *   - a frame for a port that has no room is lost, as on any wire, and holds up nobody
 *   - whoever is over its limit is told when it may ring again, and passes its frames on its own time
 *   - at the wire tenants share by weight, each up to its limit (kernel/io/schedule.h); while the card's driver is down
 *     they wait
 *   - floods are FLOODS_A_SECOND a port; one is under way at a time, and takes FLOOD_STEP ports a slice
 */
#ifndef KERNEL_NETWORK_SWITCH_H
#define KERNEL_NETWORK_SWITCH_H

#include "kernel/network/port.h"

#define SWITCHES_MOST   2u /* cards */
#define SWITCH_BUCKETS  64u
#define FLOOD_STEP      4u
#define FLOODS_A_SECOND 100u
#define FLOOD_BURST     200000000ull /* nanoseconds of it */

struct flood {
    uint32_t bytes;    /* 0: none is under way */
    struct port *from; /* NULL: the wire, or a port that is gone */
    bool from_wire;
    struct port *next; /* who gets it next */
};

struct network_switch {
    struct io_device *wire;
    struct schedule
        inside; /* flows that wait for no wire: for their limits, or for a flood to end */
    struct port *buckets[SWITCH_BUCKETS];
    struct port *ports;
    struct flood flood;
    struct limit wire_floods;
};

/* The switch of a network card; NULL: there are as many as there may be. At boot. */
struct network_switch *switch_make(struct io_device *wire);
struct network_switch *switch_of(const struct io_device *wire);

/* NULL: nobody has this address. */
struct port *switch_find(const struct network_switch *at, const uint8_t hardware[NETWORK_ADDRESS]);
void switch_join(struct network_switch *at, struct port *port);
void switch_leave(struct port *port);
void switch_rest(struct port *port); /* whatever it waits for */

/* The doorbell: as many frames as may go now, at most NETWORK_SUBMIT_BATCH; how many went. The rest waits. */
uint32_t switch_submit(struct port *port);
/* A frame has come from the wire, into a buffer of the core's. false: it has to wait for a flood to end. `*owner`: for
 * whom it was; NULL: for several, or nobody. */
bool switch_receive(struct network_switch *at, const uint8_t *data, uint32_t bytes,
                    struct tenant **owner);
/* There is room at the wire (again). */
void switch_wire_is_free(struct network_switch *at);
/* A limit of the port was changed. */
void switch_limits_changed(struct port *port);
/* What time brings, a bounded slice of it; when to call again. */
uint64_t switches_work(uint64_t now);

#endif
