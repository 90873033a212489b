// SPDX-License-Identifier: MIT
/* The console's terminal emulator: what the screen shows after a stream of bytes. */
// sources: drivers/console/console/terminal.c drivers/console/console/terminal_edit.c
// sources: drivers/console/console/terminal_sequence.c
#include "drivers/console/console/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct terminal terminal;

static int setup(void **state) {
    (void)state;
    terminal_initialise(&terminal);
    return 0;
}

static void type(const char *text) {
    terminal_write(&terminal, (const uint8_t *)text, (uint32_t)strlen(text));
}

/* The row begins with this text, and blanks follow. */
static void expect_row(uint32_t row, const char *text) {
    char shown[TERMINAL_COLUMNS + 1];
    uint32_t end = 0;
    for (uint32_t column = 0; column < TERMINAL_COLUMNS; column++) {
        shown[column] = (char)(terminal_row(&terminal, row)[column] & 0xFF);
        if (shown[column] != ' ')
            end = column + 1;
    }
    shown[end] = '\0';
    assert_string_equal(shown, text);
}

static void expect_cursor(uint32_t row, uint32_t column) {
    assert_int_equal(terminal.cursor.row, row);
    assert_int_equal(terminal.cursor.column, column);
}

static uint32_t attribute(uint32_t row, uint32_t column) {
    return terminal_row(&terminal, row)[column] >> 8;
}

static void text_and_controls(void **state) {
    (void)state;
    type("one\r\ntwo\tx\b\by");
    expect_row(0, "one");
    expect_row(1, "two    yx");
    expect_cursor(1, 8);
}

static void wraps_only_when_the_next_character_comes(void **state) {
    (void)state;
    for (int i = 0; i < TERMINAL_COLUMNS; i++)
        type("a");
    expect_cursor(0, TERMINAL_COLUMNS - 1);
    expect_row(1, "");
    type("b");
    expect_row(1, "b");
    type("\033[?7l\033[3;80Hxyz");
    expect_cursor(2, TERMINAL_COLUMNS - 1);
    assert_int_equal(terminal_row(&terminal, 2)[TERMINAL_COLUMNS - 1] & 0xFF, 'z');
    expect_row(3, "");
}

static void scrolls_at_the_bottom(void **state) {
    (void)state;
    type("first\r\nsecond\033[25;1Hlast\r\nnew");
    expect_row(0, "second");
    expect_row(23, "last");
    expect_row(24, "new");
}

static void moves_the_cursor_within_the_screen(void **state) {
    (void)state;
    type("\033[5;10H");
    expect_cursor(4, 9);
    type("\033[2A\033[3C");
    expect_cursor(2, 12);
    type("\033[999B\033[999D");
    expect_cursor(24, 0);
    type("\033[999;999H");
    expect_cursor(24, 79);
    type("\033[H");
    expect_cursor(0, 0);
    type("\033[7d\033[7G");
    expect_cursor(6, 6);
    type("\0337\033[H\0338");
    expect_cursor(6, 6);
}

static void erases(void **state) {
    (void)state;
    type("abcdef\033[1;3H\033[K");
    expect_row(0, "ab");
    type("\033[Habcdef\033[1;3H\033[1K");
    expect_row(0, "   def");
    type("\r\nnext\r\nmore\033[2;3H\033[J");
    expect_row(0, "   def");
    expect_row(1, "ne");
    expect_row(2, "");
    type("\033[2J");
    expect_row(0, "");
    type("\033[Habcdef\033[1;2H\033[2X");
    expect_row(0, "a  def");
}

static void inserts_and_deletes(void **state) {
    (void)state;
    type("abcdef\033[1;3H\033[2P");
    expect_row(0, "abef");
    type("\033[2@");
    expect_row(0, "ab  ef");
    type("\033[4hXY\033[4l");
    expect_row(0, "abXY  ef");
    type("\033[H1\r\n2\r\n3\033[2;1H\033[L");
    expect_row(1, "");
    expect_row(2, "2");
    expect_row(3, "3");
    type("\033[2M");
    expect_row(1, "3");
    type("\033[999P\033[999@\033[100P\033[100@");
    expect_row(1, "");
}

