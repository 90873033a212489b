// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_disk.c
/*
 * A block that a driver has damaged is written back from the core's copy of it, alone and checked; and what happens where there is no
 * copy any more, or it does not help.
 */
#include "tests/unit/fake_disk.h"

/* What comes next is `operation` for the one block `block`; it is done. */
static void serve_one(uint16_t operation, uint32_t block) {
    struct driver_request request = fetch();
    assert_int_equal(request.operation, operation);
    assert_int_equal(request.position, block * SUM_BLOCK_BYTES);
    assert_int_equal(request.bytes, SUM_BLOCK_BYTES);
    move(&request, block);
    assert_int_equal(answer(&request, STATUS_OK), STATUS_OK);
}

/* A read of block 3, damaged, up to where it is to be written back. */
static void find_damage(void) {
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_COUNT);
}

static void a_damaged_block_is_written_back(void **state) {
    (void)state;
    find_damage();
    serve_one(IO_WRITE, 3);
    assert_int_equal(taken(), STATUS_COUNT);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 7);
    assert_int_equal(disk[3][0], 7);
}

static void several_are_written_back_one_by_one(void **state) {
    (void)state;
    for (uint32_t block = 3; block < 7; block++)
        write_block(block, (uint8_t)block);
    disk[4][9] = disk[6][9] = 99;
    submit_run(IO_READ, 3, 4, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 4);
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 6);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    for (uint32_t n = 0; n < 4; n++)
        assert_int_equal(memory[2 + n][9], 3 + n);
}

static void nothing_else_goes_meanwhile(void **state) {
    (void)state;
    struct driver_request other;
    write_block(9, 1);
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    submit(IO_READ, 9, 4);
    struct driver_request damaged = fetch();
    other = fetch();
    move(&damaged, 3);
    assert_int_equal(answer(&damaged, STATUS_OK), STATUS_IO_ERROR);
    restart();
    damaged = fetch();
    other = fetch();
    move(&damaged, 3);
    assert_int_equal(answer(&damaged, STATUS_OK), STATUS_OK);
    memset(memory[1], 8, SUM_BLOCK_BYTES);
    submit(IO_WRITE, 3, 1);
    struct driver_request refused;
    assert_int_equal(io_fetch(&driver, &refused), STATUS_AGAIN); /* `other` is still out */
    move(&other, 9);
    assert_int_equal(answer(&other, STATUS_OK), STATUS_OK);
    struct driver_request repair = fetch();
    assert_int_equal(repair.operation, IO_WRITE);
    assert_int_equal(io_fetch(&driver, &refused), STATUS_AGAIN); /* the repair is alone */
    move(&repair, 3);
    assert_int_equal(answer(&repair, STATUS_OK), STATUS_OK);
    serve_one(IO_READ, 3);
    serve_one(IO_WRITE, 3);
    assert_int_equal(disk[3][0], 8);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

/* On a disk that does not keep what is written to block 3. */
static void repair_in_vain(void) {
    serve_one(IO_WRITE, 3);
    disk[3][0]++;
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 3);
    disk[3][0]++;
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

/* The driver that was started afresh is faulty itself, and lies when it is to write the copy back. */
static void a_lie_about_a_repair_is_found_out(void **state) {
    (void)state;
    find_damage();
    struct driver_request repair = fetch();
    assert_int_equal(answer(&repair, STATUS_OK), STATUS_OK);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_repair_that_does_not_help_ends_as_a_loss(void **state) {
    (void)state;
    find_damage();
    repair_in_vain();
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void a_repair_that_fails_is_an_error(void **state) {
    (void)state;
    find_damage();
    struct driver_request request = fetch();
    assert_int_equal(answer(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    restart();
    request = fetch();
    assert_int_equal(request.operation, IO_WRITE);
    assert_int_equal(answer(&request, STATUS_IO_ERROR), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

/* A driver may have damaged many blocks, and the next one may be faulty while they are found. */
static void after_a_repair_the_next_wrong_data_is_doubted(void **state) {
    (void)state;
    find_damage();
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(4), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_crash_repeats_the_repair(void **state) {
    (void)state;
    find_damage();
    struct driver_request request = fetch();
    assert_int_equal(request.operation, IO_WRITE);
    restart();
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
}

static void an_owner_that_dies_leaves_the_block_whole(void **state) {
    (void)state;
    find_damage();
    io_unbind(&tenant);
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(disk[3][0], 7);
    struct driver_request request;
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
}

static void lose_block_3(void) {
    write_block(3, 7);
    for (uint32_t block = 10; block < 10 + COPIES; block++)
        write_block(block, 1);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void an_old_copy_has_gone(void **state) {
    (void)state;
    lose_block_3();
}

/* A replay of an older request goes first, and what it writes takes the place of the copy. */
static void a_copy_that_goes_before_it_is_used(void **state) {
    (void)state;
    lose_block_3(); /* after this wrong data is not doubted for a while */
    submit_run(IO_WRITE, 10, COPIES, 20);
    struct driver_request writing = fetch();
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    restart();
    writing = fetch();
    assert_int_equal(writing.operation, IO_WRITE);
    move(&writing, 10);
    assert_int_equal(answer(&writing, STATUS_OK), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void a_write_that_failed_is_no_copy(void **state) {
    (void)state;
    write_block(3, 7);
    fail_to_write_block_3();
    disk[3][0] = 99;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 99);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_disk_with_copies, end_disk)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_damaged_block_is_written_back),
        TEST(several_are_written_back_one_by_one),
        TEST(nothing_else_goes_meanwhile),
        TEST(a_lie_about_a_repair_is_found_out),
        TEST(a_repair_that_does_not_help_ends_as_a_loss),
        TEST(a_repair_that_fails_is_an_error),
        TEST(after_a_repair_the_next_wrong_data_is_doubted),
        TEST(a_crash_repeats_the_repair),
        TEST(an_owner_that_dies_leaves_the_block_whole),
        TEST(an_old_copy_has_gone),
        TEST(a_copy_that_goes_before_it_is_used),
        TEST(a_write_that_failed_is_no_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
