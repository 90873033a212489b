// SPDX-License-Identifier: MIT
// sources: kernel/channel/channel.c kernel/channel/stream.c
/*
 * Channels: every byte arrives once and in order, ends close in every order, deaths on either side leave
 * neither memory nor a dangling end.
 */
#include "kernel/channel/channel.h"

#include "kernel/domain/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- The core around it ---- */

static int objects, events[3];
static struct tenant operator= {.number = 0, .state = TENANT_RUNNING};
static struct tenant red = {.number = 1, .state = TENANT_RUNNING};
static struct tenant blue = {.number = 2, .state = TENANT_RUNNING};
static int most; /* objects, before a page is refused; 0: any number */

void *object_allocate(struct object_pool *pool, size_t bytes) {
    assert_ptr_equal(pool, &operator.pool);
    assert_true(bytes <= OBJECT_BYTES_MAX);
    objects++;
    return calloc(1, bytes);
}
void object_free(struct object_pool *pool, void *object) {
    assert_ptr_equal(pool, &operator.pool);
    objects--;
    free(object);
}
void *object_pages(struct object_pool *pool, uint32_t pages) {
    (void)pool;
    if (most != 0 && objects > most)
        return NULL;
    objects++;
    return calloc(pages, 4096);
}
void object_pages_free(struct object_pool *pool, void *start, uint32_t pages) {
    (void)pool, (void)pages;
    objects--;
    free(start);
}
void tenant_channel_event(struct tenant *tenant) {
    events[tenant->number]++;
}

static struct channel_offer offer = {.command_bytes = 3, .command = "sh"};

static uint32_t opened(void) {
    uint32_t handle, accepted;
    assert_int_equal(channel_open(&operator, & red, &offer, &handle), STATUS_OK);
    assert_int_equal(channel_accept(&red, &accepted), STATUS_OK);
    assert_int_equal(accepted, handle);
    return handle;
}

static void nothing_is_left(void) {
    assert_int_equal(objects, 0);
    assert_null(operator.channels);
    assert_null(red.channels);
}

/* ---- Tests ---- */

static void streams_keep_every_byte(void **state) {
    (void)state;
    static uint8_t page[CHANNEL_STREAM_BYTES];
    struct stream stream = {.bytes = page, .head = 0xFFFFF000u, .tail = 0xFFFFF000u};
    uint8_t next_in = 0, next_out = 0, *to;
    const uint8_t *from;
    for (uint32_t step = 0; step < 200000; step++) {
        uint32_t span = stream_write_span(&stream, &to),
                 some = span ? (uint32_t)rand() % (span + 1) : 0;
        for (uint32_t n = 0; n < some; n++)
            to[n] = next_in++;
        stream_produce(&stream, some);
        span = stream_read_span(&stream, &from);
        some = span ? (uint32_t)rand() % (span + 1) : 0;
        for (uint32_t n = 0; n < some; n++)
            assert_int_equal(from[n], next_out++);
        stream_consume(&stream, some);
        assert_int_equal(stream_used(&stream) + stream_room(&stream), CHANNEL_STREAM_BYTES);
    }
}

static void offers_are_checked(void **state) {
    (void)state;
    uint32_t handle;
    struct channel_offer bad = offer;
    bad.command_bytes = CHANNEL_COMMAND_BYTES + 1;
    assert_int_equal(channel_open(&operator, & red, &bad, &handle), STATUS_BAD_ARGUMENT);
    bad.command_bytes = 0;
    assert_int_equal(channel_open(&operator, & red, &bad, &handle), STATUS_BAD_ARGUMENT);
    bad.command_bytes = 2; /* not ended */
    assert_int_equal(channel_open(&operator, & red, &bad, &handle), STATUS_BAD_ARGUMENT);
    assert_int_equal(channel_open(&operator, & operator, & offer, &handle), STATUS_BAD_ARGUMENT);
    red.state = TENANT_DYING;
    assert_int_equal(channel_open(&operator, & red, &offer, &handle), STATUS_GONE);
    red.state = TENANT_RUNNING;
    most = 2;
    assert_int_equal(channel_open(&operator, & red, &offer, &handle), STATUS_NO_MEMORY);
    most = 0;
    nothing_is_left();
}

static void sides_have_their_streams(void **state) {
    (void)state;
    uint32_t handle = opened();
    struct stream *stream;
    assert_int_equal(channel_writes(&operator, handle, STREAM_INPUT, &stream), STATUS_OK);
    assert_int_equal(channel_writes(&red, handle, STREAM_INPUT, &stream), STATUS_NOT_PERMITTED);
    assert_int_equal(channel_reads(&red, handle, STREAM_INPUT, &stream), STATUS_OK);
    assert_int_equal(channel_writes(&red, handle, STREAM_ERROR, &stream), STATUS_OK);
    assert_int_equal(channel_reads(&operator, handle, STREAM_COUNT, &stream), STATUS_BAD_ARGUMENT);
    assert_int_equal(channel_reads(&operator, handle + 1, 0, &stream), STATUS_BAD_HANDLE);
    assert_int_equal(channel_exit(&operator, handle, 0), STATUS_NOT_PERMITTED);
    assert_int_equal(channel_set_window(&red, handle, 1), STATUS_NOT_PERMITTED);
    assert_int_equal(channel_close(&operator, handle), STATUS_OK);
    assert_int_equal(channel_writes(&red, handle, STREAM_OUTPUT, &stream), STATUS_GONE);
    assert_int_equal(channel_close(&red, handle), STATUS_OK);
    nothing_is_left();
}

