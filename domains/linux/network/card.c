// SPDX-License-Identifier: MIT
#include "domains/linux/network/card.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/frame.h"
#include "kernel/abi/layout.h"

#include "kernel/abi/io.h"

#include <lwip/pbuf.h>

#define BUFFERS_A_FRAME (PAGE_SIZE / NETWORK_BUFFER_BYTES)
#define RECEIVE_FIRST                                                                              \
    32u /* buffers that there are when there is little to do; a window of TCP fits */
#define SEND_FIRST  16u
#define FRAMES_MOST (NETWORK_ENTRIES / BUFFERS_A_FRAME)
#define LENT_MOST   8u /* what nobody reads may not take the buffers from what comes */

/* Buffers in the order of the ring's entries; their frames come when they are first used. */
struct buffers {
    uint32_t frames[FRAMES_MOST];
    uint32_t count; /* that there are */
};

/* A buffer that lwIP has as it is. */
struct loan {
    struct pbuf_custom frame;
    struct network_buffer buffer;
    struct loan *next; /* of those that are free */
};

static struct {
    const struct information_device *device;
    struct network_ring *ring;
    struct loan loans[LENT_MOST], *free;
    uint32_t lent;
    struct buffers receive, send;
    uint32_t received; /* taken from the ring */
    uint32_t receive_tail, send_tail;
    uint32_t send_next; /* the buffer of the next frame */
    struct card_counters counters;
} card;

const struct information_device *card_granted(void) {
    /* The core writes what it says of devices before the manager runs, and never again. */
    const struct tenant_information *told = (const struct tenant_information *)information();
    for (uint32_t n = 0; n < told->device_count; n++)
        if (told->devices[n].class == DEVICE_NETWORK)
            return &told->devices[n];
    return NULL;
}

const struct card_counters *card_counters(void) {
    return &card.counters;
}

/* ---- Buffers ---- */

/* false: no memory, or there are as many as the ring has entries. */
static bool add_frame(struct buffers *buffers) {
    uint32_t frame = buffers->count < NETWORK_ENTRIES ? frame_allocate() : NO_FRAME;
    if (frame == NO_FRAME)
        return false;
    buffers->frames[buffers->count / BUFFERS_A_FRAME] = frame;
    buffers->count += BUFFERS_A_FRAME;
    return true;
}

static bool make_first(struct buffers *buffers, uint32_t count) {
    while (buffers->count < count)
        if (!add_frame(buffers))
            return false;
    return true;
}

static struct network_buffer describe(const struct buffers *buffers, uint32_t number,
                                      uint32_t bytes) {
    return (struct network_buffer){
        .frame = buffers->frames[number / BUFFERS_A_FRAME],
        .offset = (uint16_t)(number % BUFFERS_A_FRAME * NETWORK_BUFFER_BYTES),
        .bytes = (uint16_t)bytes,
    };
}

static uint8_t *address(const struct network_buffer *buffer) {
    return (uint8_t *)frame_pointer(buffer->frame) + buffer->offset;
}

static void offer(uint32_t number) {
    card.ring->receive[card.receive_tail % NETWORK_ENTRIES] =
        describe(&card.receive, number, NETWORK_BUFFER_BYTES);
    __atomic_store_n(&card.ring->receive_tail, ++card.receive_tail, __ATOMIC_RELEASE);
}

/* Twice as many if they were nearly all full: of a burst something was lost, or soon will be. */
static void grow_receive(uint32_t full) {
    uint32_t before = card.receive.count;
    if (full + card.lent + BUFFERS_A_FRAME < before)
        return;
    while (card.receive.count < 2 * before && add_frame(&card.receive))
        continue;
    for (uint32_t number = before; number < card.receive.count; number++)
        offer(number);
}

static void offer_again(struct network_buffer buffer) {
    buffer.bytes = NETWORK_BUFFER_BYTES;
    card.ring->receive[card.receive_tail % NETWORK_ENTRIES] = buffer;
    __atomic_store_n(&card.ring->receive_tail, ++card.receive_tail, __ATOMIC_RELEASE);
}

static void give_back(struct pbuf *frame) {
    struct loan *loan = (struct loan *)frame; /* begins with it */
    offer_again(loan->buffer);
    loan->next = card.free;
    card.free = loan;
    card.lent--;
}

static void make_loans(void) {
    for (struct loan *loan = card.loans; loan < card.loans + LENT_MOST; loan++) {
        loan->frame.custom_free_function = give_back;
        loan->next = card.free;
        card.free = loan;
    }
}

