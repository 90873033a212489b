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
    io_submit(DISK, IO_NOW);
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
    struct gate_answer answer = io_submit(DISK, IO_NOW);
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

static void judge(struct io_completion answer) {
    if (answer.status == STATUS_OK)
        escaped("the device did it");
    refused("status %u", answer.status);
}

/* More bytes than a request has frames for. */
static void transfer_too_much(void) {
    struct io_submission entry = {.operation = IO_READ, .bytes = 4 * IO_BYTES_MAX};
    for (uint32_t n = 0; n < IO_SEGMENTS; n++)
        entry.frame[n] = take_frame();
    judge(transfer(&entry));
}

static void transfer_nothing(void) {
    judge(transfer(&(struct io_submission){.operation = IO_READ, .frame = {take_frame()}}));
}

/* An index that has no frame. */
static void transfer_unbound_frame(void) {
    judge(transfer(&(struct io_submission){
        .operation = IO_READ, .bytes = PAGE_SIZE, .frame = {information()->frames - 1}}));
}

static void ask_unknown_operation(void) {
    judge(transfer(
        &(struct io_submission){.operation = 77, .bytes = PAGE_SIZE, .frame = {take_frame()}}));
}

static void transfer_misaligned(void) {
    judge(transfer(&(struct io_submission){
        .operation = IO_READ, .position = 100, .bytes = PAGE_SIZE, .frame = {take_frame()}}));
}

/* position + bytes would wrap to a small number. */
static void transfer_around_the_end(void) {
    judge(transfer(&(struct io_submission){.operation = IO_READ,
                                           .position = 0xFFFFFFFFFFFFFE00ull,
                                           .bytes = IO_BLOCK_SIZE,
                                           .frame = {take_frame()}}));
}

static void attach_past_window(void) {
    enum status status = io_attach(DISK, INDEX_OF_TEXT);
    if (status == STATUS_OK)
        escaped("the shared text is an IO ring");
    refused("status %u", status);
}

static void attach_unbound_frame(void) {
    enum status status = io_attach(DISK, information()->frames - 1);
    if (status == STATUS_OK)
        escaped("nothing is an IO ring");
    refused("status %u", status);
}

static void attach_twice(void) {
    attach();
    enum status status = io_attach(DISK, take_frame());
    if (status == STATUS_OK)
        escaped("the first ring is forgotten, and still pinned");
    refused("status %u", status);
}

static void submit_without_ring(void) {
    enum status status = io_submit(DISK, IO_NOW).status;
    if (status != STATUS_BAD_HANDLE)
        escaped("the core looks into a ring that is not there, status %u", status);
    refused("status %u", status);
}

/* As many requests at once as there may be. */
static void fill_ring(volatile struct io_ring *ring, uint32_t frame) {
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++)
        *(struct io_submission *)&ring->submissions[i] =
            (struct io_submission){.operation = IO_READ, .bytes = PAGE_SIZE, .frame = {frame}};
    ring->submit_tail = IO_RING_ENTRIES;
    for (uint32_t i = 0; i < IO_RING_ENTRIES / IO_SUBMIT_BATCH; i++)
        io_submit(DISK, IO_NOW);
}

/* The completions of what is in flight would go to nowhere. */
static void detach_in_flight(void) {
    uint32_t frame = take_frame();
    enum status status = STATUS_OK;
    while (status == STATUS_OK) { /* again, if the disk was done with all of them before */
        volatile struct io_ring *ring = attach();
        fill_ring(ring, frame);
        status = io_detach(DISK);
        if (status == STATUS_OK && ring->complete_tail != IO_RING_ENTRIES)
            escaped("the ring is gone, the requests are not");
    }
    refused("status %u", status);
}

/* Completions that nobody takes: the ring is full of them, and the next one has no place. */
static void starve_completions(void) {
    volatile struct io_ring *ring = attach();
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++)
        ((struct io_submission *)&ring->submissions[i])->reserved = 1;
    ring->submit_tail = IO_RING_ENTRIES;
    while (ring->submit_head != IO_RING_ENTRIES && io_submit(DISK, IO_NOW).status == STATUS_OK)
        continue;
    ring->submit_tail = IO_RING_ENTRIES + 1;
    struct gate_answer answer = io_submit(DISK, IO_NOW);
    if (answer.status == STATUS_OK && answer.value != 0)
        escaped("entry %u came back over another", IO_RING_ENTRIES);
    refused("status %u", answer.status);
}

/* Its own frame, but one that it gives back while the device still writes to it. */
static void give_back_in_flight(void) {
    volatile struct io_ring *ring = attach();
    uint32_t frame = take_frame();
    fill_ring(ring, frame);
    enum status status = frame_unbind(frame, 1);
    if (status == STATUS_OK && ring->complete_tail != ring->submit_head)
        escaped("the device writes to a free frame");
    refused("status %u", status);
}

/* It ends with requests in flight. What the device still writes must not come to the next owner of the
 * frames: the bystander's reads go on, and the audit finds every frame. */
static void die_in_flight(void) {
    volatile struct io_ring *ring = attach();
    fill_ring(ring, take_frame());
    refused("%u requests are in flight", ring->submit_head - ring->complete_tail);
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
    {"transfer-too-much", transfer_too_much},
    {"transfer-nothing", transfer_nothing},
    {"transfer-unbound-frame", transfer_unbound_frame},
    {"ask-unknown-operation", ask_unknown_operation},
    {"transfer-misaligned", transfer_misaligned},
    {"transfer-around-the-end", transfer_around_the_end},
    {"attach-past-window", attach_past_window},
    {"attach-unbound-frame", attach_unbound_frame},
    {"attach-twice", attach_twice},
    {"submit-without-ring", submit_without_ring},
    {"detach-in-flight", detach_in_flight},
    {"starve-completions", starve_completions},
    {"give-back-in-flight", give_back_in_flight},
    {"die-in-flight", die_in_flight},
    {0, 0},
};
