// SPDX-License-Identifier: MIT
// sources: domains/linux/block/pages.c domains/linux/block/direct.c domains/linux/block/transfer.c
// sources: domains/linux/block/cache.c
/*
 * The page cache and O_DIRECT over a device that is an array here: whatever way bytes are written
 * and read, they agree with a plain copy, also while frames are short and after the device has
 * failed.
 */
#include "domains/linux/block/device.h"

#include "domains/lib/heap.h"
#include "domains/linux/process/process.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DEVICE_BYTES (200 * PAGE_SIZE + 1536) /* the last page is cut */
#define FRAMES       64

static char disk[DEVICE_BYTES], model[DEVICE_BYTES];
static struct block_device device;

/* ---- What the manager has around it ---------------------------------------------------------- */

static char frames[FRAMES][PAGE_SIZE];
static bool frame_used[FRAMES];
static uint32_t frames_allowed, reservation;
static unsigned reads, writes, flushes;
static uint64_t largest_read;
static bool fail_reads, fail_writes;

static uint32_t frames_used(void) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < FRAMES; i++)
        used += frame_used[i];
    return used;
}

/* As the manager's: whoever can give back is asked before the answer is no. */
uint32_t frame_allocate(void) {
    uint32_t free = 0;
    if (frames_used() >= frames_allowed &&
        pages_give_back(&device) + direct_give_back(&device) == 0)
        return NO_FRAME;
    if (frames_used() >= frames_allowed)
        return NO_FRAME;
    while (frame_used[free])
        free++;
    frame_used[free] = true;
    memset(frames[free], 0, PAGE_SIZE);
    return free;
}

void frame_release(uint32_t frame) {
    assert_true(frame_used[frame]);
    frame_used[frame] = false;
}

void *frame_pointer(uint32_t frame) {
    return frames[frame];
}

uint32_t frames_total(void) {
    return reservation;
}

void *heap_allocate(size_t bytes) {
    return calloc(1, bytes);
}

static struct process writer;

struct process *current_process(void) {
    return &writer;
}

/* One thread: a wait would be for ever. */
enum wait_result wait_uninterrupted(struct wait_queue *queue, uint64_t deadline) {
    (void)queue, (void)deadline;
    fail_msg("waits for nobody");
    return WAIT_WOKEN;
}

void wait_wake(struct wait_queue *queue) {
    queue->sequence++;
}

uint64_t block_count_begin(struct block_device *counted) {
    counted->in_flight++;
    return 0;
}

void block_count_end(struct block_device *counted, uint32_t operation, uint32_t bytes,
                     uint64_t began) {
    (void)operation, (void)bytes, (void)began;
    counted->in_flight--;
}

enum status io_perform(struct io_queue *queue, struct io_request *request) {
    const struct io_submission *submission = &request->submission;
    (void)queue;
    bool write = submission->operation == IO_WRITE;
    bool failed = write ? fail_writes : fail_reads && submission->operation == IO_READ;
    assert_true(submission->position + submission->bytes <= DEVICE_BYTES);
    assert_true(submission->bytes <= IO_BYTES_MAX && submission->bytes % IO_BLOCK_SIZE == 0);
    for (uint32_t at = 0; at < submission->bytes && !failed; at += PAGE_SIZE) {
        uint32_t left = submission->bytes - at;
        uint32_t piece = left < PAGE_SIZE ? left : PAGE_SIZE;
        char *place = disk + submission->position + at;
        char *frame = frames[submission->frame[at / PAGE_SIZE]];
        memcpy(write ? place : frame, write ? frame : place, piece);
    }
    reads += submission->operation == IO_READ;
    writes += write;
    flushes += submission->operation == IO_FLUSH;
    if (submission->operation == IO_READ && submission->bytes > largest_read)
        largest_read = submission->bytes;
    request->status = failed ? STATUS_IO_ERROR : STATUS_OK;
    request->moved = failed ? 0 : submission->bytes;
    return request->status;
}

/* A transfer's buffer is found by this, since its own fields have room for 32-bit
 * addresses only. */
static char *buffer;

int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes) {
    memcpy(buffer, from, bytes);
    buffer += bytes;
    transfer->total -= bytes;
    return (int)bytes;
}

int transfer_take(struct transfer *transfer, void *to, uint32_t bytes) {
    memcpy(to, buffer, bytes);
    buffer += bytes;
    transfer->total -= bytes;
    return (int)bytes;
}

/* ---- Helpers --------------------------------------------------------------------------------- */

