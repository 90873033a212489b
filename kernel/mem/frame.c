// SPDX-License-Identifier: MIT
/*
 * The pool: a free list through the records, and three counters that keep the promise.
 *
 *   total     = free list + in use
 *   reserved  = sum of all reservations (tenants', and one for each frame in quarantine)
 *   unreserved use = frames of the core and of drivers
 *   may still be promised = total - reserved - unreserved use, never below 0
 *
 * So the free lists always hold at least what reservations have not drawn yet.
 *
 *   0 ........................... border ............ min(end, 4 GiB) ..... end
 *   data: tenants', drivers'      the core's tables   data
 *                                 and objects
 *
 * There are two lists, and whoever finds its own empty takes from the other. They keep apart what devices write
 * to and what the core believes: no fence while there is no IOMMU, but a device that is told too long a length,
 * or a place nearby, damages data and not the core.
 */
#include "kernel/mem/frame.h"

#include "kernel/abi/control.h"
#include "kernel/defence.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"

#include <stddef.h>

#define ACCOUNT_OPERATOR 1u         /* the first tenant */
#define BELOW_4_GIB      (1u << 20) /* in frames */
#define CORE_PART        8u /* of what lies below 4 GiB, one part in so many is the core's */

struct frame_record *frame_records;
frame_t frame_records_end;

enum side { SIDE_DATA, SIDE_CORE, SIDES };

static struct {
    frame_t free_first[SIDES];
    frame_t border, border_end; /* between them lies the core's side */
    uint32_t total, reserved, in_use, unreserved_use;
} pool;

static struct {
    uint8_t mark;                     /* of the latest audit; never 0 */
    uint32_t marked[TENANT_MAX + 1u]; /* by account, tenants only */
} audit = {.mark = 1};

static bool has_reservation(account_t account) {
    return account != ACCOUNT_CORE && account < ACCOUNT_DRIVER;
}

static enum side side_of(frame_t frame) {
    return frame >= pool.border && frame < pool.border_end ? SIDE_CORE : SIDE_DATA;
}

static enum side side_for(enum frame_kind kind) {
    return kind == FRAME_CORE || kind == FRAME_TABLE || kind == FRAME_OBJECT ? SIDE_CORE
                                                                             : SIDE_DATA;
}

static enum side other_side(enum side side) {
    return side == SIDE_DATA ? SIDE_CORE : SIDE_DATA;
}

static void free_list_push(frame_t frame) {
    frame_t *first = &pool.free_first[side_of(frame)];

    frame_records[frame] = (struct frame_record){.link = *first, .kind = FRAME_FREE};
    *first = frame;
}

void frame_adopt(struct frame_record *records, frame_t count) {
    frame_records = records;
    frame_records_end = count;
    pool.free_first[SIDE_DATA] = pool.free_first[SIDE_CORE] = NO_FRAME_T;
    pool.border_end = count < BELOW_4_GIB ? count : BELOW_4_GIB;
    pool.border = pool.border_end - pool.border_end / CORE_PART;
    pool.total = pool.reserved = pool.in_use = pool.unreserved_use = 0;
    for (frame_t frame = count; frame-- > 0;) {
        if (records[frame].kind == FRAME_UNUSABLE)
            continue;
        pool.total++;
        if (records[frame].kind == FRAME_FREE) {
            free_list_push(frame);
        } else {
            pool.in_use++;
            pool.unreserved_use++;
        }
    }
}

bool frame_reserve(uint32_t count) {
    if (count > frames_free_count())
        return false;
    pool.reserved += count;
    return true;
}

void frame_unreserve(uint32_t count) {
    pool.reserved -= count;
}

uint32_t frames_total(void) {
    return pool.total;
}
uint32_t frames_reserved(void) {
    return pool.reserved;
}
uint32_t frames_in_use(void) {
    return pool.in_use;
}
uint32_t frames_free_count(void) {
    return pool.total - pool.reserved - pool.unreserved_use;
}

