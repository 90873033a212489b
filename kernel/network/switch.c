// SPDX-License-Identifier: MIT
#include "kernel/network/switch.h"

#include "kernel/abi/gate.h"
#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/cost.h"
#include "kernel/io/pace.h"
#include "kernel/mem/window.h"
#include "kernel/network/policy.h"
#include "kernel/network/uplink.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>
#include <string.h>

#define SERVE_STEP    4u  /* frames to the wire a slice */
#define WAKE_STEP     16u /* senders woken a slice */
#define FLOWS_MOST    (TENANT_MAX + 1)
#define GROUP_ADDRESS 1u /* in the first byte of a hardware address: meant for several */

static struct network_switch switches[SWITCHES_MOST];
static uint32_t switch_count;
static struct heap_node *places[SWITCHES_MOST][3][FLOWS_MOST + 1];
static uint64_t look_at; /* nothing in switches_work() is due before */

/* ---- Switches and their ports ---- */

struct network_switch *switch_make(struct io_device *wire) {
    if (switch_count == SWITCHES_MOST)
        return NULL;
    struct heap_node *(*room)[FLOWS_MOST + 1] = places[switch_count];
    struct network_switch *made = &switches[switch_count++];
    *made = (struct network_switch){
        .wire = wire,
        .inside = {.due = {room[0], 0}, .ready = {room[1], 0}, .held = {room[2], 0}},
    };
    made->inside.reference = wire->schedule.reference;
    limit_set(&made->wire_floods, clock_now(), FLOODS_A_SECOND, 0, FLOOD_BURST);
    return made;
}

struct network_switch *switch_of(const struct io_device *wire) {
    for (uint32_t n = 0; n < switch_count; n++)
        if (switches[n].wire == wire)
            return &switches[n];
    return NULL;
}

static uint32_t bucket_of(const uint8_t hardware[NETWORK_ADDRESS]) {
    return (hardware[5] ^ hardware[4] * 7u ^ hardware[3] * 31u) % SWITCH_BUCKETS;
}

struct port *switch_find(const struct network_switch *at, const uint8_t hardware[NETWORK_ADDRESS]) {
    struct port *port = at->buckets[bucket_of(hardware)];
    while (port != NULL && memcmp(port->identity.hardware, hardware, NETWORK_ADDRESS) != 0)
        port = port->same_hash;
    return port;
}

void switch_join(struct network_switch *at, struct port *port) {
    struct port **bucket = &at->buckets[bucket_of(port->identity.hardware)];
    port->at = at;
    port->same_hash = *bucket;
    *bucket = port;
    port->previous = NULL;
    port->next = at->ports;
    if (at->ports != NULL)
        at->ports->previous = port;
    at->ports = port;
}

static void rest(struct port *port, uint64_t now) {
    if (port->waits_in == NULL)
        return;
    schedule_rests(port->waits_in, &port->binding->flow, now);
    port->waits_in = NULL;
}

static void leave_flood(const struct port *port) {
    struct flood *flood = &port->at->flood;
    if (flood->from == port)
        flood->from = NULL;
    if (flood->next == port)
        flood->next = port->next;
}

void switch_leave(struct port *port) {
    struct port **link = &port->at->buckets[bucket_of(port->identity.hardware)];
    rest(port, clock_now());
    leave_flood(port);
    while (*link != port)
        link = &(*link)->same_hash;
    *link = port->same_hash;
    if (port->next != NULL)
        port->next->previous = port->previous;
    *(port->previous != NULL ? &port->previous->next : &port->at->ports) = port->next;
}

/* ---- Waiting ---- */

void switch_rest(struct port *port) {
    rest(port, clock_now());
}

static void look_again(void) {
    look_at = 0;
    scheduler_request();
}

static void wait_in(struct port *port, struct schedule *schedule, uint64_t now) {
    if (port->waits_in == schedule)
        return;
    rest(port, now);
    port->waits_in = schedule;
    port->at->inside.behind = port->at->wire->schedule.behind; /* a flow's tag is of one clock */
    schedule_wants(schedule, &port->binding->flow, now);
    look_again();
}

