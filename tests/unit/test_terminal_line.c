// SPDX-License-Identifier: MIT
// sources: domains/linux/tty/line.c domains/linux/tty/line_output.c
/*
 * The line discipline: what a person types against what programs read and what the screen shows.
 */
#include "domains/linux/tty/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct line line;
static char screen[8192];

static int fresh(void **state) {
    (void)state;
    line_start(&line);
    return 0;
}

static enum line_event type(const char *keys) {
    enum line_event event = LINE_TAKEN;
    for (; *keys; keys++)
        event = line_receive(&line, (uint8_t)*keys);
    return event;
}

/* What the device gets, as a string. */
static const char *shown(void) {
    uint32_t used = 0;
    const char *bytes;
    for (uint32_t count; (count = line_output(&line, &bytes)) != 0; used += count) {
        assert_true(used + count < sizeof screen);
        memcpy(screen + used, bytes, count);
        line_output_taken(&line, count);
    }
    screen[used] = 0;
    return screen;
}

static void expect_read(const char *wanted, bool wanted_end) {
    char buffer[2048];
    bool end;
    uint32_t count = line_read(&line, buffer, sizeof buffer - 1, &end);
    buffer[count] = 0;
    assert_string_equal(buffer, wanted);
    assert_int_equal(end, wanted_end);
}

static void change_local(uint32_t clear, uint32_t set) {
    struct termios termios = line.termios;
    termios.local_flags = (termios.local_flags & ~clear) | set;
    line_set(&line, &termios);
}

static void a_line_is_readable_only_when_it_ends(void **state) {
    (void)state;
    type("ls -l");
    assert_false(line_readable(&line, 1));
    assert_int_equal(line_waiting(&line), 0);
    type("\r");
    assert_true(line_readable(&line, 1));
    assert_int_equal(line_waiting(&line), 6);
    assert_string_equal(shown(), "ls -l\r\n");
    expect_read("ls -l\n", true);
}

static void a_read_ends_at_the_line(void **state) {
    (void)state;
    type("one\ntwo\n");
    expect_read("one\n", true);
    expect_read("two\n", true);
    expect_read("", false);
}

static void a_short_read_leaves_the_rest_of_the_line(void **state) {
    (void)state;
    char buffer[3];
    bool end;
    type("abcd\n");
    assert_int_equal(line_read(&line, buffer, 3, &end), 3);
    assert_false(end);
    expect_read("d\n", true);
}

static void erase_wipes_what_it_showed(void **state) {
    (void)state;
    type("ab\x7f");
    assert_string_equal(shown(), "ab\b \b");
    type("\x01\x7f"); /* ^A takes two columns */
    assert_string_equal(shown(), "^A\b \b\b \b");
    type("\x7f\x7f\x7f\n"); /* never past the start */
    expect_read("\n", true);
}

static void erase_knows_tabs(void **state) {
    (void)state;
    line_write(&line, "$ ", 2);
    type("abc\t");
    shown();
    type("\x7f"); /* from column 8 back to column 5 */
    assert_string_equal(shown(), "\b \b\b \b\b \b");
    type("\n");
    expect_read("abc\n", true);
}

static void erase_takes_a_whole_utf8_character(void **state) {
    (void)state;
    struct termios termios = line.termios;
    termios.input_flags |= IUTF8;
    line_set(&line, &termios);
    type("a\xc3\xa4\x7f");
    assert_string_equal(shown(), "a\xc3\xa4\b \b");
    type("\n");
    expect_read("a\n", true);
}

static void word_erase_and_kill(void **state) {
    (void)state;
    type("rm  some-file  \x17");
    type("\n");
    expect_read("rm  some-\n", true);
    shown();
    type("abc\x15xy\n");
    assert_string_equal(shown(), "abc\b \b\b \b\b \bxy\r\n");
    expect_read("xy\n", true);
}

static void kill_without_echoke_starts_a_new_line(void **state) {
    (void)state;
    change_local(ECHOKE, 0);
    type("abc\x15");
    assert_string_equal(shown(), "abc^U\r\n");
}