int card_start(const struct information_device *device) {
    uint32_t frame = frame_allocate();
    if (frame == NO_FRAME || !make_first(&card.receive, RECEIVE_FIRST) ||
        !make_first(&card.send, SEND_FIRST))
        return -ENOMEM;
    card.device = device;
    card.ring = frame_pointer(frame);
    make_loans();
    if (io_attach(device->device, frame) != STATUS_OK)
        return -EIO;
    for (uint32_t number = 0; number < card.receive.count; number++)
        offer(number);
    return 0;
}

/* ---- Frames ---- */

static void count_received(const struct pbuf *frame, uint32_t bytes) {
    if (frame == NULL) {
        card.counters.received_dropped++;
        return;
    }
    card.counters.received_frames++;
    card.counters.received_bytes += bytes;
}

/* To be told of the next one, the core has to know how far this one has come; then there may be more already. */
bool card_has_frames(void) {
    if (card.ring == NULL)
        return false;
    uint32_t *head = &card.ring->receive_head;
    if (card.received != __atomic_load_n(head, __ATOMIC_ACQUIRE))
        return true;
    __atomic_store_n(&card.ring->receive_seen, card.received, __ATOMIC_SEQ_CST);
    return card.received != __atomic_load_n(head, __ATOMIC_SEQ_CST);
}

enum wait_result card_wait(uint64_t deadline) {
    return wait_on_word(&card.ring->receive_head, card.received, deadline);
}

static struct pbuf *lend(struct network_buffer buffer, uint32_t bytes) {
    struct loan *loan = card.free;
    struct pbuf *frame = frame_lend(&loan->frame, address(&buffer), bytes);
    if (frame == NULL) {
        offer_again(buffer);
        return NULL;
    }
    loan->buffer = buffer;
    card.free = loan->next;
    card.lent++;
    return frame;
}

static struct pbuf *copy(struct network_buffer buffer, uint32_t bytes) {
    struct pbuf *frame = frame_copy(address(&buffer), bytes);
    offer_again(buffer);
    return frame;
}

struct pbuf *card_receive(bool *is_inside) {
    while (card_has_frames()) {
        struct network_buffer buffer = card.ring->receive[card.received % NETWORK_ENTRIES];
        uint32_t bytes = buffer.bytes & ~NETWORK_INSIDE;
        grow_receive(card.ring->receive_head - card.received);
        card.received++;
        *is_inside = buffer.bytes & NETWORK_INSIDE;
        struct pbuf *frame = card.free != NULL ? lend(buffer, bytes) : copy(buffer, bytes);
        count_received(frame, bytes);
        if (frame != NULL)
            return frame;
    }
    return NULL;
}

/* A free buffer for the next frame; false: the ring is full, or there is no memory for more. New ones come in at the end
 * of a round: those that are out stay the last of it. */
static bool has_room(void) {
    uint32_t head = __atomic_load_n(&card.ring->transmit_head, __ATOMIC_ACQUIRE);
    uint32_t out = card.send_tail - head, before = card.send.count;
    if (card.send_next == 0 && out + BUFFERS_A_FRAME >= before && add_frame(&card.send))
        card.send_next = before;
    return out < card.send.count;
}

/* What the limit held back, or a broadcast: the core has said that it may go. */
void card_send_rest(void) {
    if (card.ring != NULL &&
        card.send_tail != __atomic_load_n(&card.ring->transmit_head, __ATOMIC_ACQUIRE))
        io_submit(card.device->device, IO_NOW);
}

bool card_send(const struct pbuf *frame) {
    if (!has_room())
        card_send_rest(); /* nobody else may have had the time for it */
    if (frame->tot_len > NETWORK_FRAME_MOST || !has_room()) {
        card.counters.sent_dropped++;
        return false;
    }
    struct network_buffer buffer = describe(&card.send, card.send_next, frame->tot_len);
    card.send_next = (card.send_next + 1) % card.send.count;
    pbuf_copy_partial(frame, address(&buffer), frame->tot_len, 0);
    card.ring->transmit[card.send_tail % NETWORK_ENTRIES] = buffer;
    __atomic_store_n(&card.ring->transmit_tail, ++card.send_tail, __ATOMIC_RELEASE);
    card.counters.sent_frames++;
    card.counters.sent_bytes += frame->tot_len;
    io_submit(card.device->device, IO_NOW);
    return true;
}
