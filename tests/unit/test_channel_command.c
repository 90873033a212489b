// SPDX-License-Identifier: MIT
// sources: domains/linux/channel/command.c userland/rfctl/offer.c
/*
 * Commands that go through a channel: as the operator packs them, and as the tenant splits them,
 * fills in defaults, and searches PATH.
 */
#include "domains/linux/channel/command.h"
#include "userland/rfctl/offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct command command;

static bool parse(const char *text, uint32_t bytes) {
    memset(command.text, 'x', sizeof command.text);
    memcpy(command.text, text, bytes <= CHANNEL_COMMAND_BYTES ? bytes : 0);
    return command_parse(&command, bytes);
}

static void strings_and_environment_are_split(void **state) {
    (void)state;
    static const char text[] = "sh\0-c\0echo a b\0\0TERM=vt100\0PATH=/x";
    assert_true(parse(text, sizeof text));
    assert_int_equal(command.argument_count, 3);
    assert_string_equal(command.arguments[2], "echo a b");
    assert_null(command.arguments[3]);
    assert_int_equal(command.environment_count, 2);
    assert_string_equal(command_variable(&command, "TERM"), "vt100");
    assert_null(command_variable(&command, "TER"));
    assert_null(command_variable(&command, "TERMS"));
}

static void a_command_may_be_cut_anywhere(void **state) {
    (void)state;
    static const char text[] = "sh\0-c\0echo a b\0\0TERM=vt100";
    for (uint32_t bytes = 0; bytes <= sizeof text; bytes++) {
        char *exact = malloc(bytes + 1);
        memcpy(exact, text, bytes);
        assert_int_equal(parse(exact, bytes), bytes > 0);
        free(exact);
    }
    assert_false(parse("\0A=B", 4));
}

static void too_many_strings_are_refused(void **state) {
    (void)state;
    static char text[CHANNEL_COMMAND_BYTES];
    memset(text, 0, sizeof text);
    for (uint32_t i = 0; i < 2 * (COMMAND_STRINGS + 1); i += 2)
        text[i] = 'x';
    assert_false(parse(text, sizeof text));
    assert_true(parse(text, 2 * COMMAND_STRINGS));
    assert_int_equal(command.argument_count, COMMAND_STRINGS);
    assert_false(parse(text, CHANNEL_COMMAND_BYTES + 1));
}

static void defaults_do_not_replace(void **state) {
    (void)state;
    static const char text[] = "sh\0\0TERM=vt100";
    parse(text, sizeof text);
    command_default(&command, "TERM=linux");
    command_default(&command, "HOME=/");
    assert_string_equal(command_variable(&command, "TERM"), "vt100");
    assert_string_equal(command_variable(&command, "HOME"), "/");
    assert_int_equal(command.environment_count, 2);
    assert_null(command.environment[2]);
}

static void expect_candidates(const char *text, uint32_t bytes, const char *const *wanted) {
    char path[COMMAND_PATH];
    uint32_t position = 0;
    assert_true(parse(text, bytes));
    for (; *wanted; wanted++) {
        assert_true(command_candidate(&command, &position, path));
        assert_string_equal(path, *wanted);
    }
    assert_false(command_candidate(&command, &position, path));
}

static void path_is_searched_in_order(void **state) {
    (void)state;
    static const char text[] = "ls\0\0PATH=/a:/b/c::/d";
    expect_candidates(text, sizeof text, (const char *[]){"/a/ls", "/b/c/ls", "ls", "/d/ls", NULL});
    expect_candidates("ls", 3,
                      (const char *[]){"/bin/ls", "/sbin/ls", "/usr/bin/ls", "/usr/sbin/ls", NULL});
    static const char slash[] = "./ls\0\0PATH=/a";
    expect_candidates(slash, sizeof slash, (const char *[]){"./ls", NULL});
}

static void names_that_do_not_fit_are_passed_over(void **state) {
    (void)state;
    static char text[CHANNEL_COMMAND_BYTES] = "ls\0\0PATH=/";
    memset(text + 10, 'x', COMMAND_PATH);
    strcpy(text + 10 + COMMAND_PATH, ":/b");
    expect_candidates(text, sizeof text, (const char *[]){"/b/ls", NULL});
}

static void what_is_packed_is_split_again(void **state) {
    (void)state;
    static char *const words[] = {"sh", "-c", "a  b", NULL};
    struct channel_offer offer;
    assert_true(offer_fill(&offer, words, "vt100"));
    assert_true(parse(offer.command, offer.command_bytes));
    assert_int_equal(command.argument_count, 3);
    assert_string_equal(command.arguments[2], "a  b");
    assert_int_equal(command.environment_count, 1);
    assert_string_equal(command_variable(&command, "TERM"), "vt100");
    assert_true(offer_fill(&offer, words, NULL));
    assert_true(parse(offer.command, offer.command_bytes));
    assert_int_equal(command.environment_count, 0);
}

static void what_does_not_fit_is_not_packed(void **state) {
    (void)state;
    static char text[CHANNEL_COMMAND_BYTES + 1];
    char *const words[] = {text, NULL};
    struct channel_offer offer;
    memset(text, 'x', CHANNEL_COMMAND_BYTES - 1);
    assert_true(offer_fill(&offer, words, NULL));
    assert_int_equal(offer.command_bytes, CHANNEL_COMMAND_BYTES);
    assert_false(offer_fill(&offer, words, "vt100"));
    text[CHANNEL_COMMAND_BYTES - 1] = 'x';
    assert_false(offer_fill(&offer, words, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_and_environment_are_split),
        cmocka_unit_test(a_command_may_be_cut_anywhere),
        cmocka_unit_test(too_many_strings_are_refused),
        cmocka_unit_test(defaults_do_not_replace),
        cmocka_unit_test(path_is_searched_in_order),
        cmocka_unit_test(names_that_do_not_fit_are_passed_over),
        cmocka_unit_test(what_is_packed_is_split_again),
        cmocka_unit_test(what_does_not_fit_is_not_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
