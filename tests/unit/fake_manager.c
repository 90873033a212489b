// SPDX-License-Identifier: MIT
#include "tests/unit/fake_manager.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/block/block.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/poll.h"
#include "domains/linux/memory/file_mappings.h"
#include "domains/linux/signal/signal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct process fake_process, *process_list = &fake_process;
uint32_t fake_frames_left = 100000, fake_frames_used, fake_heap_objects;
int32_t fake_heap_countdown;
uint64_t fake_wait_count;
void (*fake_other_thread)(void);
int fake_last_signal;

/* ---- Frames and heap ------------------------------------------------------------------------- */

#define FRAMES 100000u

static struct {
    void *page;
    uint32_t owners;
} frames[FRAMES];

uint32_t frame_allocate(void) {
    static uint32_t next;

    if (fake_frames_left == 0)
        return NO_FRAME;
    while (frames[next].owners != 0)
        next = (next + 1) % FRAMES;
    fake_frames_left--;
    fake_frames_used++;
    frames[next].page = calloc(1, 4096);
    frames[next].owners = 1;
    return next;
}

/* Whoever leaves a byte of it as it comes is seen to. */
uint32_t frame_allocate_unzeroed(void) {
    uint32_t frame = frame_allocate();

    if (frame != NO_FRAME)
        memset(frames[frame].page, 0xA5, 4096);
    return frame;
}

void frame_hold(uint32_t frame) {
    assert(frames[frame].owners > 0);
    frames[frame].owners++;
}

void frame_release(uint32_t frame) {
    assert(frames[frame].owners > 0);
    if (--frames[frame].owners == 0) {
        free(frames[frame].page);
        fake_frames_left++;
        fake_frames_used--;
    }
}

uint32_t frame_owners(uint32_t frame) {
    return frames[frame].owners;
}

void *frame_pointer(uint32_t frame) {
    assert(frames[frame].owners > 0);
    return frames[frame].page;
}

void frame_on_shortage(struct shortage_handler *handler) {
    (void)handler;
}

uint32_t frames_free(void) {
    return fake_frames_left;
}

uint32_t frames_total(void) {
    return fake_frames_left + fake_frames_used;
}

void *heap_allocate(size_t bytes) {
    if (fake_heap_countdown > 0 && --fake_heap_countdown == 0) {
        fake_heap_countdown = 1; /* stays at the end */
        return NULL;
    }
    fake_heap_objects++;
    return calloc(1, bytes);
}

void heap_free(void *object) {
    if (object != NULL) {
        fake_heap_objects--;
        free(object);
    }
}

/* ---- Lock and time --------------------------------------------------------------------------- */

struct wait_queue poll_queue;

void manager_lock_pass(void) {}

enum wait_result wait_on(struct wait_queue *queue, uint64_t deadline) {
    (void)queue, (void)deadline;
    fake_wait_count++;
    if (fake_other_thread == NULL)
        return WAIT_INTERRUPTED;
    fake_other_thread();
    return WAIT_WOKEN;
}

enum wait_result wait_uninterrupted(struct wait_queue *queue, uint64_t deadline) {
    enum wait_result result = wait_on(queue, deadline);

    assert(result != WAIT_INTERRUPTED);
    return result;
}

void wait_wake(struct wait_queue *queue) {
    queue->sequence++;
}

uint64_t clock_nanoseconds(void) {
    return 1000;
}

struct timestamp timestamp_now(void) {
    static uint32_t tick;

    return (struct timestamp){1700000000, ++tick % 1000000000};
}

/* ---- The process ----------------------------------------------------------------------------- */

struct process *current_process(void) {
    return &fake_process;
}

void signal_process(struct process *process, int signal) {
    (void)process;
    fake_last_signal = signal;
}

bool signal_pending(void) {
    return fake_other_thread == NULL;
}

uint64_t process_limit(int resource) {
    return resource == RLIMIT_NOFILE ? 1024 : LIMIT_NONE;
}

void file_mappings_drop(const struct inode *inode, uint64_t first, uint64_t end, bool copies_too) {
    (void)inode, (void)first, (void)end, (void)copies_too; /* nobody maps files here */
}

int block_sync_all(void) {
    return 0;
}

/* ---- The app's memory ------------------------------------------------------------------------ */

#define APP_START 0x10000u

static char app[FAKE_APP_BYTES];
static uint32_t app_used;

