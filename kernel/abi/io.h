// SPDX-License-Identifier: MIT
/*
 * IO between a manager and the core: one ring a device, in one frame of the tenant.
 *
 *      manager writes                                core writes
 *   submissions[submit_tail % IO_RING_ENTRIES]    submit_head      (taken so far)
 *   submit_tail                                   completions[complete_tail % IO_RING_ENTRIES]
 *   complete_head    (taken so far)               complete_tail
 *
 * All four counters start at 0 (IO_ATTACH clears them), run freely and wrap at 2^32. The core trusts none of what it finds here: it copies
 * an entry once, checks it, and keeps its own counters. IO_SUBMIT is only the doorbell. When the core
 * adds completions it also adds 1 to tenant_information.event_sequence and wakes whoever is blocked on complete_tail, or if
 * nobody is, on event_sequence (at most THREAD_WAKE_BATCH: kernel/abi/thread.h). So who blocks on complete_tail takes out
 * the completions of all. A bad entry completes with STATUS_BAD_ARGUMENT; it stops nothing.
 *
 * Buffers are bound frames of the tenant, pinned until completion: segment 0 starts at `offset` in
 * frame[0], every other segment at the start of its frame.
 */
#ifndef KERNEL_ABI_IO_H
#define KERNEL_ABI_IO_H

#include <stdint.h>

#define IO_RING_ENTRIES 32
#define IO_SEGMENTS     16
#define IO_SUBMIT_BATCH 2u       /* entries that one IO_SUBMIT takes at most */
#define IO_BYTES_MAX    0x10000u /* 64 KiB a request */
#define IO_BLOCK_SIZE   512u

/* When the driver should run. Who waits for the answer at once saves the way there and back. */
enum io_haste { IO_NOW, IO_WHEN_I_WAIT, IO_HASTES };

enum io_operation {
    IO_READ,  /* block: at position; console: the bytes that have come in, at least one */
    IO_WRITE, /* block: at position; console: position is ignored */
    IO_FLUSH, /* block: what was completed before this is on the medium after it */
    IO_OPERATION_COUNT
};

struct io_submission {
    uint32_t tag;       /* the manager's own; comes back in the completion */
    uint16_t operation; /* enum io_operation */
    uint16_t offset;    /* of the first byte in frame[0]; block: a multiple of 512 */
    uint64_t position;  /* bytes from the start of the volume; a multiple of 512; 0 for IO_FLUSH */
    uint32_t bytes;     /* 1..IO_BYTES_MAX; block: a multiple of 512; 0 for IO_FLUSH */
    uint32_t reserved;  /* 0 */
    uint32_t frame[IO_SEGMENTS];
}; /* 88 bytes */

struct io_completion {
    uint32_t tag;
    uint32_t status; /* enum status */
    uint32_t bytes;  /* moved */
    uint32_t reserved;
};

struct io_ring {
    uint32_t submit_tail;
    uint32_t complete_head;
    uint32_t submit_head;
    uint32_t complete_tail;
    uint32_t reserved[12];
    struct io_submission submissions[IO_RING_ENTRIES];
    struct io_completion completions[IO_RING_ENTRIES];
};

_Static_assert(sizeof(struct io_submission) == 88, "crosses a ring");
_Static_assert(sizeof(struct io_ring) <= 4096, "one frame");

enum device_class { DEVICE_BLOCK, DEVICE_CONSOLE, DEVICE_NETWORK };

struct io_status {
    uint32_t state; /* enum driver_state of the driver behind it (kernel/abi/control.h) */
    uint32_t queued;
    uint64_t served;
    uint64_t bytes;
    uint64_t throttled_nanoseconds;
};

#endif
