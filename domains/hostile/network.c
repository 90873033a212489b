// SPDX-License-Identifier: MIT
/*
 * The network: who listens would hear what must not pass. The attacker and its accomplice have a port each; the referee
 * lets the two talk, or not (tests/escape/referee/tenant.c).
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"

#define PATIENCE    1000 /* milliseconds for something to be heard */
#define FRAME_BYTES 64u
#define LISTENER    1 /* last bytes of the two hardware addresses */
#define SPEAKER     2
#define NOBODY      3
#define SHORT_ROOM  20u /* bytes of the frame before its page ends */

static uint32_t device;

static volatile struct network_ring *attach(void) {
    for (device = 0; device < information()->device_count; device++)
        if (information()->devices[device].class == DEVICE_NETWORK)
            break;
    uint32_t frame = take_frame();
    enum status status = io_attach(device, frame);
    if (status != STATUS_OK)
        refused("no network, status %u", status);
    return frame_at(frame);
}

static void put_address(uint8_t *at, uint8_t last) {
    const uint8_t address[NETWORK_ADDRESS] = {0x02, 'R', 'F', 0, 0, last};
    memcpy(at, address, sizeof address);
}

/* An IPv6 packet from nobody, with nothing in it. */
static void fill(uint8_t *frame, uint8_t from) {
    put_address(frame, LISTENER);
    put_address(frame + NETWORK_ADDRESS, from);
    frame[12] = 0x86;
    frame[13] = 0xDD;
    frame[14] = 0x60;
    frame[20] = 59;
}

/* ---- Accomplices ---- */

static _Noreturn void say_again_and_again(volatile struct network_ring *ring,
                                          struct network_buffer buffer) {
    for (;; sleep_milliseconds(1)) {
        *(struct network_buffer *)&ring->transmit[ring->transmit_tail % NETWORK_ENTRIES] = buffer;
        ring->transmit_tail++;
        io_submit(device, IO_NOW);
    }
}

static void say(uint8_t from) {
    volatile struct network_ring *ring = attach();
    uint32_t frame = take_frame();
    fill(frame_at(frame), from);
    say_again_and_again(ring, (struct network_buffer){.frame = frame, .bytes = FRAME_BYTES});
}

static void speak(void) {
    say(SPEAKER);
}

static void forge_sender(void) {
    say(NOBODY);
}

/* Most of the frame lies in the page behind its buffer's, which is none of the tenant's. */
static void send_past_page(void) {
    volatile struct network_ring *ring = attach();
    uint32_t frame = take_frame();
    fill((uint8_t *)frame_at(frame) + PAGE_SIZE - SHORT_ROOM - 1, SPEAKER);
    say_again_and_again(ring,
                        (struct network_buffer){.frame = frame,
                                                .offset = (uint16_t)(PAGE_SIZE - SHORT_ROOM - 1),
                                                .bytes = NETWORK_FRAME_MOST});
}

/* ---- Listeners ---- */

/* The first frame that comes into the buffer; ends the attack if none does. */
static uint32_t hear(uint32_t frame, uint32_t offset) {
    volatile struct network_ring *ring = attach();
    ring->receive[0].frame = frame;
    ring->receive[0].offset = (uint16_t)offset;
    ring->receive[0].bytes = NETWORK_BUFFER_BYTES;
    ring->receive_tail = 1;
    for (uint32_t waited = 0; waited < PATIENCE && ring->receive_head == 0; waited += 10)
        sleep_milliseconds(10);
    if (ring->receive_head == 0)
        refused("nothing is heard");
    return ring->receive[0].bytes;
}

static void hear_neighbour(void) {
    uint32_t frame = take_frame(), bytes = hear(frame, 0);
    escaped("%u bytes from another tenant", bytes);
}

static void hear_forgery(void) {
    uint32_t frame = take_frame(), bytes = hear(frame, 0);
    escaped("%u bytes from %x", bytes, ((uint8_t *)frame_at(frame))[2 * NETWORK_ADDRESS - 1]);
}

static void hear_past_page(void) {
    uint32_t frame = take_frame(), bytes = hear(frame, 0);
    escaped("%u bytes, %x among them", bytes, ((uint32_t *)frame_at(frame))[SHORT_ROOM]);
}

/* Its own buffer would let the core write behind the page. */
static void receive_past_page(void) {
    uint32_t bytes = hear(take_frame(), PAGE_SIZE - SHORT_ROOM);
    if (bytes != 0)
        escaped("%u bytes are written behind a page", bytes);
    refused("the buffer is passed over");
}

const struct attack network_attacks[] = {
    {"hear-neighbour", hear_neighbour},
    {"hear-forgery", hear_forgery},
    {"hear-past-page", hear_past_page},
    {"receive-past-page", receive_past_page},
    {"net-speak", speak},
    {"net-forge-sender", forge_sender},
    {"net-send-past-page", send_past_page},
    {0, 0},
};