static void end_of_file(void **state) {
    (void)state;
    type("\x04");
    assert_true(line_readable(&line, 1));
    expect_read("", true);
    type("half\x04");
    expect_read("half", true);
    expect_read("", false);
}

static void end_of_file_behind_a_full_buffer_is_not_a_second_one(void **state) {
    (void)state;
    char buffer[4];
    bool end;
    type("half\x04");
    assert_int_equal(line_read(&line, buffer, 4, &end), 4);
    assert_true(end);
    assert_false(line_readable(&line, 1));
}

static void signals_flush_and_echo(void **state) {
    (void)state;
    type("half a comm");
    shown();
    assert_int_equal(type("\x03"), LINE_INTERRUPT);
    assert_string_equal(shown(), "^C");
    assert_int_equal(type("\x1c"), LINE_QUIT);
    assert_int_equal(type("\x1a"), LINE_SUSPEND);
    type("\n");
    expect_read("\n", true);
}

static void signals_without_flush_keep_the_line(void **state) {
    (void)state;
    change_local(0, NOFLSH);
    type("abc\x03\n");
    expect_read("abc\n", true);
}

static void literal_next_takes_the_meaning_away(void **state) {
    (void)state;
    assert_int_equal(type("\x16\x03"), LINE_TAKEN);
    assert_string_equal(shown(), "^\b^C");
    type("\x16\x7f\n");
    expect_read("\x03\x7f\n", true);
}

static void raw_mode_delivers_each_byte(void **state) {
    (void)state;
    change_local(ICANON | ECHO | ISIG, 0);
    assert_int_equal(type("\x03x"), LINE_TAKEN);
    assert_true(line_readable(&line, 2));
    assert_false(line_readable(&line, 3));
    assert_string_equal(shown(), "");
    expect_read("\x03x", false);
}

static void leaving_canonical_mode_frees_the_line_being_edited(void **state) {
    (void)state;
    type("ab");
    change_local(ICANON, 0);
    assert_true(line_readable(&line, 2));
    expect_read("ab", false);
}

static void newline_mapping_follows_the_flags(void **state) {
    (void)state;
    struct termios termios = line.termios;
    termios.input_flags = INLCR;
    termios.local_flags = 0;
    termios.output_flags = 0;
    line_set(&line, &termios);
    type("a\nb\r");
    expect_read("a\rb\r", false);
    termios.input_flags = IGNCR;
    line_set(&line, &termios);
    type("a\r\nb");
    expect_read("a\nb", false);
    assert_int_equal(line_write(&line, "x\ny", 3), 3);
    assert_string_equal(shown(), "x\ny");
}

static void output_newlines_and_tabs(void **state) {
    (void)state;
    struct termios termios = line.termios;
    termios.output_flags |= XTABS;
    line_set(&line, &termios);
    line_write(&line, "ab\tc\n\tx", 7);
    assert_string_equal(shown(), "ab      c\r\n        x");
}

static void flow_control_holds_the_output(void **state) {
    (void)state;
    const char *bytes;
    type("\x13");
    line_write(&line, "held", 4);
    assert_int_equal(line_output(&line, &bytes), 0);
    type("\x11");
    assert_string_equal(shown(), "held");
}

static void an_interrupt_restarts_the_output(void **state) {
    (void)state;
    type("\x13");
    line_write(&line, "held", 4);
    type("\x03");
    assert_string_equal(shown(), "^C");
}

static void output_is_bounded_and_keeps_room_for_echo(void **state) {
    (void)state;
    static char flood[2 * LINE_OUTPUT_BYTES];
    memset(flood, 'x', sizeof flood);
    uint32_t taken = line_write(&line, flood, sizeof flood);
    assert_true(taken < LINE_OUTPUT_BYTES);
    assert_false(line_writable(&line));
    type("\x01");
    const char *all = shown();
    assert_int_equal(strlen(all), taken + 2);
    assert_string_equal(all + taken, "^A");
    assert_true(line_writable(&line));
}