void fake_app_reset(void) {
    memset(app, 0, app_used);
    app_used = 0;
}

uint32_t fake_app_room(uint32_t count) {
    uint32_t at = (app_used + 7) & ~7u;

    assert(at + count <= FAKE_APP_BYTES);
    app_used = at + count;
    return APP_START + at;
}

uint32_t fake_app_put(const void *bytes, uint32_t count) {
    uint32_t address = fake_app_room(count);

    memcpy(fake_app_pointer(address), bytes, count);
    return address;
}

uint32_t fake_app_text(const char *text) {
    return fake_app_put(text, (uint32_t)strlen(text) + 1);
}

void *fake_app_pointer(uint32_t address) {
    return app + (address - APP_START);
}

static bool is_app(uint32_t address, size_t bytes) {
    return address >= APP_START && address - APP_START <= FAKE_APP_BYTES - bytes;
}

int copy_in(void *to, uint32_t user_from, size_t bytes) {
    if (!is_app(user_from, bytes))
        return -EFAULT;
    memcpy(to, fake_app_pointer(user_from), bytes);
    return 0;
}

int copy_out(uint32_t user_to, const void *from, size_t bytes) {
    if (!is_app(user_to, bytes))
        return -EFAULT;
    memcpy(fake_app_pointer(user_to), from, bytes);
    return 0;
}

int copy_in_string(char *to, uint32_t user_from, size_t room) {
    for (size_t i = 0; i < room; i++) {
        if (copy_in(to + i, user_from + (uint32_t)i, 1) != 0)
            return -EFAULT;
        if (to[i] == 0)
            return (int)i;
    }
    return -ENAMETOOLONG;
}

void transfer_user(struct transfer *transfer, uint32_t address, uint32_t bytes) {
    *transfer = (struct transfer){.user_address = address, .piece = bytes, .total = bytes};
}

void transfer_kernel(struct transfer *transfer, void *address, uint32_t bytes) {
    *transfer = (struct transfer){.kernel_address = address, .piece = bytes, .total = bytes};
}

int transfer_iovec(struct transfer *transfer, uint32_t user_iovec, uint32_t count) {
    *transfer = (struct transfer){.user_iovec = user_iovec, .iovec_left = count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t vector[2];

        if (copy_in(vector, user_iovec + i * 8, 8) != 0)
            return -EFAULT;
        transfer->total += vector[1];
    }
    return 0;
}

static void next_piece(struct transfer *transfer) {
    while (transfer->piece == 0 && transfer->iovec_left > 0) {
        uint32_t vector[2];

        copy_in(vector, transfer->user_iovec, 8);
        transfer->user_iovec += 8;
        transfer->iovec_left--;
        transfer->user_address = vector[0];
        transfer->piece = vector[1];
    }
}

static int transfer_bytes(struct transfer *transfer, char *bytes, uint32_t count, bool to_app) {
    uint32_t total = 0;

    count = count < transfer->total ? count : transfer->total;
    while (total < count) {
        uint32_t part;
        int error = 0;

        next_piece(transfer);
        part = count - total < transfer->piece ? count - total : transfer->piece;
        if (transfer->kernel_address != NULL) {
            memcpy(to_app ? transfer->kernel_address : bytes + total,
                   to_app ? bytes + total : transfer->kernel_address, part);
            transfer->kernel_address += part;
        } else {
            error = to_app ? copy_out(transfer->user_address, bytes + total, part)
                           : copy_in(bytes + total, transfer->user_address, part);
            transfer->user_address += part;
        }
        if (error != 0)
            return total > 0 ? (int)total : error;
        transfer->piece -= part;
        transfer->total -= part;
        total += part;
    }
    return (int)total;
}

int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes) {
    return transfer_bytes(transfer, (char *)(uintptr_t)from, bytes, true);
}

int transfer_take(struct transfer *transfer, void *to, uint32_t bytes) {
    return transfer_bytes(transfer, to, bytes, false);
}

/* ---- For epoll, which these tests do not wait with ---- */

int deadline_of(uint32_t user, bool wide, uint64_t *deadline) {
    (void)user, (void)wide;
    *deadline = 0;
    return 0;
}

int mask_begin(struct temporary_mask *mask, uint32_t user, uint32_t bytes) {
    (void)mask, (void)user, (void)bytes;
    return 0;
}

void mask_end(const struct temporary_mask *mask, int32_t result) {
    (void)mask, (void)result;
}