/* The frame has left the free list: from now on it is `account`'s. */
static void begin_use(frame_t frame, account_t account, enum frame_kind kind) {
    frame_records[frame] =
        (struct frame_record){.account = account, .kind = (uint8_t)kind, .mark = audit.mark};
    pool.in_use++;
    if (has_reservation(account))
        audit.marked[account]++;
    else
        pool.unreserved_use++;
    if (DEFENCE_FRAME_ZERO || kind != FRAME_BOUND || account == ACCOUNT_OPERATOR)
        __builtin_memset(window_map(WINDOW_ZERO, frame), 0, PAGE_SIZE);
}

frame_t frame_take(account_t account, enum frame_kind kind) {
    enum side side = side_for(kind);
    frame_t frame;

    if (!has_reservation(account) && frames_free_count() == 0)
        return NO_FRAME_T;
    if (pool.free_first[side] == NO_FRAME_T)
        side = other_side(side);
    frame = pool.free_first[side];
    if (frame == NO_FRAME_T)
        panic("no frame left under a reservation: %u total, %u reserved, %u in use", pool.total,
              pool.reserved, pool.in_use);
    pool.free_first[side] = frame_records[frame].link;
    begin_use(frame, account, kind);
    return frame;
}

static void forget_mark(const struct frame_record *record) {
    if (has_reservation(record->account) && record->mark == audit.mark)
        audit.marked[record->account]--;
}

void frame_give(frame_t frame) {
    struct frame_record *record = &frame_records[frame];

    if (record->link != 0 || record->kind == FRAME_FREE)
        panic("frame %x given back while in use: kind %u, maps %u, pins %u", frame, record->kind,
              frame_maps(record), frame_pins(record));
    forget_mark(record);
    pool.in_use--;
    if (!has_reservation(record->account))
        pool.unreserved_use--;
    free_list_push(frame);
}

void frame_quarantine(frame_t frame) {
    struct frame_record *record = &frame_records[frame];

    forget_mark(record);
    record->account = ACCOUNT_CORE;
    record->kind = FRAME_QUARANTINE;
}

static void end_quarantine(frame_t frame) {
    pool.in_use--;
    pool.reserved--;
    free_list_push(frame);
}

/* The lists ascend at boot, so a run of frames is a run of a list's members: it is cut out behind `before`,
 * its predecessor on the list. Answers its first; NO_FRAME_T: there is none below 4 GiB. */
static frame_t cut_run(enum side side, uint32_t count) {
    frame_t before = NO_FRAME_T, previous = NO_FRAME_T, first = NO_FRAME_T;
    uint32_t run = 0;

    for (frame_t frame = pool.free_first[side]; run < count && frame < BELOW_4_GIB;
         frame = frame_records[frame].link) {
        if (run == 0 || frame != previous + 1) {
            before = previous;
            first = frame;
            run = 0;
        }
        previous = frame;
        run++;
    }
    if (run != count)
        return NO_FRAME_T;
    *(before == NO_FRAME_T ? &pool.free_first[side] : &frame_records[before].link) =
        frame_records[previous].link;
    return first;
}

frame_t frame_take_contiguous(uint32_t count, account_t account, enum frame_kind kind) {
    enum side side = side_for(kind);
    frame_t first;

    if (count == 0 || (!has_reservation(account) && count > frames_free_count()))
        return NO_FRAME_T;
    first = cut_run(side, count);
    if (first == NO_FRAME_T)
        first = cut_run(other_side(side), count);
    if (first == NO_FRAME_T)
        return NO_FRAME_T;
    for (frame_t frame = first; frame < first + count; frame++)
        begin_use(frame, account, kind);
    return first;
}

void frame_unpin(frame_t frame) {
    struct frame_record *record = &frame_records[frame];

    record->link--;
    if (record->kind == FRAME_QUARANTINE && frame_pins(record) == 0)
        end_quarantine(frame);
}

void frame_mark_begin(void) {
    audit.mark = audit.mark == UINT8_MAX ? 1 : (uint8_t)(audit.mark + 1);
    __builtin_memset(audit.marked, 0, sizeof audit.marked);
}

bool frame_is_marked(frame_t frame) {
    return frame_records[frame].mark == audit.mark;
}

void frame_mark(frame_t frame) {
    if (frame_is_marked(frame))
        return;
    frame_records[frame].mark = audit.mark;
    if (has_reservation(frame_records[frame].account))
        audit.marked[frame_records[frame].account]++;
}

uint32_t frame_marked_count(account_t account) {
    return audit.marked[account];
}
