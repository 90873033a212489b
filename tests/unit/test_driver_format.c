// SPDX-License-Identifier: MIT
/* The formats of a driver's log lines. */
// sources: drivers/lib/format.c
#include "drivers/lib/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

__attribute__((format(printf, 3, 4))) static void expect(const char *text, uint32_t capacity,
                                                         const char *format, ...) {
    char line[64];
    memset(line, '#', sizeof(line));
    va_list arguments;
    va_start(arguments, format);
    uint32_t bytes = format_text(line, capacity, format, arguments);
    va_end(arguments);
    assert_int_equal(bytes, strlen(text));
    assert_memory_equal(line, text, bytes);
    assert_int_equal(line[bytes], '#');
}

static void conversions(void **state) {
    (void)state;
    expect("a b c", 60, "%s %c %s", "a", 'b', "c");
    expect("0 4294967295 ff", 60, "%u %u %x", 0u, 0xFFFFFFFFu, 0xFFu);
    expect("0x0000beef|  7|", 60, "0x%08x|%3u|", 0xBEEFu, 7u);
    expect("18446744073709551615", 60, "%llu", 0xFFFFFFFFFFFFFFFFull);
    expect("123456789abcdef0 5", 60, "%llx %u", 0x123456789ABCDEF0ull, 5u);
    expect("100%", 60, "%u%%", 100u);
}

static void too_long_is_cut(void **state) {
    (void)state;
    expect("abc", 3, "%s", "abcdef");
    expect("12", 2, "%u", 123456u);
    expect("", 0, "x%uy", 1u);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(conversions),
                                       cmocka_unit_test(too_long_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
