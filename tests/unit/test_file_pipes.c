// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * Pipes, nameless and named: how much goes in and out at once, who sleeps for whom, and what is left when one side has gone.
 */
#include "tests/unit/tenant_files.h"

static void pipes(void **state) {
    uint32_t room = fake_app_room(70000);
    int32_t ends[2];

    (void)state;
    make_pipe(ends, O_NONBLOCK);
    assert_int_equal(CALL_3(read, ends[0], room, 10), -EAGAIN);
    assert_int_equal(CALL_3(write, ends[1], text("hello"), 5), 5);
    assert_int_equal(CALL_3(read, ends[0], room, 3), 3);
    assert_memory_equal(fake_app_pointer(room), "hel", 3);
    assert_int_equal(CALL_3(read, ends[0], room, 10), 2);
    assert_int_equal(CALL_3(write, ends[0], room, 1), -EBADF);
    assert_int_equal(CALL_3(lseek, ends[0], 0, 0), -ESPIPE);
    assert_int_equal(CALL_3(write, ends[1], room, 70000), 65536);
    assert_int_equal(CALL_3(write, ends[1], room, 1), -EAGAIN);
    assert_int_equal(CALL_3(read, ends[0], room, 100), 100);
    assert_int_equal(CALL_3(write, ends[1], room, 4096), -EAGAIN); /* whole or not at all */
    assert_int_equal(CALL_3(write, ends[1], room, 5000), 100);
    assert_int_equal(CALL_3(fcntl64, ends[0], 1032, 0), 65536);
    assert_int_equal(CALL_3(fcntl64, ends[0], 1031, 4096), -EBUSY);
    assert_int_equal(CALL_3(fcntl64, ends[0], 1031, 100000), 131072);
    assert_int_equal(CALL_3(write, ends[1], room, 65536), 65536);
    assert_int_equal(CALL_1(close, ends[1]), 0);
    for (int i = 0; i < 32; i++)
        assert_int_equal(CALL_3(read, ends[0], room, 4096), 4096);
    assert_int_equal(CALL_3(read, ends[0], room, 1), 0);
    assert_int_equal(CALL_1(close, ends[0]), 0);
    make_pipe(ends, 0);
    assert_int_equal(CALL_1(close, ends[0]), 0);
    fake_last_signal = 0;
    assert_int_equal(CALL_3(write, ends[1], room, 1), -EPIPE);
    assert_int_equal(fake_last_signal, 13);
    assert_int_equal(CALL_2(pipe2, room, O_APPEND), -EINVAL);
    assert_int_equal(CALL_2(pipe2, 4, 0), -EFAULT);
}

static struct file *pipe_ends[2];

static void other_side_writes(void) {
    struct transfer transfer;
    uint64_t offset = 0;

    transfer_kernel(&transfer, "woken", 5);
    assert_int_equal(pipe_ends[1]->operations->write(pipe_ends[1], &transfer, &offset), 5);
}

static void a_reader_sleeps_until_there_are_bytes(void **state) {
    uint32_t room = fake_app_room(16);
    int32_t ends[2];

    (void)state;
    make_pipe(ends, 0);
    assert_int_equal(CALL_3(read, ends[0], room, 16), -512); /* interrupted: ERESTARTSYS */
    pipe_ends[1] = file_get(fake_process.files, ends[1]);
    fake_other_thread = other_side_writes;
    assert_int_equal(CALL_3(read, ends[0], room, 16), 5);
    assert_memory_equal(fake_app_pointer(room), "woken", 5);
    file_release(pipe_ends[1]);
}

static int32_t fifo_writer;

static void other_side_opens(void) {
    if (fifo_writer < 0)
        fifo_writer = open_text("/tmp/fifo", O_WRONLY | O_NONBLOCK);
}

