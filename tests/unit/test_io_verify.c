// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_disk.c
/*
 * verify=on, and doubt in bad answers: wrong data is found out and asked for again, and an error is not believed at once; but nobody is
 * accused of what he did not do.
 */
#include "tests/unit/fake_disk.h"

static void good_data_passes(void **state) {
    (void)state;
    write_block(3, 7);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][100], 7);
}

static void what_nobody_wrote_is_not_judged(void **state) {
    (void)state;
    submit(IO_READ, 5, 2);
    assert_int_equal(serve(9), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_read_from_the_wrong_place_is_asked_again(void **state) {
    (void)state;
    write_block(3, 7);
    write_block(4, 8);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(4), STATUS_IO_ERROR);
    assert_int_equal(taken(), STATUS_COUNT);
    assert_int_equal(memory[2][100], 0);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][100], 7);
}

static void a_lost_block_is_an_error_until_it_is_written(void **state) {
    (void)state;
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
    now += 2 * SECOND;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK); /* no doubt any more */
    assert_int_equal(taken(), STATUS_IO_ERROR);
    write_block(3, 9);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_tenant_that_races_accuses_nobody(void **state) {
    (void)state;
    memset(memory[1], 1, SUM_BLOCK_BYTES);
    submit(IO_WRITE, 3, 1);
    struct driver_request request = fetch();
    memset(memory[1], 2, SUM_BLOCK_BYTES); /* while the device reads */
    move(&request, 3);
    assert_int_equal(answer(&request, STATUS_OK), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 1);
}

static void requests_that_overlap_accuse_nobody(void **state) {
    (void)state;
    write_block(3, 7);
    memset(memory[1], 8, SUM_BLOCK_BYTES);
    submit(IO_READ, 3, 2);
    submit(IO_WRITE, 3, 1);
    struct driver_request reading = fetch(), writing = fetch();
    move(&reading, 3);
    move(&writing, 3);
    assert_int_equal(answer(&writing, STATUS_OK), STATUS_OK);
    assert_int_equal(answer(&reading, STATUS_OK), STATUS_OK); /* the old data, which is right */
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_failed_write_leaves_the_block_unknown(void **state) {
    (void)state;
    write_block(3, 7);
    fail_to_write_block_3();
    disk[3][0] = 99;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void an_error_is_doubted_once(void **state) {
    (void)state;
    submit(IO_READ, 1, 2);
    struct driver_request request = fetch();
    assert_int_equal(answer(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    assert_int_equal(taken(), STATUS_COUNT);
    restart();
    assert_int_equal(serve(1), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_bad_place_does_not_restart_its_driver_without_end(void **state) {
    (void)state;
    uint32_t restarts = 0;
    for (uint64_t stop = now + 60 * SECOND; now < stop; now += SECOND / 1000) {
        submit(IO_READ, 1, 2);
        struct driver_request request = fetch();
        while (answer(&request, STATUS_IO_ERROR) == STATUS_AGAIN) {
            restarts++;
            restart();
            request = fetch();
        }
        assert_int_equal(taken(), STATUS_IO_ERROR);
    }
    assert_in_range(restarts, 50, 80);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_disk, end_disk)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(good_data_passes),
        TEST(what_nobody_wrote_is_not_judged),
        TEST(a_read_from_the_wrong_place_is_asked_again),
        TEST(a_lost_block_is_an_error_until_it_is_written),
        TEST(a_tenant_that_races_accuses_nobody),
        TEST(requests_that_overlap_accuse_nobody),
        TEST(a_failed_write_leaves_the_block_unknown),
        TEST(an_error_is_doubted_once),
        TEST(a_bad_place_does_not_restart_its_driver_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
