// SPDX-License-Identifier: MIT
// sources: userland/lib/machine.c userland/lib/configuration.c userland/lib/size.c
// sources: userland/lib/address.c
// sources: build/third-party/cjson/source/cJSON.c
/*
 * The machine description in JSON: what the tenants become, and what is said about what is wrong.
 */
#include "userland/lib/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char demo[] =
    "{\"machine\":{\"memory\":536870912,\"cpus\":1,\"fence\":\"auto\"},"
    "\"operator\":{\"image\":\"operator\"},"
    "\"tenant\":{\"red\":{\"image\":\"base\",\"memory\":67108864,"
    "\"cpu\":{\"reservation\":20,\"weight\":100,\"cap\":50},\"restart\":\"never\","
    "\"command\":[\"sh\",\"-c\",\"echo hi\"],"
    "\"disk\":{\"volume\":\"red\",\"device\":\"blk0\",\"iops\":2000,\"bandwidth\":52428800}},"
    "\"blue\":{\"memory\":1048576}},"
    "\"volume\":{\"red\":{\"device\":\"blk0\",\"offset\":67108864,\"size\":16777216}},"
    "\"device\":{\"blk0\":{\"read\":500000,\"read-next\":1,\"write\":2,\"write-next\":3,"
    "\"read-megabyte\":4,\"write-megabyte\":5,\"latency\":1000000,\"depth\":2}}}";

static struct machine machine;
static char complaint[COMPLAINT_TEXT];

static void the_demo_machine(void **state) {
    (void)state;
    assert_true(machine_parse(&machine, demo, complaint));
    assert_int_equal(machine.count, 2);
    const struct tenant_configuration *red = &machine.tenants[0].configuration;
    assert_string_equal(red->name, "red");
    assert_string_equal(red->manager, "linux");
    assert_int_equal(red->frames, 16384);
    assert_int_equal(red->cpu_reservation, 20);
    assert_int_equal(red->cpu_cap, 50);
    assert_int_equal(red->restart, 0);
    assert_string_equal(red->disks[0].device, "blk0");
    assert_int_equal(red->disks[0].offset, 67108864);
    assert_int_equal(red->disks[0].bytes, 16777216);
    assert_int_equal(red->disks[0].bytes_per_second, 52428800);
    assert_string_equal(machine.tenants[0].command[2], "echo hi");
    assert_null(machine.tenants[0].command[3]);
    assert_string_equal(machine.tenants[1].configuration.image, "base");
    assert_int_equal(machine.tenants[1].configuration.restart, 1);
    assert_null(machine.tenants[1].command);
    assert_int_equal(machine.device_count, 1);
    assert_string_equal(machine.devices[0].name, "blk0");
    static const struct device_model model = {
        .cost = {.base = {{500000, 1}, {2, 3}}, .per_megabyte = {4, 5}},
        .latency_target = 1000000,
        .depth = 2};
    assert_memory_equal(&machine.devices[0].model, &model, sizeof model);
    machine_free(&machine);
}

static void a_machine_without_tenants(void **state) {
    (void)state;
    assert_true(machine_parse(&machine, "{\"machine\":{}}", complaint));
    assert_int_equal(machine.count, 0);
    machine_free(&machine);
}

static void expect_refused(const char *json, const char *reason) {
    assert_false(machine_parse(&machine, json, complaint));
    assert_string_equal(complaint, reason);
    assert_null(machine.tenants);
}

static void complaints_name_the_key(void **state) {
    (void)state;
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"colour\":1}}}",
                   "tenant.red.colour: unknown key");
    expect_refused("{\"tenants\":{}}", "tenants: unknown key");
    expect_refused("{\"tenant\":[]}", "tenant: must be an object");
    expect_refused("{\"tenant\":{\"red\":{}}}", "tenant.red: memory: missing");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":-1}}}",
                   "tenant.red.memory: must be a text or a whole number");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1e300}}}",
                   "tenant.red.memory: must be a text or a whole number");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"cpu\":{\"cap\":0}}}}",
                   "tenant.red.cpu.cap: '0' is no number from 1 to 800");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"cpu\":{\"cap\":10,"
                   "\"reservation\":20}}}}",
                   "tenant.red: cpu.cap: below cpu.reservation");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"command\":\"sh\"}}}",
                   "tenant.red.command: must be a list of texts");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"command\":[\"a\",5]}}}",
                   "tenant.red.command: must be a list of texts");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"disk\":{\"volume\":\"no\"}}},"
                   "\"volume\":{}}",
                   "tenant.red.disk.volume: names no volume of this machine");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"disk\":{\"volume\":\"v\","
                   "\"device\":\"blk1\"}}},\"volume\":{\"v\":{\"device\":\"blk0\",\"size\":4096}}}",
                   "tenant.red.disk: device: its volume is on another device");
    expect_refused("{\"tenant\":{\"red\":{\"memory\":1048576,\"disk\":{\"volume\":\"v\"}}},"
                   "\"volume\":{\"v\":{\"device\":\"blk0\",\"size\":0}}}",
                   "volume.v.size: '0' is no size from 4KiB to 16384GiB, like 64MiB");
    expect_refused("{\"device\":{\"blk0\":{\"latency\":5}}}", "device.blk0: read: missing");
    expect_refused("{\"device\":{\"blk0\":{\"read\":1e10}}}",
                   "device.blk0.read: must be a whole number of nanoseconds, a second at most");
    expect_refused("{\"device\":{\"a-name-that-is-longer-than-any-device\":{}}}",
                   "device.a-name-that-is-longer-than-any-device: no name of a device");
    expect_refused("[]", "machine.json: must be an object");
    expect_refused("", "machine.json: no JSON at byte 0");
}

static void a_text_cut_anywhere_is_refused(void **state) {
    (void)state;
    for (size_t length = 0; length < sizeof demo - 1; length++) {
        char *cut = strndup(demo, length);
        assert_false(machine_parse(&machine, cut, complaint));
        free(cut);
    }
}

/* Random changes: whatever comes, it is read or refused, and nothing leaks (the
 * sanitizer looks). */
static void random_changes_do_no_harm(void **state) {
    (void)state;
    srand(1);
    for (int i = 0; i < 20000; i++) {
        char *text = strdup(demo);
        for (int changes = 1 + rand() % 4; changes; changes--)
            text[(size_t)rand() % (sizeof demo - 1)] = (char)(1 + rand() % 127);
        if (machine_parse(&machine, text, complaint))
            machine_free(&machine);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_machine),
        cmocka_unit_test(a_machine_without_tenants),
        cmocka_unit_test(complaints_name_the_key),
        cmocka_unit_test(a_text_cut_anywhere_is_refused),
        cmocka_unit_test(random_changes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
