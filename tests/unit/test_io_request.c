// SPDX-License-Identifier: MIT
// sources: kernel/io/request.c
/*
 * The queue against a plain array, and submissions at and beyond every bound.
 */
#include "kernel/io/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VOLUME 0x100000ull

static void queue_keeps_order(void **state) {
    (void)state;
    static struct io_queue queue;
    uint32_t model[IO_QUEUE_ENTRIES], count = 0, next = 0;
    for (unsigned step = 0; step < 100000; step++) {
        if (rand() % 2) {
            struct io_request *room = queue_room(&queue);
            assert_int_equal(room != NULL, count < IO_QUEUE_ENTRIES);
            if (room != NULL) {
                room->tag = next;
                queue_push(&queue);
                model[count++] = next++;
            }
        } else if (count > 0) {
            uint32_t place = (uint32_t)rand() % count;
            queue_remove(&queue, place);
            memmove(model + place, model + place + 1, (--count - place) * sizeof *model);
        }
        assert_int_equal(queue.count, count);
        for (uint32_t n = 0; n < count; n++)
            assert_int_equal(queue_at(&queue, n)->tag, model[n]);
    }
}

static struct io_submission good(void) {
    return (struct io_submission){.operation = IO_READ, .position = 4096, .bytes = 4096};
}

static uint32_t frames;

static enum status judge(struct io_submission entry, uint32_t device_class) {
    return submission_check(&entry, device_class, VOLUME, &frames);
}

#define BLOCK(expected, change)                                                                    \
    do {                                                                                           \
        struct io_submission e = good();                                                           \
        change;                                                                                    \
        assert_int_equal(judge(e, DEVICE_BLOCK), expected);                                        \
    } while (0)

static void block_bounds(void **state) {
    (void)state;
    BLOCK(STATUS_OK, (void)0);
    assert_int_equal(frames, 1);
    BLOCK(STATUS_OK, e.bytes = IO_BYTES_MAX);
    assert_int_equal(frames, 16);
    BLOCK(STATUS_OK, e.offset = 3584);
    assert_int_equal(frames, 2);
    BLOCK(STATUS_OK, e.position = VOLUME - 512; e.bytes = 512);
    BLOCK(STATUS_BAD_ARGUMENT, e.position = VOLUME - 512);
    BLOCK(STATUS_BAD_ARGUMENT, e.position = VOLUME);
    BLOCK(STATUS_BAD_ARGUMENT, e.position = UINT64_MAX - 511);
    BLOCK(STATUS_BAD_ARGUMENT, e.position = 1ull << 63);
    BLOCK(STATUS_BAD_ARGUMENT, e.position = 100);
    BLOCK(STATUS_BAD_ARGUMENT, e.bytes = 0);
    BLOCK(STATUS_BAD_ARGUMENT, e.bytes = 100);
    BLOCK(STATUS_BAD_ARGUMENT, e.bytes = IO_BYTES_MAX + 512);
    BLOCK(STATUS_BAD_ARGUMENT, e.bytes = 0xFFFFFE00u);
    BLOCK(STATUS_BAD_ARGUMENT, e.offset = 512; e.bytes = IO_BYTES_MAX);
    BLOCK(STATUS_BAD_ARGUMENT, e.offset = 4096);
    BLOCK(STATUS_BAD_ARGUMENT, e.offset = 1);
    BLOCK(STATUS_BAD_ARGUMENT, e.reserved = 1);
    BLOCK(STATUS_BAD_ARGUMENT, e.operation = IO_OPERATION_COUNT);
    BLOCK(STATUS_BAD_ARGUMENT, e.operation = 0xFFFF);
}

static void flushes(void **state) {
    (void)state;
    BLOCK(STATUS_OK, e = (struct io_submission){.operation = IO_FLUSH});
    assert_int_equal(frames, 0);
    BLOCK(STATUS_BAD_ARGUMENT, e.operation = IO_FLUSH);
    BLOCK(STATUS_BAD_ARGUMENT, e = (struct io_submission){.operation = IO_FLUSH};
          e.position = 4096);
    struct io_submission flush = {.operation = IO_FLUSH};
    assert_int_equal(judge(flush, DEVICE_CONSOLE), STATUS_BAD_ARGUMENT);
}

static void console_bytes(void **state) {
    (void)state;
    struct io_submission entry = {.operation = IO_WRITE, .offset = 4095, .bytes = 2};
    assert_int_equal(judge(entry, DEVICE_CONSOLE), STATUS_OK);
    assert_int_equal(frames, 2);
    entry.position = UINT64_MAX; /* ignored */
    assert_int_equal(judge(entry, DEVICE_CONSOLE), STATUS_OK);
    entry.bytes = 0;
    assert_int_equal(judge(entry, DEVICE_CONSOLE), STATUS_BAD_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queue_keeps_order),
        cmocka_unit_test(block_bounds),
        cmocka_unit_test(flushes),
        cmocka_unit_test(console_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