static int fresh(void **state) {
    (void)state;
    srand(1);
    for (uint32_t i = 0; i < DEVICE_BYTES; i++)
        disk[i] = model[i] = (char)rand();
    memset(frame_used, 0, sizeof frame_used);
    frames_allowed = FRAMES;
    reservation = 512;
    reads = writes = flushes = 0;
    largest_read = 0;
    fail_reads = fail_writes = false;
    device = (struct block_device){.bytes = DEVICE_BYTES};
    writer.io = (struct process_io){0};
    return pages_start(&device);
}

static int done(void **state) {
    (void)state;
    free(device.records);
    return 0;
}

static void read_cached(uint64_t offset, uint32_t bytes) {
    while (bytes) {
        struct cached_page *page;
        uint32_t at = (uint32_t)(offset % PAGE_SIZE);
        uint32_t piece = bytes < PAGE_SIZE - at ? bytes : PAGE_SIZE - at;
        assert_int_equal(pages_get(&device, offset / PAGE_SIZE, &page), 0);
        assert_memory_equal(frames[page->frame] + at, model + offset, piece);
        pages_let_go(&device, page);
        offset += piece;
        bytes -= piece;
    }
}

static void write_cached(uint64_t offset, uint32_t bytes) {
    while (bytes) {
        struct cached_page *page;
        uint32_t at = (uint32_t)(offset % PAGE_SIZE);
        uint32_t piece = bytes < PAGE_SIZE - at ? bytes : PAGE_SIZE - at;
        int error = piece == PAGE_SIZE ? pages_get_blank(&device, offset / PAGE_SIZE, &page)
                                       : pages_get(&device, offset / PAGE_SIZE, &page);
        assert_int_equal(error, 0);
        for (uint32_t i = 0; i < piece; i++)
            frames[page->frame][at + i] = model[offset + i] = (char)rand();
        if (page->reading)
            pages_filled(&device, page, true);
        pages_changed(&device, page);
        pages_let_go(&device, page);
        offset += piece;
        bytes -= piece;
    }
}

static void read_direct(uint64_t offset, uint32_t bytes) {
    static char read_here[DEVICE_BYTES];
    struct transfer to = {.total = bytes};
    buffer = read_here;
    assert_int_equal(direct_read(&device, &to, &offset), bytes);
    assert_memory_equal(read_here, model + offset - bytes, bytes);
}

static void write_direct(uint64_t offset, uint32_t bytes) {
    struct transfer from = {.total = bytes};
    for (uint32_t i = 0; i < bytes; i++)
        model[offset + i] = (char)rand();
    buffer = model + offset;
    assert_int_equal(direct_write(&device, &from, &offset), bytes);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void a_sequential_reader_gets_longer_and_longer_requests(void **state) {
    (void)state;
    read_cached(0, 100 * PAGE_SIZE);
    assert_int_equal(largest_read, IO_BYTES_MAX);
    assert_true(reads <= 11);
}

static void a_random_reader_reads_single_pages(void **state) {
    (void)state;
    for (uint64_t page = 190; page > 50; page -= 7)
        read_cached(page * PAGE_SIZE, 10);
    assert_int_equal(largest_read, PAGE_SIZE);
}

static void the_cut_page_at_the_end(void **state) {
    (void)state;
    read_cached(200 * PAGE_SIZE, 1536);
    write_cached(200 * PAGE_SIZE + 1000, 500);
    assert_int_equal(pages_sync(&device), 0);
    assert_memory_equal(disk, model, DEVICE_BYTES);
}

static void a_whole_page_is_written_without_reading_it(void **state) {
    (void)state;
    write_cached(10 * PAGE_SIZE, 4 * PAGE_SIZE);
    assert_int_equal(reads, 0);
    assert_int_equal(pages_sync(&device), 0);
    assert_int_equal(writes, 1);
    assert_int_equal(flushes, 1);
    assert_memory_equal(disk, model, DEVICE_BYTES);
}

/* When it enters the cache, or passes it; not each time that a dirty page changes. */
static void what_a_process_writes_is_counted(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++)
        write_cached(10 * PAGE_SIZE + 100, 100);
    assert_int_equal(writer.io.disk_written_bytes, PAGE_SIZE);
    assert_int_equal(pages_sync(&device), 0);
    write_cached(10 * PAGE_SIZE, PAGE_SIZE);
    assert_int_equal(writer.io.disk_written_bytes, 2 * PAGE_SIZE);
    write_direct(20 * PAGE_SIZE, 512);
    assert_int_equal(writer.io.disk_written_bytes, 2 * PAGE_SIZE + 512);
}

static void a_writer_cannot_dirty_everything(void **state) {
    (void)state;
    write_cached(0, 200 * PAGE_SIZE);
    assert_true(writes > 0);
    assert_true(device.cache.dirty <= device.record_count / 2);
}

