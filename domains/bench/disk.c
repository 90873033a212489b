// SPDX-License-Identifier: MIT
/*
 * The way to a driver and back: one read of one page, again and again, straight at the shared ring.
 *
 *   io_submit ──> the core wakes the driver ──> it fetches, tells the device, waits ──> back here
 *   sleep on complete_tail <── the core answers and wakes <── it completes <── interrupt
 *
 * The first line is measured by itself, with as much of the second as comes at once; the rest sleeps, so
 * who wants its cost subtracts the machine's idle time (tests/bench/figures.py).
 */
#include "domains/bench/bench.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/log.h"
#include "kernel/abi/io.h"
#include "kernel/abi/layout.h"

#define DISK 0

/* The answer's status; *ticks grows by what the submission took. */
static uint32_t read_once(volatile struct io_ring *ring, uint32_t frame, uint32_t *ticks) {
    uint32_t tail = ring->submit_tail;
    *(struct io_submission *)&ring->submissions[tail % IO_RING_ENTRIES] = (struct io_submission){
        .operation = IO_READ,
        .bytes = PAGE_SIZE,
        .frame = {frame},
    };
    ring->submit_tail = tail + 1;
    uint32_t start = counter();
    io_submit(DISK, IO_NOW);
    *ticks += counter() - start;
    while (ring->complete_tail == tail)
        core_thread_block((const uint32_t *)&ring->complete_tail, tail, DEADLINE_NEVER);
    ring->complete_head = tail + 1;
    return ring->completions[tail % IO_RING_ENTRIES].status;
}

void measure_disk(uint32_t rounds) {
    uint32_t ring_frame = frame_allocate(), frame = frame_allocate(), ticks = 0;
    if (ring_frame == NO_FRAME || frame == NO_FRAME || io_attach(DISK, ring_frame) != STATUS_OK)
        panic("no disk");
    for (uint32_t round = 0; round < rounds; round++)
        if (read_once(frame_pointer(ring_frame), frame, &ticks) != STATUS_OK)
            panic("a read failed");
    say("driver-request", ticks, rounds);
}