void switch_limits_changed(struct port *port) {
    if (port->waits_in != NULL)
        schedule_flow_changed(port->waits_in, &port->binding->flow, clock_now());
    look_again();
}

/* ---- Floods ---- */

static uint8_t *flood_buffer(const struct network_switch *at) {
    return window_map(WINDOW_NETWORK_FLOOD, uplink_spare_frame(at->wire));
}

static bool may_hear(const struct network_switch *at, const struct port *port) {
    const struct flood *flood = &at->flood;
    if (flood->from_wire)
        return port->identity.uplink;
    return flood->from != NULL && flood->from != port &&
           tenants_may_talk(flood->from->binding->tenant, port->binding->tenant);
}

/* true: there is more to do. */
static bool flood_step(struct network_switch *at, uint64_t now) {
    struct flood *flood = &at->flood;
    const uint8_t *data = flood_buffer(at);
    const struct incoming frame = {
        .bytes = flood->bytes, .header = data, .data = data, .is_inside = !flood->from_wire};
    for (uint32_t n = 0; n < FLOOD_STEP && flood->next != NULL; n++) {
        struct port *port = flood->next;
        flood->next = port->next;
        if (!may_hear(at, port))
            continue;
        port_deliver(port, &frame, now);
        port_tell(port);
    }
    if (flood->next == NULL)
        flood->bytes = 0;
    return flood->next != NULL;
}

static void flood_begin(struct network_switch *at, struct port *from, const uint8_t *header,
                        const uint8_t *data, uint32_t bytes, uint64_t now) {
    uint32_t copied = bytes < HEADER_BYTES ? bytes : HEADER_BYTES;
    uint8_t *buffer = flood_buffer(at);
    memcpy(buffer, header, copied);
    memcpy(buffer + copied, data + copied, bytes - copied);
    at->flood =
        (struct flood){.bytes = bytes, .from = from, .from_wire = from == NULL, .next = at->ports};
    if (flood_step(at, now))
        look_again();
}

static bool may_flood(struct limit *limit, uint64_t now) {
    if (limit_ready_at(limit) > now)
        return false;
    limit_charge(limit, now, 0);
    return true;
}

/* ---- Where a frame goes ---- */

enum outcome { PASSED, NO_FRAME_LEFT, WAITS_FOR_WIRE, WAITS_INSIDE };

static void count(struct network_counters *counters, uint32_t bytes) {
    counters->frames++;
    counters->bytes += bytes;
}

static bool is_paced(const struct network_switch *at) {
    return at->wire->model.latency_target != 0;
}

static uint32_t cost_at_wire(const struct network_switch *at, uint32_t bytes) {
    return cost_of(&at->wire->model.cost, true, false, bytes);
}

/* Others have waited for the wire longer; or all of it is given by turns. */
static bool must_queue(const struct port *port) {
    struct schedule *wire = &port->at->wire->schedule;
    return port->waits_in != wire && (wire->ready.count != 0 || is_paced(port->at));
}

/* What is of a reservation keeps no pace. */
static bool is_its_time(const struct port *port, uint32_t bytes, uint64_t now) {
    struct io_device *wire = port->at->wire;
    return schedule_is_due(&wire->schedule, &port->binding->flow, now) ||
           pace_until(wire, cost_at_wire(port->at, bytes), now) == 0;
}

static bool wire_has_room(const struct port *port, const struct outgoing *frame, uint64_t now) {
    return !must_queue(port) && uplink_has_room(port->at->wire) &&
           is_its_time(port, frame->bytes, now);
}

static void send_to_wire(struct port *port, const struct outgoing *frame, uint64_t now) {
    pace_charge(port->at->wire, cost_at_wire(port->at, frame->bytes), now);
    uplink_send(port->at->wire, port->binding->tenant, frame->header, frame->data, frame->bytes);
}