static void named_pipes(void **state) {
    uint32_t room = fake_app_room(16);
    int32_t reader;

    (void)state;
    fifo_writer = -1;
    assert_int_equal(CALL_3(mknod, text("/tmp/fifo"), S_IFIFO | 0644, 0), 0);
    assert_int_equal(open_text("/tmp/fifo", O_WRONLY | O_NONBLOCK), -ENXIO);
    assert_int_equal(open_text("/tmp/fifo", O_RDONLY), -512);
    fake_other_thread = other_side_opens;
    reader = open_text("/tmp/fifo", O_RDONLY);
    assert_true(reader >= 0 && fifo_writer >= 0);
    assert_int_equal(CALL_3(write, fifo_writer, text("f"), 1), 1);
    assert_int_equal(CALL_3(read, reader, room, 16), 1);
    assert_int_equal(CALL_1(close, fifo_writer), 0);
    assert_int_equal(CALL_3(read, reader, room, 16), 0);
    assert_int_equal(CALL_1(close, reader), 0);
    reader = open_text("/tmp/fifo", O_RDONLY | O_NONBLOCK);
    assert_int_equal(CALL_3(read, reader, room, 16), 0);
}

/* A splice of two packets into another pipe, where memory may end at any time: each is in one of the two, whole and in order. */
static void splices_without_memory_lose_nothing(void **state) {
    uint32_t room = fake_app_room(16);
    int32_t from[2], to[2];

    (void)state;
    make_pipe(from, O_NONBLOCK | O_DIRECT);
    make_pipe(to, O_NONBLOCK);
    for (int32_t n = 1; n < 8; n++) {
        uint32_t left = fake_frames_left;
        int32_t moved;

        assert_int_equal(CALL_3(write, from[1], text("packet"), 6), 6);
        assert_int_equal(CALL_3(write, from[1], text("next"), 4), 4);
        fake_heap_countdown = n;
        fake_frames_left = n % 2 == 0 ? left : 0;
        moved = CALL_6(splice, from[0], 0, to[1], 0, 100, 0);
        fake_heap_countdown = 0;
        fake_frames_left += n % 2 == 0 ? 0 : left;
        assert_true(moved == 10 || moved == 6 || moved == -ENOMEM);
        assert_int_equal(CALL_3(read, moved > 0 ? to[0] : from[0], room, 16), 6);
        assert_memory_equal(fake_app_pointer(room), "packet", 6);
        assert_int_equal(CALL_3(read, moved > 6 ? to[0] : from[0], room, 16), 4);
        assert_memory_equal(fake_app_pointer(room), "next", 4);
    }
}

static void what_a_file_has_no_room_for_stays_in_the_pipe(void **state) {
    uint32_t left, room = fake_app_room(8192);
    int32_t ends[2], file = open_text("/tmp/full", O_RDWR | O_CREAT);

    (void)state;
    make_pipe(ends, O_NONBLOCK);
    memset(fake_app_pointer(room), 'x', 8192);
    assert_int_equal(CALL_3(write, ends[1], room, 8192), 8192);
    left = fake_frames_left;
    fake_frames_left = 1;
    assert_int_equal(CALL_6(splice, ends[0], 0, file, 0, 8192, 0), 4096);
    assert_int_equal(CALL_6(splice, ends[0], 0, file, 0, 8192, 0), -ENOSPC);
    fake_frames_left = left - 1;
    assert_int_equal(CALL_3(lseek, file, 0, 1), 4096);
    assert_int_equal(CALL_3(read, ends[0], room, 8192), 4096);
}

/* Nor is anything read for a pipe that has no memory to keep it. */
static void a_pipe_without_memory_takes_nothing_of_a_file(void **state) {
    uint32_t left = fake_frames_left;
    int32_t ends[2], file = open_text("/etc/numbers", O_RDONLY);

    (void)state;
    make_pipe(ends, O_NONBLOCK);
    fake_frames_left = 1;
    assert_int_equal(CALL_6(splice, file, 0, ends[1], 0, 10000, 0), 4096);
    assert_int_equal(CALL_6(splice, file, 0, ends[1], 0, 10000, 0), -ENOMEM);
    fake_frames_left = left - 1;
    assert_int_equal(CALL_3(lseek, file, 0, 1), 4096);
    assert_int_equal(CALL_6(splice, file, 0, ends[1], 0, 100000, 0), 23893 - 4096);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(pipes),
        TEST(a_reader_sleeps_until_there_are_bytes),
        TEST(named_pipes),
        TEST(splices_without_memory_lose_nothing),
        TEST(what_a_file_has_no_room_for_stays_in_the_pipe),
        TEST(a_pipe_without_memory_takes_nothing_of_a_file),
    };

    return RUN_TESTS(tests);
}
