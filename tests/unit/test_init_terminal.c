// SPDX-License-Identifier: MIT
// sources: userland/init/terminal.c build/third-party/cjson/source/cJSON.c
/*
 * The terminal that `rf run` describes: sensible values are taken, everything else is unknown.
 */
#include "userland/init/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check(const char *json, unsigned rows, unsigned columns, const char *type) {
    struct terminal_settings settings = terminal_parse(json);
    assert_int_equal(settings.rows, rows);
    assert_int_equal(settings.columns, columns);
    assert_string_equal(settings.type, type);
}

static void a_good_description(void **state) {
    (void)state;
    check("{\"rows\":50,\"columns\":132,\"type\":\"xterm-256color\"}", 50, 132, "xterm-256color");
    check("{\"rows\":1,\"columns\":1000,\"type\":\"vt220\"}", 1, 1000, "vt220");
}

static void what_is_wrong_is_unknown(void **state) {
    (void)state;
    check("{\"rows\":0,\"columns\":1001,\"type\":\"\"}", 0, 0, "linux");
    check("{\"rows\":-1,\"columns\":1e300,\"type\":\"xterm;reboot\"}", 0, 0, "linux");
    check("{\"rows\":\"24\",\"columns\":[80],\"type\":7}", 0, 0, "linux");
    check("{\"rows\":24}", 24, 0, "linux");
}

static void no_description(void **state) {
    (void)state;
    check(NULL, 0, 0, "linux");
    check("", 0, 0, "linux");
    check("{\"rows\":24,", 0, 0, "linux");
    check("[24,80]", 0, 0, "linux");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_description),
        cmocka_unit_test(what_is_wrong_is_unknown),
        cmocka_unit_test(no_description),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
