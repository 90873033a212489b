// SPDX-License-Identifier: MIT
#include "kernel/io/verify.h"

#include "kernel/domain/driver.h"
#include "kernel/io/block_copies.h"
#include "kernel/io/block_sums.h"
#include "kernel/io/bounce.h"
#include "kernel/io/checksum.h"
#include "kernel/log/log.h"

static struct block_sums sums;
static struct block_copies copies;

_Static_assert(COPY_BYTES == SUM_BLOCK_BYTES, "a copy and a sum are of the same blocks");

/* ---- On ---- */

static uint32_t sums_mebibytes(void) {
    return sums.count * (SUM_GROUP * SUM_BLOCK_BYTES >> 20);
}

uint32_t verify_use(void *memory, uint32_t bytes) {
    sums_initialise(&sums, memory, bytes);
    return sums_mebibytes();
}

uint32_t verify_use_for_copies(void *memory, uint32_t bytes) {
    copies_initialise(&copies, memory, bytes);
    return copies.count;
}

void verify_adopt(struct io_device *device) {
    if (sums.count == 0 || device->class != DEVICE_BLOCK)
        return;
    device->verified = !device->driver->manifest.dma || bounce_make_shadow(device);
    if (!device->verified)
        log_line("driver %s: not verified: no contiguous memory", device->driver->manifest.name);
}

void verify_tell(const struct io_device *device) {
    static uint64_t all;
    if (!device->verified)
        return;
    all += device->description.bytes >> 20;
    if (all > sums_mebibytes())
        log_line("verify: %s makes %u MiB of disks, with checksums for the %u MiB that are written "
                 "first",
                 device->name, (uint32_t)all, sums_mebibytes());
}

/* ---- Requests that overlap ---- */

static bool overlap(const struct io_request *a, const struct io_request *b) {
    return a->position < b->position + b->bytes && b->position < a->position + a->bytes &&
           (a->operation == IO_WRITE || b->operation == IO_WRITE);
}

static void note_races(struct io_device *device, struct io_slot *slot) {
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++) {
        struct io_slot *other = &device->slots[n];
        if (other == slot || other->state == SLOT_FREE || !overlap(&slot->request, &other->request))
            continue;
        slot->races = other->races = true;
    }
}

/* ---- Blocks of a request ---- */

static uint32_t number_of(const struct io_device *device) {
    return (uint32_t)(device - io_devices);
}

/* Whole blocks, if it starts with one; then `first` is that. */
static uint32_t whole_blocks(const struct io_request *request, uint64_t *first) {
    *first = request->position / SUM_BLOCK_BYTES;
    return request->position % SUM_BLOCK_BYTES == 0 ? request->bytes / SUM_BLOCK_BYTES : 0;
}

static uint32_t sum_of(const struct io_device *device, const struct io_slot *slot, uint32_t n) {
    return checksum(bounce_at(device, slot, n * SUM_BLOCK_BYTES), SUM_BLOCK_BYTES);
}

static void forget_all(const struct io_device *device, const struct io_request *request) {
    uint64_t end = request->position + request->bytes;
    for (uint64_t at = request->position & ~(uint64_t)(SUM_BLOCK_BYTES - 1); at < end;
         at += SUM_BLOCK_BYTES)
        sums_forget(&sums, number_of(device), at / SUM_BLOCK_BYTES);
}

void verify_sends(struct io_device *device, struct io_slot *slot) {
    uint64_t first;
    if (!device->verified)
        return;
    note_races(device, slot);
    if (slot->request.operation != IO_WRITE)
        return;
    forget_all(device, &slot->request);
    uint32_t count = whole_blocks(&slot->request, &first);
    for (uint32_t n = 0; n < count;
         n++) { /* before the driver can change what it is told to write */
        slot->sums[n] = sum_of(device, slot, n);
        copies_keep(&copies, number_of(device), first + n,
                    bounce_at(device, slot, n * SUM_BLOCK_BYTES));
    }
}

void verify_written(const struct io_device *device, const struct io_slot *slot) {
    uint64_t first;
    uint32_t count = whole_blocks(&slot->request, &first);
    if (!device->verified || slot->request.operation != IO_WRITE || slot->races)
        return;
    for (uint32_t n = 0; n < count; n++)
        sums_note(&sums, number_of(device), first + n, slot->sums[n]);
}

/* The sum that block `n` of what was read should have, and whether it has it. */
static bool is_right(const struct io_device *device, const struct io_slot *slot, uint64_t block,
                     uint32_t n, uint32_t *known) {
    *known = sums_look(&sums, number_of(device), block);
    return *known == SUM_UNKNOWN ||
           (*known != SUM_LOST && sums_agree(*known, sum_of(device, slot, n)));
}

bool verify_is_wrong(const struct io_device *device, const struct io_slot *slot, uint32_t n) {
    uint64_t first;
    uint32_t known;
    return n < whole_blocks(&slot->request, &first) &&
           !is_right(device, slot, first + n, n, &known) && known != SUM_LOST;
}

/* The copy of a write that failed is not what its block holds. */
const void *verify_copy(const struct io_device *device, uint64_t block) {
    const void *copy = copies_find(&copies, number_of(device), block);
    uint32_t known = sums_look(&sums, number_of(device), block);
    if (copy == NULL || known == SUM_UNKNOWN || !sums_agree(known, checksum(copy, COPY_BYTES)))
        return NULL;
    return copy;
}

enum verify_answer verify_read(const struct io_device *device, const struct io_slot *slot) {
    uint64_t first;
    uint32_t known, count = whole_blocks(&slot->request, &first);
    enum verify_answer answer = VERIFY_GOOD;
    if (!device->verified || slot->request.operation != IO_READ || slot->races)
        return VERIFY_GOOD;
    for (uint32_t n = 0; n < count; n++) {
        if (is_right(device, slot, first + n, n, &known))
            continue;
        if (known == SUM_LOST)
            return VERIFY_LOST;
        answer = VERIFY_WRONG;
    }
    return answer;
}

void verify_give_up(const struct io_device *device, const struct io_slot *slot) {
    uint64_t first;
    uint32_t count = whole_blocks(&slot->request, &first);
    for (uint32_t n = 0; n < count; n++)
        if (verify_is_wrong(device, slot, n)) {
            sums_lose(&sums, number_of(device), first + n);
            log_line("device %s: the block at %u KiB is not what was written", device->name,
                     (uint32_t)((first + n) * (SUM_BLOCK_BYTES >> 10)));
        }
}
