// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/pipe_packet.c tests/unit/fake_manager.c
/*
 * Where packets of a pipe begin and end, also where the positions wrap.
 */
#include "domains/linux/fs/pipe_packet.h"

#include "domains/lib/heap.h"
#include "tests/unit/fake_manager.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void add(struct pipe_packets *packets, uint32_t start, uint32_t length) {
    pipe_packets_add(packets, heap_allocate(sizeof(struct pipe_packet)), start, start + length);
}

static void expect(const struct pipe_packets *packets, uint32_t head, uint32_t used,
                   uint32_t length, bool packet) {
    bool is_packet;
    assert_int_equal(pipe_packets_next(packets, head, used, &is_packet), length);
    assert_int_equal(is_packet, packet);
}

static void without_packets_all_is_a_stream(void **state) {
    (void)state;
    struct pipe_packets packets = {0};
    expect(&packets, 7, 100, 100, false);
}

static void streams_end_where_packets_begin(void **state) {
    (void)state;
    struct pipe_packets packets = {0};
    uint32_t head = 0xFFFFFFF0;
    add(&packets, head + 10, 20); /* wraps */
    add(&packets, head + 30, 1);
    expect(&packets, head, 40, 10, false);
    expect(&packets, head + 4, 36, 6, false);
    expect(&packets, head + 10, 30, 20, true);
    pipe_packets_drop(&packets);
    expect(&packets, head + 30, 10, 1, true);
    pipe_packets_drop(&packets);
    expect(&packets, head + 31, 9, 9, false);
    assert_int_equal(packets.count, 0);
    add(&packets, head + 31, 3);
    expect(&packets, head + 31, 9, 3, true);
    pipe_packets_drop(&packets);
    assert_int_equal(fake_heap_objects, 0);
}

static void positions_shift(void **state) {
    (void)state;
    struct pipe_packets packets = {0};
    add(&packets, 8192 + 5, 10);
    add(&packets, 8192 + 15, 10);
    pipe_packets_shift(&packets, 8192);
    expect(&packets, 0, 25, 5, false);
    pipe_packets_drop(&packets);
    expect(&packets, 15, 10, 10, true);
    pipe_packets_drop(&packets);
}

static void what_is_left_of_a_packet_is_one(void **state) {
    (void)state;
    struct pipe_packets packets = {0};
    uint32_t head = 0xFFFFFFFA;
    add(&packets, head, 10); /* wraps */
    add(&packets, head + 10, 3);
    pipe_packets_take(&packets, head + 7);
    expect(&packets, head + 7, 6, 3, true);
    pipe_packets_take(&packets, head + 10);
    expect(&packets, head + 10, 3, 3, true);
    pipe_packets_take(&packets, head + 13);
    assert_int_equal(packets.count, 0);
    assert_int_equal(fake_heap_objects, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_packets_all_is_a_stream),
        cmocka_unit_test(streams_end_where_packets_begin),
        cmocka_unit_test(positions_shift),
        cmocka_unit_test(what_is_left_of_a_packet_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