static void scroll_region_keeps_the_rest(void **state) {
    (void)state;
    type("top\033[25;1Hbottom\033[2;4r");
    expect_cursor(0, 0);
    type("\033[2;1Ha\r\nb\r\nc\r\nd");
    expect_row(0, "top");
    expect_row(1, "b");
    expect_row(2, "c");
    expect_row(3, "d");
    expect_row(24, "bottom");
    type("\033[2;1H\033M");
    expect_row(1, "");
    expect_row(2, "b");
    expect_row(3, "c");
    expect_row(4, "");
    type("\033[9;3r"); /* no region: ignored */
    assert_int_equal(terminal.top, 1);
    assert_int_equal(terminal.bottom, 3);
}

static void styles_become_vga_attributes(void **state) {
    (void)state;
    type("n\033[31mr\033[1mb\033[7mv\033[0;44mB\033[38;5;2mg\033[mz");
    assert_int_equal(attribute(0, 0), 0x07);
    assert_int_equal(attribute(0, 1), 0x04); /* red is bit 2 here */
    assert_int_equal(attribute(0, 2), 0x0C);
    assert_int_equal(attribute(0, 3), 0x40);
    assert_int_equal(attribute(0, 4), 0x17);
    assert_int_equal(attribute(0, 5), 0x12);
    assert_int_equal(attribute(0, 6), 0x07);
}

static void alternate_screen_comes_and_goes(void **state) {
    (void)state;
    type("shell$ vi\033[?1049h");
    expect_row(0, "");
    type("\033[Htext");
    expect_row(0, "text");
    type("\033[?1049l");
    expect_row(0, "shell$ vi");
    expect_cursor(0, 9);
    type("\033[?1049h");
    expect_row(0, "");
}

static void strings_and_unknown_sequences_show_nothing(void **state) {
    (void)state;
    type("a\033]0;title\007b\033P1;2q###\033\\c\033(Bd\033[>4;2me\033[5 qf\033[6ng");
    expect_row(0, "abcdefg");
}

static void several_bytes_of_utf8_are_one_cell(void **state) {
    (void)state;
    type("a\xc3\xa4z\xe2\x82\xac.");
    expect_cursor(0, 5);
    assert_int_equal(terminal_row(&terminal, 0)[2] & 0xFF, 'z');
    assert_int_equal(terminal_row(&terminal, 0)[4] & 0xFF, '.');
}

static void only_touched_rows_are_dirty(void **state) {
    (void)state;
    terminal.dirty = 0;
    type("\033[4;1Hx");
    assert_int_equal(terminal.dirty, 1u << 3);
}

/* Any stream keeps the promises of terminal.h; the sanitizers watch the cells. */
static void survives_noise(void **state) {
    (void)state;
    static const char alphabet[] =
        "\033\033\033[[[[;?0123456789ABCDEFGHJKLMPSTX@dfhlmrsu78cM\r\n\t\b a";
    srand(1);
    for (int i = 0; i < 300000; i++) {
        uint8_t byte =
            (uint8_t)(rand() % 8 == 0 ? rand() : alphabet[(size_t)rand() % sizeof(alphabet)]);
        terminal_write(&terminal, &byte, 1);
        assert_true(terminal.cursor.row < TERMINAL_ROWS);
        assert_true(terminal.cursor.column < TERMINAL_COLUMNS);
        assert_true(terminal.top < terminal.bottom && terminal.bottom < TERMINAL_ROWS);
    }
    uint64_t rows = 0;
    for (uint32_t row = 0; row < TERMINAL_ROWS; row++)
        rows |= 1ull << terminal.line[row] | 1ull << terminal.hidden_line[row];
    assert_true(rows == (1ull << 2 * TERMINAL_ROWS) - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(text_and_controls, setup),
        cmocka_unit_test_setup(wraps_only_when_the_next_character_comes, setup),
        cmocka_unit_test_setup(scrolls_at_the_bottom, setup),
        cmocka_unit_test_setup(moves_the_cursor_within_the_screen, setup),
        cmocka_unit_test_setup(erases, setup),
        cmocka_unit_test_setup(inserts_and_deletes, setup),
        cmocka_unit_test_setup(scroll_region_keeps_the_rest, setup),
        cmocka_unit_test_setup(styles_become_vga_attributes, setup),
        cmocka_unit_test_setup(alternate_screen_comes_and_goes, setup),
        cmocka_unit_test_setup(strings_and_unknown_sequences_show_nothing, setup),
        cmocka_unit_test_setup(several_bytes_of_utf8_are_one_cell, setup),
        cmocka_unit_test_setup(only_touched_rows_are_dirty, setup),
        cmocka_unit_test_setup(survives_noise, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