static enum outcome pass_to_wire(struct port *port, const struct outgoing *frame, uint64_t now) {
    if (!port->identity.uplink) {
        port->sent.refused++;
        return PASSED;
    }
    if (!wire_has_room(port, frame, now))
        return WAITS_FOR_WIRE;
    send_to_wire(port, frame, now);
    count(&port->sent, frame->bytes);
    return PASSED;
}

static enum outcome pass_to_port(struct port *port, struct port *to, const struct outgoing *frame,
                                 uint64_t now) {
    if (DEFENCE_NETWORK_POLICY && !tenants_may_talk(port->binding->tenant, to->binding->tenant)) {
        port->sent.refused++;
        return PASSED;
    }
    const struct incoming delivered = {
        .bytes = frame->bytes,
        .header_bytes = frame->bytes < HEADER_BYTES ? frame->bytes : HEADER_BYTES,
        .header = frame->header,
        .data = frame->data,
        .is_inside = true,
    };
    port_deliver(to, &delivered, now);
    port_tell(to);
    count(&port->sent, frame->bytes);
    return PASSED;
}

/* While the card is down only the others hear it. */
static enum outcome pass_to_all(struct port *port, const struct outgoing *frame, uint64_t now) {
    struct network_switch *at = port->at;
    bool goes_out = port->identity.uplink && uplink_is_up(at->wire);
    if (at->flood.bytes != 0)
        return WAITS_INSIDE;
    if (goes_out && !wire_has_room(port, frame, now))
        return WAITS_FOR_WIRE;
    if (!may_flood(&port->flood_limit, now)) {
        port->sent.dropped++;
        return PASSED;
    }
    if (goes_out)
        send_to_wire(port, frame, now);
    flood_begin(at, port, frame->header, frame->data, frame->bytes, now);
    count(&port->sent, frame->bytes);
    return PASSED;
}

static enum outcome route(struct port *port, const struct outgoing *frame, uint64_t now) {
    if (frame->bytes == 0) {
        port->sent.dropped++;
        return PASSED;
    }
    if (DEFENCE_NETWORK_SENDER && !sender_is_honest(frame->header, frame->bytes, &port->identity)) {
        port->sent.refused++;
        return PASSED;
    }
    if (frame->header[0] & GROUP_ADDRESS)
        return pass_to_all(port, frame, now);
    struct port *to = switch_find(port->at, frame->header);
    return to != NULL ? pass_to_port(port, to, frame, now) : pass_to_wire(port, frame, now);
}

static enum outcome pass(struct port *port, uint64_t now, uint32_t *bytes) {
    struct outgoing frame;
    if (!port_peek(port, &frame))
        return NO_FRAME_LEFT;
    *bytes = frame.bytes;
    enum outcome outcome = route(port, &frame, now);
    if (outcome == PASSED)
        port_advance(port);
    return outcome;
}

/* ---- From a port ---- */

static struct schedule *where_to_wait(const struct port *port, enum outcome outcome) {
    return outcome == WAITS_FOR_WIRE ? &port->at->wire->schedule : &port->at->inside;
}

uint32_t switch_submit(struct port *port) {
    uint64_t now = clock_now();
    struct limit *limit = &port->binding->flow.limit;
    uint32_t taken = 0, bytes;
    while (port->waits_in == NULL && taken < NETWORK_SUBMIT_BATCH) {
        enum outcome outcome = WAITS_INSIDE;
        if (limit_ready_at(limit) <= now)
            outcome = pass(port, now, &bytes);
        else if (!port_has_frames(port))
            outcome = NO_FRAME_LEFT;
        if (outcome == NO_FRAME_LEFT)
            break;
        if (outcome == PASSED) {
            limit_charge(limit, now, bytes);
            taken++;
        } else {
            wait_in(port, where_to_wait(port, outcome), now);
        }
    }
    return taken;
}

/* ---- Those that wait ---- */

