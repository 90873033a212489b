// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * Descriptors, and what hangs on the open file behind them: flags, offsets, locks.
 */
#include "tests/unit/tenant_files.h"

static void descriptors(void **state) {
    uint32_t offset = text("x");
    int32_t file = open_text("/etc/hello", O_RDONLY | O_CLOEXEC);

    (void)state;
    assert_int_equal(file, 0);
    assert_int_equal(CALL_3(fcntl64, 0, 1, 0), 1);
    assert_int_equal(CALL_1(dup, 0), 1);
    assert_int_equal(CALL_3(fcntl64, 1, 1, 0), 0);
    assert_int_equal(CALL_2(dup2, 0, 5), 5);
    assert_int_equal(CALL_2(dup2, 5, 5), 5);
    assert_int_equal(CALL_2(dup2, 77, 77), -EBADF);
    assert_int_equal(CALL_2(dup2, 0, 5000), -EBADF);
    assert_int_equal(CALL_3(dup3, 5, 5, 0), -EINVAL);
    assert_int_equal(CALL_3(fcntl64, 0, 0, 100), 100);
    assert_int_equal(CALL_3(fcntl64, 0, 1030, 100), 101);
    assert_int_equal(CALL_3(fcntl64, 101, 1, 0), 1);
    assert_int_equal(CALL_3(fcntl64, 0, 0, 1024), -EINVAL);
    assert_int_equal(CALL_3(fcntl64, 0, 3, 0), O_RDONLY);
    assert_int_equal(CALL_3(fcntl64, 0, 4, O_NONBLOCK | O_WRONLY), 0);
    assert_int_equal(CALL_3(fcntl64, 5, 3, 0), O_NONBLOCK);
    assert_int_equal(CALL_3(read, 0, offset, 1), 1);
    assert_int_equal(CALL_3(lseek, 1, 0, 1), 1);
    assert_int_equal(CALL_3(write, 0, offset, 1), -EBADF);
    file_table_exec(fake_process.files);
    assert_int_equal(CALL_3(fcntl64, 0, 1, 0), -EBADF);
    assert_int_equal(CALL_3(close_range, 1, 50, 0), 0);
    assert_int_equal(CALL_1(close, 1), -EBADF);
    assert_int_equal(CALL_1(close, 100), 0);
    while (file >= 0) {
        file = open_text("/etc/hello", O_RDONLY);
        fake_app_reset();
    }
    assert_int_equal(file, -EMFILE);
}

static int32_t set_lock(int32_t file, uint32_t command, int type, int64_t start, int64_t length) {
    struct {
        int16_t type, whence;
        int64_t start, length;
        int32_t pid;
    } __attribute__((packed)) lock = {(int16_t)type, 0, start, length, 0};
    uint32_t user = fake_app_put(&lock, sizeof lock);
    int32_t result = CALL_3(fcntl64, file, command, user);

    memcpy(&lock, fake_app_pointer(user), sizeof lock);
    return command == 12 && result == 0 ? lock.type : result;
}

static void record_locks(void **state) {
    struct file_table *mine = fake_process.files, *other;
    int32_t file = open_text("/tmp/locked", O_RDWR | O_CREAT), again;

    (void)state;
    other = file_table_copy(mine);
    assert_int_equal(set_lock(file, 13, 1, 100, 100), 0);
    assert_int_equal(set_lock(file, 13, 0, 120, 10), 0); /* own lock: three parts now */
    fake_process.files = other;
    assert_int_equal(set_lock(file, 12, 1, 0, 100), 2);
    assert_int_equal(set_lock(file, 12, 0, 125, 1), 2);
    assert_int_equal(set_lock(file, 12, 1, 125, 1), 0);
    assert_int_equal(set_lock(file, 12, 0, 110, 1), 1);
    assert_int_equal(set_lock(file, 13, 1, 199, 1), -EAGAIN);
    assert_int_equal(set_lock(file, 14, 1, 199, 1), -512);
    assert_int_equal(set_lock(file, 13, 1, 200, 0), 0);
    fake_process.files = mine;
    assert_int_equal(set_lock(file, 13, 2, 0, 0), 0);
    assert_int_equal(set_lock(file, 12, 1, 100, 100), 2);
    assert_int_equal(set_lock(file, 12, 1, 1000, 1), 1);
    assert_int_equal(set_lock(file, 37, 1, 0, 10), 0); /* an OFD lock is another owner */
    assert_int_equal(set_lock(file, 13, 1, 5, 1), -EAGAIN);
    again = open_text("/tmp/locked", O_RDWR);
    assert_int_equal(CALL_2(flock, file, 2), 0);
    assert_int_equal(CALL_2(flock, again, 2 | 4), -EAGAIN);
    assert_int_equal(CALL_1(close, again), 0);
    fake_process.files = other;
    file_table_release(other);
    fake_process.files = mine;
    assert_int_equal(set_lock(file, 12, 1, 1000, 1), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(descriptors),
        TEST(record_locks),
    };

    return RUN_TESTS(tests);
}
