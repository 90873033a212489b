// SPDX-License-Identifier: MIT
// sources: domains/linux/link/end.c
/*
 * A link's two rings: every byte arrives once and in order, nobody sleeps while there is something for him, nobody is rung
 * for nothing, and whatever the other side writes into the memory does no harm.
 */
#include "domains/linux/link/end.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static _Alignas(4096) uint8_t memory[LINK_PAGES * PAGE_SIZE];
static struct link_end offerer, acceptor;

static void fresh(void) {
    memset(memory, 0, sizeof memory);
    link_end_begin(&offerer, memory, LINK_OFFERER);
    link_end_begin(&acceptor, memory, LINK_ACCEPTOR);
}

/* Near the place where the counters wrap. */
static void begin_at(uint32_t counter) {
    fresh();
    offerer.produced = acceptor.consumed = counter;
    offerer.output->produced = acceptor.input->consumed = acceptor.input->seen = counter;
    offerer.output->full_at = counter;
}

static uint32_t some(uint32_t most) {
    return most == 0 ? 0 : 1 + (uint32_t)random() % most;
}

/* Up to `most` bytes; how many. */
static uint32_t write_some(struct link_end *end, uint32_t most, uint8_t *next, bool *rings) {
    uint32_t span;
    uint8_t *to = link_write_span(end, &span);
    uint32_t bytes = some(span < most ? span : most);
    for (uint32_t n = 0; n < bytes; n++)
        to[n] = (*next)++;
    *rings = bytes > 0 && link_produced(end, bytes);
    return bytes;
}

static uint32_t read_some(struct link_end *end, uint32_t most, uint8_t *next, bool *rings) {
    uint32_t span;
    const uint8_t *from = link_read_span(end, &span);
    uint32_t bytes = some(span < most ? span : most);
    for (uint32_t n = 0; n < bytes; n++)
        assert_int_equal(from[n], (*next)++);
    *rings = bytes > 0 && link_consumed(end, bytes);
    return bytes;
}

static void every_byte_arrives_and_nobody_sleeps_over_it(void **state) {
    (void)state;
    uint8_t in = 0, out = 0;
    bool reader_sleeps = false, writer_sleeps = false, rings;
    srandom(3);
    begin_at(0xFFFFF000u);
    for (uint32_t step = 0; step < 400000; step++) {
        if (random() % 2 && !writer_sleeps) {
            if (write_some(&offerer, 5000, &in, &rings) == 0)
                writer_sleeps = !link_await_room(&offerer);
            reader_sleeps &= !rings;
        } else if (!reader_sleeps) {
            if (read_some(&acceptor, 5000, &out, &rings) == 0)
                reader_sleeps = !link_await_bytes(&acceptor);
            writer_sleeps &= !rings;
        }
        assert_false(reader_sleeps && link_readable(&acceptor) != 0);
        assert_false(writer_sleeps && link_room(&offerer) == LINK_BYTES);
        assert_int_equal(link_readable(&acceptor) + link_room(&offerer), LINK_BYTES);
    }
}

static void who_is_awake_is_not_rung(void **state) {
    (void)state;
    uint8_t in = 0, out = 0;
    bool rings;
    fresh();
    write_some(&offerer, 1, &in, &rings);
    assert_true(rings); /* it has not looked yet */
    for (uint32_t n = 0; n < 1000; n++) {
        write_some(&offerer, 1, &in, &rings);
        assert_false(rings);
    }
    while (read_some(&acceptor, 100, &out, &rings) > 0)
        assert_false(rings); /* there was room all the time */
    assert_false(link_await_bytes(&acceptor));
    write_some(&offerer, 1, &in, &rings);
    assert_true(rings);
}

static void ends_come_behind_the_last_byte(void **state) {
    (void)state;
    uint8_t in = 0, out = 0;
    bool rings, must_ring;
    fresh();
    write_some(&offerer, 1, &in, &rings);
    link_finish(&offerer);
    assert_false(link_at_end(&acceptor, &must_ring));
    assert_true(link_await_bytes(&acceptor));
    read_some(&acceptor, 1, &out, &rings);
    assert_true(link_at_end(&acceptor, &must_ring) && must_ring);
    assert_true(link_is_refused(&offerer)); /* so that the offerer knows that all was read */
    assert_true(link_at_end(&acceptor, &must_ring) && !must_ring);
    memset(memory, 0, sizeof memory); /* as if the offerer were gone */
    assert_true(link_at_end(&acceptor, &must_ring));
    assert_int_equal(link_end_state(&acceptor), LINK_ENDED);
}

/* Spans stay inside, whatever the counters say. */
static void a_liar_does_no_harm(void **state) {
    (void)state;
    srandom(5);
    begin_at(4711);
    for (uint32_t step = 0; step < 200000; step++) {
        uint32_t span, words = PAGE_SIZE / 4;
        bool rings;
        ((uint32_t *)(void *)memory)[random() % (random() % 2 ? 64 : words)] =
            (uint32_t)random() * 2654435761u;
        const uint8_t *from = link_read_span(&acceptor, &span);
        assert_true(from >= acceptor.input_bytes &&
                    from + span <= acceptor.input_bytes + LINK_BYTES);
        link_consumed(&acceptor, some(span));
        uint8_t *to = link_write_span(&acceptor, &span);
        assert_true(to >= acceptor.output_bytes && to + span <= acceptor.output_bytes + LINK_BYTES);
        link_produced(&acceptor, some(span));
        link_await_bytes(&acceptor);
        link_await_room(&acceptor);
        link_at_end(&acceptor, &rings);
        assert_true(link_readable(&acceptor) <= LINK_BYTES ||
                    link_readable(&acceptor) == LINK_BROKEN);
    }
}

static void the_two_directions_do_not_meet(void **state) {
    (void)state;
    uint8_t one = 0, other = 100, got_one = 0, got_other = 100;
    bool rings;
    fresh();
    while (write_some(&offerer, 4096, &one, &rings) > 0)
        ;
    while (write_some(&acceptor, 4096, &other, &rings) > 0)
        ;
    assert_true(memory + sizeof memory == acceptor.output_bytes + LINK_BYTES);
    while (read_some(&acceptor, 4096, &got_one, &rings) > 0)
        ;
    while (read_some(&offerer, 4096, &got_other, &rings) > 0)
        ;
    assert_int_equal(got_one, one);
    assert_int_equal(got_other, other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_arrives_and_nobody_sleeps_over_it),
        cmocka_unit_test(who_is_awake_is_not_rung),
        cmocka_unit_test(ends_come_behind_the_last_byte),
        cmocka_unit_test(a_liar_does_no_harm),
        cmocka_unit_test(the_two_directions_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
