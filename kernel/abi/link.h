// SPDX-License-Identifier: MIT
/*
 * Links: memory that one tenant shows another, and a doorbell between the two. The core makes and ends them; what lies in
 * the memory is between the two managers, and each believes nothing of what the other writes there.
 *
 *      offerer                               core                            acceptor
 *      LINK_OFFER(tenant, ports) ──> LINK_PAGES of the offerer's quota ──> its event
 *                                    appear at link_address(link)          LINK_ACCEPT: they appear at its own
 *      LINK_RING ───────────────────────────────────────────────────────> its event
 *      its event <─────────────────────────────────────────────────────── LINK_RING
 *
 *      offered ──accept──> open ──either side closes or dies──> ended ──the other closes──> gone
 *
 * A link is for pairs that may talk (CONTROL_NETWORK_ALLOW), and ends when they may no more. When the offerer's side ends,
 * the acceptor's pages stay where they are, but show a page of its own that nobody else has: it cannot fault, and
 * sees `state` LINK_ENDED. Whoever has copied something out looks at `state` behind it. An event of a link adds 1 to
 * tenant_information.link_sequence and .event_sequence.
 *
 * In the memory, one ring of bytes each way; all is 0 at first, but `state`:
 *
 *   struct link_page │ bytes to the acceptor, LINK_BYTES │ bytes to the offerer, LINK_BYTES
 *
 * Counters run freely and wrap at 2^32; bytes lie at counter % LINK_BYTES. Who sleeps until bytes come writes `seen` =
 * `produced` and looks at `produced` once more; who has written rings if `seen` is what `produced` was before. The same
 * with `full_at` and `consumed` for room; a writer who waits for none keeps full_at = produced. A ring wakes a thread that
 * sleeps (THREAD_BLOCK) on `produced` of what it reads in the place of the event's sleepers, if there is one: that thread
 * then does for the others what the event would have done.
 */
#ifndef KERNEL_ABI_LINK_H
#define KERNEL_ABI_LINK_H

#include "kernel/abi/layout.h"

#include <stdint.h>

#define LINK_BYTES       16384u
#define LINK_PAGES       (1 + 2 * LINK_BYTES / PAGE_SIZE)
#define LINKS_MOST       128u /* of a tenant, numbered from 0 */
#define LINK_SLOT_BYTES  65536u
#define link_address(n)  (MANAGER_LINKS + (n)*LINK_SLOT_BYTES)
#define LINK_CACHE_WORDS 16 /* words in a line of the cache: each line has one writer */

enum link_state { LINK_ENDED, LINK_OFFERED, LINK_OPEN };
enum link_side { LINK_OFFERER, LINK_ACCEPTOR, LINK_SIDES };

struct link_description {
    uint32_t state;              /* enum link_state */
    uint32_t side;               /* enum link_side: the caller's */
    uint32_t tenant;             /* the other's number */
    uint32_t from_port, to_port; /* as the offerer has said */
};

struct link_stream {
    uint32_t produced, full_at, finished; /* its writer's; finished: there will be no more */
    uint32_t unused[LINK_CACHE_WORDS - 3];
    uint32_t consumed, seen, refused; /* its reader's; refused: it wants no more */
    uint32_t unused_too[LINK_CACHE_WORDS - 3];
};

struct link_page {
    uint32_t state; /* enum link_state; the core writes it at every change, and reads it never */
    uint32_t unused[LINK_CACHE_WORDS - 1];
    uint32_t accepted; /* the acceptor's: somebody is behind its end */
    uint32_t unused_too[LINK_CACHE_WORDS - 1];
    struct link_stream streams[LINK_SIDES]; /* by the side that reads it */
};

_Static_assert(sizeof(struct link_page) <= PAGE_SIZE, "one page");
_Static_assert(LINK_PAGES *PAGE_SIZE <= LINK_SLOT_BYTES, "a slot holds a link");

#endif