static void a_read_error_is_told_and_forgotten(void **state) {
    (void)state;
    struct cached_page *page;
    fail_reads = true;
    assert_int_equal(pages_get(&device, 3, &page), -EIO);
    assert_int_equal(device.cache.used, 0);
    fail_reads = false;
    read_cached(3 * PAGE_SIZE, PAGE_SIZE);
}

static void a_write_error_is_told_once_by_sync(void **state) {
    (void)state;
    write_cached(0, PAGE_SIZE);
    fail_writes = true;
    assert_int_equal(pages_sync(&device), -EIO);
    fail_writes = false;
    assert_int_equal(pages_sync(&device), 0);
}

static void one_frame_is_enough(void **state) {
    (void)state;
    frames_allowed = 1;
    read_cached(0, 20 * PAGE_SIZE);
    write_cached(5 * PAGE_SIZE + 100, 3 * PAGE_SIZE);
    read_cached(0, 20 * PAGE_SIZE);
    assert_int_equal(pages_sync(&device), 0);
    assert_memory_equal(disk, model, DEVICE_BYTES);
}

static void no_frame_is_an_error(void **state) {
    (void)state;
    struct cached_page *page;
    frames_allowed = 0;
    assert_int_equal(pages_get(&device, 0, &page), -ENOMEM);
    assert_int_equal(pages_get_blank(&device, 0, &page), -ENOMEM);
}

static void giving_back_keeps_what_is_dirty(void **state) {
    (void)state;
    read_cached(0, 8 * PAGE_SIZE);
    write_cached(3 * PAGE_SIZE, PAGE_SIZE);
    uint32_t before = device.cache.used;
    assert_int_equal(pages_give_back(&device), before - 1);
    assert_int_equal(device.cache.used, 1);
    assert_int_equal(pages_sync(&device), 0);
    assert_memory_equal(disk, model, DEVICE_BYTES);
}

static void direct_access_agrees_with_the_cache(void **state) {
    (void)state;
    write_cached(0, 3 * PAGE_SIZE);
    read_direct(512, 2 * PAGE_SIZE);
    read_cached(PAGE_SIZE, PAGE_SIZE);
    write_direct(PAGE_SIZE + 512, 1024);
    read_cached(0, 3 * PAGE_SIZE);
    write_direct(100 * PAGE_SIZE, 80 * PAGE_SIZE);
    assert_memory_equal(disk + 100 * PAGE_SIZE, model + 100 * PAGE_SIZE, 80 * PAGE_SIZE);
    struct transfer odd = {.total = 100};
    uint64_t offset = 0;
    assert_int_equal(direct_read(&device, &odd, &offset), -EINVAL);
}

static void any_mixture_of_access_agrees(void **state) {
    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint64_t offset = (uint64_t)rand() % (DEVICE_BYTES - 1);
        uint64_t left = DEVICE_BYTES - offset;
        uint32_t bytes = 1 + (uint32_t)rand() % (20 * PAGE_SIZE);
        bytes = bytes > left ? (uint32_t)left : bytes;
        uint64_t block = offset & ~511ull;
        uint32_t blocks = (bytes + 511) & ~511u;
        blocks = block + blocks > DEVICE_BYTES ? (uint32_t)(DEVICE_BYTES - block) : blocks;
        frames_allowed = 30 + (uint32_t)rand() % 34;
        switch (rand() % 6) {
        case 0:
            read_direct(block, blocks);
            break;
        case 1:
            write_direct(block, blocks);
            break;
        case 2:
            assert_int_equal(pages_sync(&device), 0);
            assert_memory_equal(disk, model, DEVICE_BYTES);
            break;
        case 3:
            read_cached(offset, bytes);
            break;
        default:
            write_cached(offset, bytes);
        }
        if (rand() % 10 == 0)
            pages_give_back(&device);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_sequential_reader_gets_longer_and_longer_requests),
        TEST(a_random_reader_reads_single_pages),
        TEST(the_cut_page_at_the_end),
        TEST(a_whole_page_is_written_without_reading_it),
        TEST(what_a_process_writes_is_counted),
        TEST(a_writer_cannot_dirty_everything),
        TEST(a_read_error_is_told_and_forgotten),
        TEST(a_write_error_is_told_once_by_sync),
        TEST(one_frame_is_enough),
        TEST(no_frame_is_an_error),
        TEST(giving_back_keeps_what_is_dirty),
        TEST(direct_access_agrees_with_the_cache),
        TEST(any_mixture_of_access_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
