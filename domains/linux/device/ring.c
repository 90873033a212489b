// SPDX-License-Identifier: MIT
/*
 * The two counters that the manager writes are published with release order behind the entries they
 * cover, and the core's two are read with acquire order before what they cover.
 */
#include "domains/linux/device/ring.h"

#include <stddef.h>

void ring_start(struct ring *ring, struct io_ring *shared) {
    *ring = (struct ring){.shared = shared};
}

static uint32_t free_tag(const struct ring *ring) {
    uint32_t tag = 0;
    while (tag < IO_RING_ENTRIES && ring->owners[tag])
        tag++;
    return tag;
}

bool ring_put(struct ring *ring, const struct io_submission *submission, void *owner) {
    uint32_t tag = free_tag(ring);
    if (tag == IO_RING_ENTRIES)
        return false;
    ring->owners[tag] = owner;
    struct io_submission *entry = &ring->shared->submissions[ring->submit_tail % IO_RING_ENTRIES];
    *entry = *submission;
    entry->tag = tag;
    __atomic_store_n(&ring->shared->submit_tail, ++ring->submit_tail, __ATOMIC_RELEASE);
    return true;
}

void *ring_take(struct ring *ring, struct io_completion *completion) {
    void *owner = NULL;
    while (!owner &&
           ring->complete_head != __atomic_load_n(&ring->shared->complete_tail, __ATOMIC_ACQUIRE)) {
        *completion = ring->shared->completions[ring->complete_head % IO_RING_ENTRIES];
        __atomic_store_n(&ring->shared->complete_head, ++ring->complete_head, __ATOMIC_RELEASE);
        if (completion->tag < IO_RING_ENTRIES) {
            owner = ring->owners[completion->tag];
            ring->owners[completion->tag] = NULL;
        }
    }
    return owner;
}

const uint32_t *ring_tail(const struct ring *ring) {
    return (const uint32_t *)&ring->shared->complete_tail;
}

bool ring_has_unaccepted(const struct ring *ring) {
    return __atomic_load_n(&ring->shared->submit_head, __ATOMIC_ACQUIRE) != ring->submit_tail;
}
