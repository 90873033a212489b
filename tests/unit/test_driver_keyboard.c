// SPDX-License-Identifier: MIT
/* Scancodes to bytes, and the queue that the bytes go into. */
// sources: drivers/console/console/scancode.c
#include "drivers/console/console/queue.h"
#include "drivers/console/console/scancode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct scancode_state state_now;

static int setup(void **state) {
    (void)state;
    state_now = (struct scancode_state){0};
    return 0;
}

static void expect(const char *scancodes, size_t count, const char *text, size_t bytes) {
    uint8_t typed[256], *end = typed;
    for (size_t i = 0; i < count; i++)
        end += scancode_decode(&state_now, (uint8_t)scancodes[i], end);
    assert_int_equal(end - typed, bytes);
    assert_memory_equal(typed, text, bytes);
}

#define EXPECT(scancodes, text) expect(scancodes, sizeof(scancodes) - 1, text, sizeof(text) - 1)

static void letters_and_shift(void **state) {
    (void)state;
    EXPECT("\x1e\x9e", "a");
    EXPECT("\x2a\x1e\x9e\xaa\x1e\x9e", "Aa");
    EXPECT("\x36\x02\x82\xb6\x02\x82", "!1");
    EXPECT("\x35\xb5\x2b\x39", "/\\ ");
    EXPECT("\x1c\x0e\x0f\x01", "\r\x7f\t\x1b");
}

static void caps_lock_is_for_letters(void **state) {
    (void)state;
    EXPECT("\x3a\xba\x1e\x9e\x02\x82", "A1");
    EXPECT("\x2a\x1e\x02\xaa", "a!");
    EXPECT("\x3a\xba\x1e", "a");
}

static void control_and_alt(void **state) {
    (void)state;
    EXPECT("\x1d\x2e\xae\x9d", "\x03");
    EXPECT("\xe0\x1d\x2c\xe0\x9d\x2c", "\x1az");
    EXPECT("\x1d\x1a\x39\x9d", "\x1b\0");
    EXPECT("\x38\x30\xb8\x30", "\033bb");
}

static void grey_keys(void **state) {
    (void)state;
    EXPECT("\xe0\x48\xe0\xc8\xe0\x50\xe0\x4d\xe0\x4b", "\033[A\033[B\033[C\033[D");
    EXPECT("\xe0\x47\xe0\x4f\xe0\x49\xe0\x51\xe0\x52\xe0\x53",
           "\033[H\033[F\033[5~\033[6~\033[2~\033[3~");
    EXPECT("\x1d\xe0\x4d\x9d", "\033[1;5C");
    EXPECT("\x2a\xe0\x49\xaa", "\033[5;2~");
    EXPECT("\xe0\x1c\xe0\x35", "\r/");
    EXPECT("\xe0\x2a\xe0\x48\xe0\xc8\xe0\xaa", "\033[A"); /* with made-up shifts */
}

static void function_keys(void **state) {
    (void)state;
    EXPECT("\x3b\x3e\x3f\x44\x57\x58", "\033OP\033OS\033[15~\033[21~\033[23~\033[24~");
    EXPECT("\x2a\x3b\x0f\xaa", "\033[1;2P\033[Z");
}

static void number_pad(void **state) {
    (void)state;
    EXPECT("\x48\x4a\x4e\x37", "\033[A-+*");
    EXPECT("\x45\xc5\x48\x53", "8.");
}

static void pause_and_answers_type_nothing(void **state) {
    (void)state;
    EXPECT("\xe1\x1d\x45\xe1\x9d\xc5\x1e", "a");
    EXPECT("\xfa\xfe\xff\xe0\x5b\x1e", "a");
}

static void never_more_than_promised(void **state) {
    (void)state;
    srand(1);
    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[SCANCODE_BYTES];
        assert_true(scancode_decode(&state_now, (uint8_t)rand(), bytes) <= SCANCODE_BYTES);
    }
}

static void queue_is_bounded_and_counts_losses(void **state) {
    (void)state;
    struct byte_queue queue = {.head = 0xFFFFFF00u, .tail = 0xFFFFFF00u};
    for (uint32_t i = 0; i < QUEUE_BYTES + 5; i++)
        queue_put(&queue, (uint8_t)i);
    assert_int_equal(queue.lost, 5);
    assert_int_equal(queue_room(&queue), 0);
    uint8_t bytes[QUEUE_BYTES];
    assert_int_equal(queue_take(&queue, bytes, 3), 3);
    assert_int_equal(bytes[2], 2);
    assert_int_equal(queue_take(&queue, bytes, sizeof(bytes)), QUEUE_BYTES - 3);
    assert_int_equal(bytes[0], 3);
    assert_int_equal(queue_take(&queue, bytes, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(letters_and_shift, setup),
        cmocka_unit_test_setup(caps_lock_is_for_letters, setup),
        cmocka_unit_test_setup(control_and_alt, setup),
        cmocka_unit_test_setup(grey_keys, setup),
        cmocka_unit_test_setup(function_keys, setup),
        cmocka_unit_test_setup(number_pad, setup),
        cmocka_unit_test_setup(pause_and_answers_type_nothing, setup),
        cmocka_unit_test_setup(never_more_than_promised, setup),
        cmocka_unit_test_setup(queue_is_bounded_and_counts_losses, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
