// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_io.c
// sources: kernel/network/bind.c kernel/network/policy.c kernel/network/port.c kernel/network/sender.c
// sources: kernel/network/internet_checksum.c
// sources: kernel/network/switch.c kernel/network/uplink.c
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * Each tenant's first frame is its ring, which its next frames have the buffers of. The card is described once: with a driver, up.
 */
#include "tests/unit/fake_network.h"

#include "kernel/link/link.h"

/* Nobody has links here. */
bool links_cut_between(struct tenant *one, struct tenant *other) {
    (void)one, (void)other;
    return true;
}

/* ---- Tenants ---- */

struct network_grant grants[TENANTS];

struct network_ring *port_ring(uint32_t n) {
    return (struct network_ring *)memory[n * FRAMES];
}

void write_address(uint8_t *at, uint32_t n) {
    const uint8_t hardware[NETWORK_ADDRESS] = {0x02, 'R', 'F', 0, 0, (uint8_t)n};
    memcpy(at, hardware, NETWORK_ADDRESS);
    if (n == EVERYBODY)
        memset(at, 0xFF, NETWORK_ADDRESS);
}

struct network_buffer buffer_at(uint32_t place, bool sends) {
    uint32_t page = BUFFER_PAGE + (sends ? 16 : 0) + place % 32 / 2;
    return (struct network_buffer){.frame = page,
                                   .offset = (uint16_t)(place % 2 * NETWORK_BUFFER_BYTES),
                                   .bytes = NETWORK_BUFFER_BYTES};
}

uint8_t *bytes_of(uint32_t n, const struct network_buffer *at) {
    return memory[n * FRAMES + at->frame] + at->offset;
}

void offer_buffers(uint32_t n, uint32_t count) {
    for (; count > 0; count--, port_ring(n)->receive_tail++)
        port_ring(n)->receive[port_ring(n)->receive_tail % NETWORK_ENTRIES] =
            buffer_at(port_ring(n)->receive_tail, false);
}

void put_frame(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark) {
    struct network_buffer at = buffer_at(port_ring(n)->transmit_tail, true);
    uint8_t *frame = bytes_of(n, &at);
    memset(frame, 0, NETWORK_BUFFER_BYTES);
    write_address(frame, to);
    write_address(frame + 6, n);
    frame[12] = 0x86; /* IPv6, from nobody, with nothing in it */
    frame[13] = 0xDD;
    frame[14] = 0x60;
    frame[20] = 59;
    memcpy(frame + bytes - sizeof mark, &mark, sizeof mark);
    at.bytes = (uint16_t)bytes;
    port_ring(n)->transmit[port_ring(n)->transmit_tail++ % NETWORK_ENTRIES] = at;
}

uint32_t ring_doorbell(uint32_t n) {
    uint32_t accepted = 77;
    assert_int_equal(io_submit(&people[n], 0, &accepted), STATUS_OK);
    return accepted;
}

void send_frame(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark) {
    put_frame(n, to, bytes, mark);
    ring_doorbell(n);
}

uint32_t take_frame(uint32_t n, uint32_t bytes) {
    uint32_t mark, place = port_ring(n)->receive_seen++ % NETWORK_ENTRIES;
    assert_int_not_equal(port_ring(n)->receive_head, port_ring(n)->receive_seen - 1);
    const struct network_buffer *at = &port_ring(n)->receive[place];
    assert_int_equal(at->bytes & ~NETWORK_INSIDE, bytes);
    memcpy(&mark, bytes_of(n, at) + bytes - sizeof mark, sizeof mark);
    return mark;
}

uint32_t frames_waiting(uint32_t n) {
    return port_ring(n)->receive_head - port_ring(n)->receive_seen;
}

struct tenant_status status_of(uint32_t n) {
    struct tenant_status status = {0};
    network_fill_status(&people[n], &status);
    return status;
}

void join_switch(uint32_t n) {
    char reason[TENANT_REASON];
    assert_int_equal(network_bind(&people[n], &grants[n], 0, reason), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 0), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 1), STATUS_BUSY);
    offer_buffers(n, 16);
}

/* ---- The card ---- */

struct driver_request at_card[DRIVER_DEPTH];
static uint32_t fetched[DRIVER_DEPTH], fetches; /* when, by counting */

void fetch_all(void) {
    struct driver_request request;
    while (io_fetch(&driver, &request) == STATUS_OK) {
        at_card[request.id] = request;
        fetched[request.id] = ++fetches;
    }
}

uint8_t *at_bus(uint64_t bus) {
    return (uint8_t *)memory + bus;
}

uint32_t card_sends(uint32_t *bytes) {
    uint32_t mark, first = DRIVER_DEPTH;
    fetch_all();
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++)
        if (at_card[id].bytes != 0 && (first == DRIVER_DEPTH || fetched[id] < fetched[first]))
            first = id;
    if (first == DRIVER_DEPTH)
        return 0;
    *bytes = at_card[first].bytes;
    memcpy(&mark, at_bus(at_card[first].segments[0].bus_address) + *bytes - sizeof mark,
           sizeof mark);
    at_card[first].bytes = 0;
    assert_int_equal(io_complete(&driver, first, STATUS_OK, *bytes), STATUS_OK);
    return mark;
}

bool card_receives(uint32_t to, uint32_t bytes, uint32_t mark) {
    fetch_all();
    for (uint32_t id = 0; id < UPLINK_RECEIVES; id++) {
        if (at_card[id].bytes == 0)
            continue;
        uint8_t *frame = at_bus(at_card[id].segments[0].bus_address);
        write_address(frame, to);
        memcpy(frame + bytes - sizeof mark, &mark, sizeof mark);
        at_card[id].bytes = 0;
        assert_int_equal(io_complete(&driver, id, STATUS_OK, bytes), STATUS_OK);
        return true;
    }
    return false;
}

/* ---- Around each test ---- */

static void start_card(void) {
    const struct device_description card = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    memset(io_devices, 0, IO_DEVICES * sizeof *io_devices);
    io_device_count = 0;
    memset(at_card, 0, sizeof at_card);
    uplink_initialise();
    driver = (struct driver){
        .manifest = {.name = "test", .device = "net", .class = DEVICE_NETWORK, .dma = 1}};
    driver.device = io_device_make(&driver);
    assert_int_equal(io_check_description(&driver, &card), STATUS_OK);
    io_driver_ready(&driver, &card);
    io_name_devices();
}

int start_network(void **state) {
    static struct tenant_information told[TENANTS];
    (void)state;
    now = SECOND;
    io_devices[0].busy_until = 0;
    memset(memory, 0, sizeof memory);
    if (switch_of(&io_devices[0]) == NULL)
        start_card();
    for (uint32_t n = 0; n < TENANTS; n++) {
        people[n] = (struct tenant){.number = n, .state = TENANT_RUNNING, .information = &told[n]};
        tenants[n] = &people[n];
        grants[n] =
            (struct network_grant){.device = "net0", .weight = 100, .burst_milliseconds = 100};
        write_address(grants[n].identity.hardware, n);
        grants[n].identity.uplink = 1;
        join_switch(n);
    }
    assert_int_equal(policy_set(0, 1, true), STATUS_OK);
    return 0;
}

int end_network(void **state) {
    uint32_t bytes;
    (void)state;
    for (uint32_t n = 0; n < TENANTS; n++)
        assert_true(io_unbind(&people[n]));
    while (card_sends(&bytes) != 0)
        continue;
    switches_work(now);
    no_pin_is_left();
    return 0;
}
