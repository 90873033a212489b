// SPDX-License-Identifier: MIT
/*
 * Devices: what stands in a shared ring is a rumour, and a volume ends where the grant says.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#define DISK           0
#define PATIENCE       500 /* milliseconds for an answer of the disk */
#define ABSURD_ENTRIES 1000u
#define ABSURD_DEVICE  0x06000000u /* four bytes each: far from any table */

static struct io_ring *attach(void) {
    uint32_t frame = take_frame();
    enum status status = io_attach(DISK, frame);
    if (status != STATUS_OK)
        refused("no disk, status %u", status);
    return frame_at(frame);
}

/* Submits one entry and waits for its answer. */
static struct io_completion transfer(const struct io_submission *entry) {
    volatile struct io_ring *ring = attach();
    *(struct io_submission *)&ring->submissions[0] = *entry;
    ring->submit_tail = 1;
    io_submit(DISK);
    for (uint32_t i = 0; i < PATIENCE && ring->complete_tail == 0; i++)
        sleep_milliseconds(1);
    if (ring->complete_tail == 0)
        escaped("the disk was asked, and does not answer");
    return *(struct io_completion *)&ring->completions[0];
}

/* A tail far ahead of the head: more entries than a ring or a queue has. */
static void overrun_ring(void) {
    struct io_ring *ring = attach();
    ring->submit_tail = ABSURD_ENTRIES;
    struct gate_answer answer = io_submit(DISK);
    if (answer.value > IO_RING_ENTRIES)
        escaped("%u entries were taken from a ring of %u", answer.value, IO_RING_ENTRIES);
    refused("%u entries were taken", answer.value);
}

/* The next tenant's volume begins where this one ends. */
static void read_past_volume(void) {
    uint32_t frame = take_frame();
    struct io_completion answer = transfer(&(struct io_submission){
        .operation = IO_READ,
        .position = information()->devices[DISK].bytes,
        .bytes = PAGE_SIZE,
        .frame = {frame},
    });
    if (answer.status == STATUS_OK)
        escaped("the next volume begins with %x", *(uint32_t *)frame_at(frame));
    refused("status %u", answer.status);
}

/* An offset past the frame's end: the device would write into the frame behind it, anybody's. */
static void read_past_frame(void) {
    struct io_completion answer = transfer(&(struct io_submission){
        .operation = IO_READ,
        .offset = PAGE_SIZE + IO_BLOCK_SIZE,
        .bytes = IO_BLOCK_SIZE,
        .frame = {take_frame(), take_frame()},
    });
    if (answer.status == STATUS_OK)
        escaped("the device wrote behind the frame");
    refused("status %u", answer.status);
}

/* A device's number is an index. */
static void name_absurd_device(void) {
    struct io_status answer;
    refused("status %u", io_status(ABSURD_DEVICE, &answer));
}

const struct attack io_attacks[] = {
    {"overrun-ring", overrun_ring},
    {"read-past-volume", read_past_volume},
    {"read-past-frame", read_past_frame},
    {"name-absurd-device", name_absurd_device},
    {0, 0},
};
