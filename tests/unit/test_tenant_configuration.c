// SPDX-License-Identifier: MIT
// sources: kernel/domain/tenant_configuration.c kernel/log/format.c
/*
 * What a tenant may ask for: a good configuration, then every absurd value alone; each refusal names the
 * tenant and fits its buffer.
 */
#include "kernel/domain/tenant_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct tenant_configuration wanted;
static char reason[TENANT_REASON + 1];

static int fresh(void **state) {
    (void)state;
    wanted = (struct tenant_configuration){
        .name = "red",
        .manager = "linux",
        .image = "base",
        .frames = 4096,
        .cpu_reservation = 20,
        .cpu_weight = 100,
        .cpu_cap = 80,
        .restart = 1,
        .disks =
            {{.name = "vda", .device = "blk0", .offset = 4096, .bytes = 1 << 20, .weight = 100}},
    };
    memset(reason, '#', sizeof reason);
    return 0;
}

static void assert_refused(const char *part) {
    assert_false(configuration_check(&wanted, 1, reason));
    assert_int_equal(reason[TENANT_REASON], '#');
    assert_non_null(memchr(reason, '\0', TENANT_REASON));
    assert_non_null(strstr(reason, part));
}

static void test_accepts_what_makes_sense(void **state) {
    (void)state;
    assert_true(configuration_check(&wanted, 1, reason));
    memset(wanted.disks, 0, sizeof wanted.disks);
    wanted.cpu_reservation = 0;
    assert_true(configuration_check(&wanted, 1, reason));
}

static void test_refuses_names(void **state) {
    (void)state;
    strcpy(wanted.name, "");
    assert_refused("name");
    strcpy(wanted.name, "a b");
    assert_refused("name");
    strcpy(wanted.name, "\033[2J");
    assert_refused("name");
    memset(wanted.name, 'x', sizeof wanted.name);
    assert_refused("name");
    strcpy(wanted.name, "red");
    memset(wanted.manager, 'x', sizeof wanted.manager);
    assert_refused("manager");
    strcpy(wanted.manager, "linux");
    wanted.image[0] = '\0';
    assert_refused("red: no image");
}

static void test_refuses_frames(void **state) {
    (void)state;
    wanted.frames = 0;
    assert_refused("red: 0 frames");
    wanted.frames = UINT32_MAX;
    assert_refused("4294967295 frames");
}

static void test_refuses_cpu_values(void **state) {
    (void)state;
    wanted.cpu_weight = 0;
    assert_refused("weight 0");
    wanted.cpu_weight = 10001;
    assert_refused("weight 10001");
    wanted.cpu_weight = 1;
    wanted.cpu_cap = 0;
    assert_refused("cap 0 %");
    wanted.cpu_cap = 101;
    assert_refused("1..100 %");
    wanted.cpu_cap = 10;
    assert_refused("reservation 20 %");
    wanted.cpu_reservation = UINT32_MAX;
    assert_refused("reservation");
}

static void test_a_cap_counts_all_cpus(void **state) {
    (void)state;
    wanted.cpu_cap = 200;
    assert_true(configuration_check(&wanted, 2, reason));
}

static void test_refuses_disks(void **state) {
    struct disk_grant *disk = &wanted.disks[0];

    (void)state;
    disk->offset = 512;
    assert_refused("vda");
    disk->offset = 0;
    disk->bytes = 0;
    assert_refused("size of 0");
    disk->bytes = UINT64_MAX & ~4095ull;
    disk->offset = 8192;
    assert_refused("impossible size");
    fresh(NULL);
    memset(disk->name, 'y', sizeof disk->name);
    assert_refused("bad name");
    fresh(NULL);
    wanted.restart = 2;
    assert_refused("restart");
}

static void test_refuses_shares_of_disks(void **state) {
    struct disk_grant *disk = &wanted.disks[0];

    (void)state;
    disk->weight = 0;
    assert_refused("weight 0");
    disk->weight = 10001;
    assert_refused("weight 10001");
    disk->weight = 1;
    disk->reservation = 10000001;
    assert_refused("10000001");
    disk->reservation = 500;
    disk->operations_per_second = 499;
    assert_refused("reservation 500 at vda is above its limit 499");
    disk->operations_per_second = 500;
    disk->burst_milliseconds = 10001;
    assert_refused("burst of 10001 ms");
    disk->burst_milliseconds = 10000;
    assert_true(configuration_check(&wanted, 1, reason));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_accepts_what_makes_sense), TEST(test_refuses_names),
        TEST(test_refuses_frames),           TEST(test_refuses_cpu_values),
        TEST(test_a_cap_counts_all_cpus),    TEST(test_refuses_disks),
        TEST(test_refuses_shares_of_disks),
    };

    return cmocka_run_group_tests_name("tenant configuration", tests, NULL, NULL);
}