static void a_line_too_long_can_still_be_ended(void **state) {
    (void)state;
    change_local(ECHO, 0);
    for (int i = 0; i < 3 * LINE_INPUT_CELLS; i++)
        assert_int_equal(line_receive(&line, 'a'), LINE_TAKEN);
    assert_int_equal(line_receive(&line, '\n'), LINE_TAKEN);
    assert_int_equal(line_waiting(&line), LINE_INPUT_CELLS);
    assert_int_equal(line_receive(&line, 'b'), LINE_FULL);
    assert_int_equal(line_receive(&line, 3), LINE_INTERRUPT);
}

static void a_full_raw_ring_refuses(void **state) {
    (void)state;
    change_local(ICANON | ECHO, 0);
    for (int i = 0; i < LINE_INPUT_CELLS; i++)
        assert_int_equal(line_receive(&line, 'a'), LINE_TAKEN);
    assert_int_equal(line_receive(&line, 'b'), LINE_FULL);
    char byte;
    bool end;
    line_read(&line, &byte, 1, &end);
    assert_int_equal(line_receive(&line, 'b'), LINE_TAKEN);
}

static void reprint_shows_the_line_again(void **state) {
    (void)state;
    type("abc");
    shown();
    type("\x12");
    assert_string_equal(shown(), "^R\r\nabc");
}

/* Random keys in random modes: the counters stay in order and inside the rings. */
static void random_input_keeps_the_rings_sound(void **state) {
    (void)state;
    srand(1);
    for (int i = 0; i < 200000; i++) {
        switch (rand() % 16) {
        case 0: {
            char buffer[64];
            bool end;
            line_read(&line, buffer, (uint32_t)(rand() % 64), &end);
            break;
        }
        case 1:
            shown();
            break;
        case 2:
            line_write(&line, "some\toutput\n", 12);
            break;
        case 3:
            if (rand() % 32 == 0)
                change_local((uint32_t)rand(), (uint32_t)rand());
            break;
        default:
            line_receive(&line, (uint8_t)(rand() % 4 ? rand() % 128 : rand()));
        }
        assert_true(line.committed - line.head <= LINE_INPUT_CELLS);
        assert_true(line.tail - line.committed <= LINE_INPUT_CELLS);
        assert_true(line.tail - line.head <= LINE_INPUT_CELLS);
        assert_true(line.output_tail - line.output_head <= LINE_OUTPUT_BYTES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_is_readable_only_when_it_ends, fresh),
        cmocka_unit_test_setup(a_read_ends_at_the_line, fresh),
        cmocka_unit_test_setup(a_short_read_leaves_the_rest_of_the_line, fresh),
        cmocka_unit_test_setup(erase_wipes_what_it_showed, fresh),
        cmocka_unit_test_setup(erase_knows_tabs, fresh),
        cmocka_unit_test_setup(erase_takes_a_whole_utf8_character, fresh),
        cmocka_unit_test_setup(word_erase_and_kill, fresh),
        cmocka_unit_test_setup(kill_without_echoke_starts_a_new_line, fresh),
        cmocka_unit_test_setup(end_of_file, fresh),
        cmocka_unit_test_setup(end_of_file_behind_a_full_buffer_is_not_a_second_one, fresh),
        cmocka_unit_test_setup(signals_flush_and_echo, fresh),
        cmocka_unit_test_setup(signals_without_flush_keep_the_line, fresh),
        cmocka_unit_test_setup(literal_next_takes_the_meaning_away, fresh),
        cmocka_unit_test_setup(raw_mode_delivers_each_byte, fresh),
        cmocka_unit_test_setup(leaving_canonical_mode_frees_the_line_being_edited, fresh),
        cmocka_unit_test_setup(newline_mapping_follows_the_flags, fresh),
        cmocka_unit_test_setup(output_newlines_and_tabs, fresh),
        cmocka_unit_test_setup(flow_control_holds_the_output, fresh),
        cmocka_unit_test_setup(an_interrupt_restarts_the_output, fresh),
        cmocka_unit_test_setup(output_is_bounded_and_keeps_room_for_echo, fresh),
        cmocka_unit_test_setup(a_line_too_long_can_still_be_ended, fresh),
        cmocka_unit_test_setup(a_full_raw_ring_refuses, fresh),
        cmocka_unit_test_setup(reprint_shows_the_line_again, fresh),
        cmocka_unit_test_setup(random_input_keeps_the_rings_sound, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