/* Once their limit has room, or the flood has ended, they ring the doorbell again: on their own time. */
static bool wake_inside(struct network_switch *at, uint64_t now) {
    struct flow *flow;
    for (uint32_t n = 0; n < WAKE_STEP; n++) {
        if ((flow = schedule_next(&at->inside, now)) == NULL)
            return false;
        struct port *port = HEAP_OWNER(flow, struct io_binding, flow)->port;
        rest(port, now);
        port->must_tell = true;
        port_tell(port);
    }
    return true;
}

static void passed_later(struct port *port, uint32_t bytes, uint64_t now) {
    struct network_switch *at = port->at;
    struct flow *flow = &port->binding->flow;
    schedule_charge(&at->wire->schedule, flow, now, cost_at_wire(at, bytes), bytes);
    bool has_more = port_has_frames(port);
    if (!has_more)
        rest(port, now);
    else if (flow->state == FLOW_HELD)
        wait_in(port, &at->inside, now);
    port->must_tell |= !has_more || port->transmit_head % NETWORK_SUBMIT_BATCH == 0;
    port_tell(port);
}

/* Those whose turn it is at the wire, SERVE_STEP frames at most; true: there is more to do at once. */
static bool serve_wire(struct network_switch *at, uint64_t now) {
    struct schedule *schedule = &at->wire->schedule;
    struct flow *flow;
    for (uint32_t n = 0; n < SERVE_STEP; n++) {
        if ((flow = schedule_next(schedule, now)) == NULL)
            return false;
        struct port *port = HEAP_OWNER(flow, struct io_binding, flow)->port;
        uint32_t bytes = 0;
        enum outcome outcome = pass(port, now, &bytes);
        if (outcome == PASSED)
            passed_later(port, bytes, now);
        else if (outcome == NO_FRAME_LEFT)
            rest(port, now);
        else if (where_to_wait(port, outcome) == schedule)
            return false; /* until there is room, or the flood has ended */
        else
            wait_in(port, where_to_wait(port, outcome), now);
    }
    return true;
}

/* When the next of those that wait may go, if it is the pace that they wait for. */
static uint64_t paced_until(const struct network_switch *at, uint64_t now) {
    const struct io_device *wire = at->wire;
    if (wire->schedule.ready.count == 0 || !uplink_is_up(wire))
        return DEADLINE_NEVER;
    uint64_t until = pace_until(wire, cost_at_wire(at, NETWORK_FRAME_MOST), now);
    return until != 0 ? until : DEADLINE_NEVER;
}

void switch_wire_is_free(struct network_switch *at) {
    uint64_t now = clock_now();
    if (serve_wire(at, now) || paced_until(at, now) != DEADLINE_NEVER)
        look_again();
}

uint64_t switches_work(uint64_t now) {
    if (now < look_at)
        return look_at;
    look_at = DEADLINE_NEVER;
    for (uint32_t n = 0; n < switch_count; n++) {
        struct network_switch *at = &switches[n];
        bool more = at->flood.bytes != 0 && flood_step(at, now);
        if (at->flood.bytes == 0)
            more |= uplink_take_waiting(at->wire);
        if (at->flood.bytes == 0)
            more |= wake_inside(at, now);
        more |= serve_wire(at, now);
        look_at = earlier(look_at, more ? now : schedule_held_until(&at->inside));
        look_at = earlier(look_at, paced_until(at, now));
    }
    return look_at;
}

/* ---- From the wire ---- */

bool switch_receive(struct network_switch *at, const uint8_t *data, uint32_t bytes,
                    struct tenant **owner) {
    uint64_t now = clock_now();
    *owner = NULL;
    if (data[0] & GROUP_ADDRESS) {
        if (at->flood.bytes != 0)
            return false;
        if (may_flood(&at->wire_floods, now))
            flood_begin(at, NULL, data, data, bytes, now);
        return true;
    }
    struct port *to = switch_find(at, data);
    if (to == NULL || !to->identity.uplink)
        return true;
    port_deliver(to, &(struct incoming){.bytes = bytes, .header = data, .data = data}, now);
    port_tell(to);
    *owner = to->binding->tenant;
    return true;
}