static void the_end_comes_after_the_last_byte(void **state) {
    (void)state;
    uint32_t handle = opened();
    struct stream *stream;
    struct channel_description description;
    channel_writes(&red, handle, STREAM_OUTPUT, &stream);
    stream_produce(stream, 5);
    assert_int_equal(channel_exit(&red, handle, 0x700), STATUS_OK);
    assert_int_equal(channel_exit(&red, handle, 0), STATUS_NOT_PERMITTED);
    assert_int_equal(channel_close(&red, handle), STATUS_OK);
    assert_int_equal(channel_describe(&operator, handle, &description), STATUS_OK);
    assert_int_equal(description.state, CHANNEL_ENDED);
    assert_int_equal(description.exit_status, 0x700);
    assert_int_equal(description.readable[STREAM_OUTPUT], 5);
    assert_int_equal(description.writable[STREAM_INPUT], 0);
    assert_string_equal(description.command, "sh");
    assert_int_equal(channel_reads(&operator, handle, STREAM_OUTPUT, &stream), STATUS_OK);
    assert_int_equal(stream_used(stream), 5);
    assert_true(stream->writer_done);
    assert_int_equal(channel_close(&operator, handle), STATUS_OK);
    nothing_is_left();
}

static void an_offer_dies_with_its_creator(void **state) {
    (void)state;
    uint32_t handle;
    channel_open(&operator, & red, &offer, &handle);
    assert_int_equal(channel_close(&operator, handle), STATUS_OK);
    assert_int_equal(channel_accept(&red, &handle), STATUS_AGAIN);
    nothing_is_left();
}

static void deaths(void **state) {
    (void)state;
    uint32_t one = opened(), two, three = opened();
    struct channel_description description;
    channel_open(&operator, & red, &offer, &two);
    int before = events[0];
    assert_true(channel_tenant_died(&red));
    assert_true(events[0] > before);
    assert_int_equal(channel_count(&red), 0);
    assert_int_equal(channel_count(&operator), 3);
    for (uint32_t n = 0; n < 3; n++) {
        const uint32_t handles[] = {one, two, three};
        channel_describe(&operator, handles[n], &description);
        assert_int_equal(description.state, CHANNEL_ENDED);
        assert_int_equal(description.exit_status, 9);
    }
    channel_close(&operator, two);
    assert_true(channel_tenant_died(&operator));
    nothing_is_left();

    opened();
    channel_open(&operator, & red, &offer, &two);
    assert_true(channel_tenant_died(&operator));
    assert_int_equal(channel_count(&red), 0);
    nothing_is_left();
}

/* The memory is the creator's, also while only the other end is open. */
static void a_creator_that_has_closed_its_end_dies(void **state) {
    (void)state;
    uint32_t handle = opened();
    struct channel_description description;
    assert_int_equal(channel_close(&operator, handle), STATUS_OK);
    assert_int_equal(channel_close(&operator, handle), STATUS_BAD_HANDLE);
    int told = events[0];
    assert_int_equal(channel_exit(&red, handle, 0), STATUS_OK);
    assert_int_equal(events[0], told);
    assert_true(channel_tenant_died(&operator));
    assert_int_equal(channel_describe(&red, handle, &description), STATUS_BAD_HANDLE);
    assert_int_equal(channel_count(&red), 0);
    nothing_is_left();
}

/* A tenant that accepts commands and never ends them does not keep the operator from the next. */
static void ends_that_an_acceptor_keeps_are_taken_back(void **state) {
    (void)state;
    struct channel_description description;
    uint32_t kept = opened(), first = opened(), second = opened(), handle;
    channel_close(&operator, first);
    channel_close(&operator, second);
    while (channel_count(&operator) < 256)
        channel_open(&operator, & blue, &offer, &handle);
    int told = events[1];
    assert_int_equal(channel_open(&operator, & blue, &offer, &handle), STATUS_OK);
    assert_int_equal(events[1], told + 1);
    assert_int_equal(channel_describe(&red, first, &description), STATUS_BAD_HANDLE);
    assert_int_equal(channel_describe(&red, second, &description), STATUS_OK);
    assert_int_equal(channel_open(&operator, & blue, &offer, &handle), STATUS_OK);
    assert_int_equal(channel_describe(&red, kept, &description), STATUS_OK);
    assert_int_equal(channel_open(&operator, & blue, &offer, &handle), STATUS_NO_MEMORY);
    while (!channel_tenant_died(&operator))
        ;
    nothing_is_left();
}

static void a_creator_without_memory_takes_back_what_it_closed(void **state) {
    (void)state;
    uint32_t handle = opened(), other;
    most = 3;
    assert_int_equal(channel_open(&operator, & red, &offer, &other), STATUS_NO_MEMORY);
    channel_close(&operator, handle);
    assert_int_equal(channel_open(&operator, & red, &offer, &other), STATUS_OK);
    most = 0;
    channel_close(&operator, other);
    nothing_is_left();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_keep_every_byte),
        cmocka_unit_test(offers_are_checked),
        cmocka_unit_test(sides_have_their_streams),
        cmocka_unit_test(the_end_comes_after_the_last_byte),
        cmocka_unit_test(an_offer_dies_with_its_creator),
        cmocka_unit_test(deaths),
        cmocka_unit_test(a_creator_that_has_closed_its_end_dies),
        cmocka_unit_test(ends_that_an_acceptor_keeps_are_taken_back),
        cmocka_unit_test(a_creator_without_memory_takes_back_what_it_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
