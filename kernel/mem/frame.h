// SPDX-License-Identifier: MIT
/*
 * Physical frames: one 8-byte record each, and the promise behind every reservation.
 *
 *   free ──frame_take──> in use (owner, kind, uses) ──frame_give──> free
 *   boot: core image, records, bundles (kind image) and contiguous driver memory are taken first
 *
 * A reservation is a count: frame_reserve() refuses if the sum of all reservations would exceed
 * what there is, so frame_take() under a reservation cannot fail. Frames are zeroed when they are
 * taken. The core and the drivers have no reservation: they take from what is neither reserved nor
 * used by them, at boot.
 *
 * What must hold: taken frames of an account <= its reservation; the sum of reservations <= frames.
 * Guarded by the core lock.
 */
#ifndef KERNEL_MEM_FRAME_H
#define KERNEL_MEM_FRAME_H

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t frame_t; /* physical address >> PAGE_SHIFT */
#define NO_FRAME_T 0xFFFFFFFFu

typedef uint16_t
    account_t; /* who pays: 0 the core at boot, 1 + n tenant n, ACCOUNT_DRIVER + n driver n */
#define ACCOUNT_CORE   0
#define ACCOUNT_DRIVER 0x8000u

enum frame_kind {
    FRAME_FREE,
    FRAME_CORE,       /* core image, records, per-CPU pages, core page tables */
    FRAME_UNUSABLE,   /* not RAM, or beyond what the records cover */
    FRAME_BOUND,      /* a tenant's frame with an index */
    FRAME_TABLE,      /* a page table or page directory */
    FRAME_OBJECT,     /* a page of core objects */
    FRAME_IMAGE,      /* a page of a bundle: read-only, shared */
    FRAME_DRIVER,     /* a driver's slot */
    FRAME_QUARANTINE, /* a dead tenant's frame, pinned until a device's reset is seen */
    FRAME_KIND_COUNT
};

struct frame_record {
    uint32_t link; /* free: next free frame. in use: maps << 16 | pins */
    uint16_t account;
    uint8_t kind;
    uint8_t mark; /* the audit (kernel/mem/audit.h) that saw it last, or that it was born in */
};

struct boot_information; /* kernel/boot_information.h */

/* Reads the memory map, sets the records up, takes what the core and the modules occupy. After
 * view_initialise() of the first CPU, before that of any other: it adds to core_directory. Panics
 * only if the machine is too small to start at all. */
void frame_initialise(const struct boot_information *boot);
/* The pure half: takes over records whose kinds are set, frame 0 first. Free ones get onto the free
 * list. */
void frame_adopt(struct frame_record *records, frame_t count);

bool frame_reserve(uint32_t count); /* false: not that many left; nothing changed */
void frame_unreserve(uint32_t count);
uint32_t frames_total(void), frames_reserved(void), frames_in_use(void);
uint32_t frames_free_count(void); /* neither reserved nor in use by the core */

/* Zeroed; under a reservation of the account. For the core and drivers: NO_FRAME_T when nothing is
 * left. */
frame_t frame_take(account_t account, enum frame_kind kind);
void frame_give(frame_t frame); /* maps and pins must be 0 */
/* A pinned frame of a dying tenant: it becomes the core's, and one frame of the reservation stays
 * with it. The last frame_unpin() gives both back. */
void frame_quarantine(frame_t frame);
/* `count` frames in a row below 4 GiB, at boot only, zeroed; NO_FRAME_T if there are none. */
frame_t frame_take_contiguous(uint32_t count, account_t account, enum frame_kind kind);

extern struct frame_record *frame_records; /* of all frames below frame_records_end */
extern frame_t frame_records_end;

static inline struct frame_record *frame_record(frame_t frame) { /* NULL if out of range */
    return frame < frame_records_end ? &frame_records[frame] : (struct frame_record *)0;
}
static inline uint32_t frame_maps(const struct frame_record *record) {
    return record->link >> 16;
}
static inline uint32_t frame_pins(const struct frame_record *record) {
    return record->link & 0xFFFFu;
}
#define FRAME_MAPS_MAX 0xFFFFu
static inline void frame_map_added(frame_t frame) {
    frame_records[frame].link += 0x10000u;
}
static inline void frame_map_removed(frame_t frame) {
    frame_records[frame].link -= 0x10000u;
}
static inline void frame_pin(frame_t frame) {
    frame_records[frame].link++;
}
void frame_unpin(frame_t frame);

/* For the audit: starts a new mark; from here on frames are born marked, and the count of marked
 * frames per account is kept exact while they come and go. */
void frame_mark_begin(void);
void frame_mark(frame_t frame);
bool frame_is_marked(frame_t frame);
uint32_t frame_marked_count(account_t account);

#endif
