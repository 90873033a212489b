// SPDX-License-Identifier: MIT
// sources: domains/linux/netlink/format.c
/*
 * Netlink's messages: what is built is read again; whatever an app sends, nothing behind it is read.
 */
#include "domains/linux/netlink/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODY 8u

static _Alignas(4) uint8_t page[256];

static struct netlink_writer writer_with(uint32_t room) {
    memset(page, 0xAA, sizeof page);
    return (struct netlink_writer){.bytes = page, .room = room};
}

static bool build(struct netlink_writer *writer, uint16_t type) {
    struct netlink_header header = {.type = type, .sequence = 5, .port = 6};
    uint8_t *body = netlink_begin(writer, &header, BODY);
    if (body != NULL)
        body[0] = 7;
    netlink_put_text(writer, 1, "eth0");
    netlink_put_number(writer, 2, 1500);
    return netlink_end(writer);
}

static void what_is_built_is_read(void **state) {
    struct netlink_writer writer = writer_with(sizeof page);
    struct netlink_request request;

    (void)state;
    assert_true(build(&writer, 16) && build(&writer, 17));
    uint32_t step = netlink_read(page, writer.used, &request);
    assert_int_equal(step, 16 + BODY + 12 + 8);
    assert_int_equal(request.header.type, 16);
    assert_int_equal(((const uint8_t *)netlink_body(&request, BODY))[0], 7);
    assert_string_equal(netlink_attribute(&request, BODY, 1, 1), "eth0");
    assert_int_equal(*(const uint32_t *)netlink_attribute(&request, BODY, 2, 4), 1500);
    assert_null(netlink_attribute(&request, BODY, 2, 5));
    assert_null(netlink_attribute(&request, BODY, 3, 0));
    assert_int_equal(netlink_read(page + step, writer.used - step, &request), step);
    assert_int_equal(request.header.type, 17);
}

static void what_finds_no_room_is_not_there(void **state) {
    (void)state;
    for (uint32_t room = 0; room < sizeof page; room++) {
        struct netlink_writer writer = writer_with(room);
        uint32_t whole = 0;

        while (build(&writer, 16))
            whole++;
        assert_int_equal(writer.used, whole * (16 + BODY + 12 + 8));
        for (uint32_t n = room; n < sizeof page; n++)
            assert_int_equal(page[n], 0xAA);
    }
}

static void padding_is_zero(void **state) {
    struct netlink_writer writer = writer_with(sizeof page);

    (void)state;
    assert_true(build(&writer, 16));
    assert_int_equal(page[16 + BODY + 4 + 5], 0);
    assert_int_equal(page[16 + BODY + 4 + 7], 0);
}

static void lengths_that_lie_are_the_end(void **state) {
    struct netlink_request request;
    struct netlink_header header = {.bytes = 15};

    (void)state;
    memcpy(page, &header, sizeof header);
    assert_int_equal(netlink_read(page, sizeof page, &request), 0);
    header.bytes = sizeof page + 1;
    memcpy(page, &header, sizeof header);
    assert_int_equal(netlink_read(page, sizeof page, &request), 0);
    assert_int_equal(netlink_read(page, 15, &request), 0);
}

/* In a block of its own, so that AddressSanitizer sees what lies behind it. */
static void any_bytes_are_read_within_their_bounds(void **state) {
    (void)state;
    srand(1);
    for (uint32_t round = 0; round < 100000; round++) {
        uint32_t bytes = (uint32_t)rand() % 64, at = 0, step;
        uint8_t *block = malloc(bytes + 1);
        struct netlink_request request;

        for (uint32_t n = 0; n < bytes; n++)
            block[n] = (uint8_t)(rand() % 4 != 0 ? rand() % 20 : rand());
        uint8_t *exact = malloc(bytes);
        memcpy(exact, block, bytes);
        while ((step = netlink_read(exact + at, bytes - at, &request)) != 0) {
            for (uint16_t type = 0; type < 4; type++)
                netlink_attribute(&request, BODY, type, 4);
            at += step;
        }
        assert_in_range(at, 0, bytes);
        free(block);
        free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_is_read),
        cmocka_unit_test(what_finds_no_room_is_not_there),
        cmocka_unit_test(padding_is_zero),
        cmocka_unit_test(lengths_that_lie_are_the_end),
        cmocka_unit_test(any_bytes_are_read_within_their_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
