// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * Names: which ones there are, what makes, moves and removes them, over an image and without one, and what an app sees of them from
 * where it works. No call leaves a trace when it fails for want of memory.
 */
#include "tests/unit/tenant_files.h"

#include <stdio.h>

static void names_that_fail(void **state) {
    char long_name[300];

    (void)state;
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    assert_int_equal(open_text("/absent", O_RDONLY), -ENOENT);
    assert_int_equal(open_text("", O_RDONLY), -ENOENT);
    assert_int_equal(open_text("/etc/hello/x", O_RDONLY), -ENOTDIR);
    assert_int_equal(open_text("/etc/hello/", O_RDONLY), -ENOTDIR);
    assert_int_equal(open_text("/absent/x", O_RDONLY | O_CREAT), -ENOENT);
    assert_int_equal(open_text("/loop", O_RDONLY), -ELOOP);
    assert_int_equal(open_text("/loop/x", O_RDONLY), -ELOOP);
    assert_int_equal(open_text("/dangling", O_RDONLY), -ENOENT);
    assert_int_equal(open_text(long_name, O_RDONLY), -ENAMETOOLONG);
    assert_int_equal(open_text("/etc/link", O_RDONLY | O_NOFOLLOW), -ELOOP);
    assert_int_equal(open_text("/etc/hello", O_RDONLY | O_DIRECTORY), -ENOTDIR);
    assert_int_equal(open_text("/etc", O_WRONLY), -EISDIR);
    assert_int_equal(open_text("/etc", O_RDONLY | O_CREAT), -EISDIR);
    assert_int_equal(open_text("/new/", O_WRONLY | O_CREAT), -EISDIR);
    assert_int_equal(open_text("/etc/hello", O_WRONLY | O_CREAT | O_EXCL), -EEXIST);
    assert_int_equal(open_text("/dangling", O_WRONLY | O_CREAT | O_EXCL), -EEXIST);
    assert_int_equal(CALL_3(open, 4, O_RDONLY, 0), -EFAULT);
    assert_int_equal(CALL_3(openat, 99, text("x"), O_RDONLY), -EBADF);
}

static void whiteouts_hide_and_names_come_back(void **state) {
    struct attributes attributes;

    (void)state;
    assert_int_equal(CALL_1(unlink, text("/etc/hello")), 0);
    assert_int_equal(CALL_1(unlink, text("/etc/hello")), -ENOENT);
    assert_null(read_file("/etc/hello"));
    assert_int_equal(attributes_of("/bin/hard", 0, &attributes), 0);
    assert_int_equal(attributes.links, 1);
    assert_string_equal(list("/etc"), ". .. deep link numbers ");
    write_file("/etc/hello", "new");
    assert_string_equal(read_file("/etc/hello"), "new");
    assert_string_equal(list("/etc"), ". .. deep link numbers hello ");
    assert_int_equal(CALL_1(rmdir, text("/etc/deep")), -ENOTEMPTY);
    assert_int_equal(CALL_1(unlink, text("/etc/deep/er/file")), 0);
    assert_int_equal(CALL_1(rmdir, text("/etc/deep/er")), 0);
    assert_int_equal(CALL_1(rmdir, text("/etc/deep")), 0);
    assert_int_equal(mode_of("/etc/deep"), 0);
    assert_int_equal(CALL_2(mkdir, text("/etc/deep"), 0777), 0);
    assert_int_equal(mode_of("/etc/deep"), 040755);
    assert_string_equal(list("/etc/deep"), ". .. ");
}

static void makes_and_removes(void **state) {
    (void)state;
    assert_int_equal(CALL_2(mkdir, text("/tmp/a/"), 0700), 0);
    assert_int_equal(CALL_2(mkdir, text("/tmp/a"), 0700), -EEXIST);
    assert_int_equal(CALL_2(mkdir, text("/"), 0700), -EEXIST);
    assert_int_equal(CALL_2(mkdir, text("/tmp/."), 0700), -EEXIST);
    assert_int_equal(CALL_2(mkdir, text("/dangling"), 0700), -EEXIST);
    write_file("/tmp/a/f", "1");
    assert_int_equal(CALL_1(unlink, text("/tmp/a")), -EISDIR);
    assert_int_equal(CALL_1(rmdir, text("/tmp/a/f")), -ENOTDIR);
    assert_int_equal(CALL_1(unlink, text("/tmp/a/f/")), -ENOTDIR);
    assert_int_equal(CALL_1(rmdir, text("/tmp/a")), -ENOTEMPTY);
    assert_int_equal(CALL_1(rmdir, text("/tmp/a/.")), -EINVAL);
    assert_int_equal(CALL_1(rmdir, text("/tmp/a/..")), -ENOTEMPTY);
    assert_int_equal(CALL_1(rmdir, text("/")), -EBUSY);
    assert_int_equal(CALL_1(rmdir, text("/tmp")), -EBUSY);
    assert_int_equal(CALL_2(symlink, text("f"), text("/tmp/a/s")), 0);
    assert_int_equal(mode_of("/tmp/a/s"), 0120777);
    assert_string_equal(read_file("/tmp/a/s"), "1");
    assert_int_equal(CALL_2(symlink, text(""), text("/tmp/a/t")), -ENOENT);
    assert_int_equal(CALL_2(link, text("/tmp/a/s"), text("/tmp/a/hard-s")), 0);
    assert_int_equal(mode_of("/tmp/a/hard-s"), 0120777);
    assert_int_equal(CALL_2(link, text("/tmp/a"), text("/tmp/b")), -EPERM);
    assert_int_equal(CALL_2(link, text("/tmp/a/f"), text("/etc/f")), -EXDEV);
    assert_int_equal(CALL_3(mknod, text("/tmp/a/p"), S_IFIFO | 0600, 0), 0);
    assert_int_equal(mode_of("/tmp/a/p"), 0010600);
    assert_string_equal(list("/tmp/a"), ". .. f s hard-s p ");
    assert_int_equal(CALL_3(unlinkat, CWD, text("/tmp/a"), AT_REMOVEDIR), -ENOTEMPTY);
}

static void renames(void **state) {
    (void)state;
    write_file("/tmp/a", "a");
    write_file("/tmp/b", "b");
    assert_int_equal(CALL_2(rename, text("/tmp/a"), text("/tmp/b")), 0);
    assert_string_equal(read_file("/tmp/b"), "a");
    assert_null(read_file("/tmp/a"));
    assert_int_equal(CALL_2(rename, text("/tmp/b"), text("/etc/b")), -EXDEV);
    assert_int_equal(CALL_2(mkdir, text("/tmp/d"), 0755), 0);
    assert_int_equal(CALL_2(mkdir, text("/tmp/d/e"), 0755), 0);
    assert_int_equal(CALL_2(rename, text("/tmp/d"), text("/tmp/d/e/f")), -EINVAL);
    assert_int_equal(CALL_2(rename, text("/tmp/d"), text("/tmp/d/e")), -EINVAL);
    assert_int_equal(CALL_2(rename, text("/tmp/d/e"), text("/tmp/d")), -ENOTEMPTY);
    assert_int_equal(CALL_2(rename, text("/tmp/d"), text("/tmp/b")), -ENOTDIR);
    assert_int_equal(CALL_2(rename, text("/tmp/b"), text("/tmp/d")), -EISDIR);
    assert_int_equal(CALL_2(rename, text("/tmp/b"), text("/tmp/c/")), -ENOTDIR);
    assert_int_equal(CALL_2(rename, text("/tmp/d"), text("/tmp/moved/")), 0);
    assert_int_equal(mode_of("/tmp/moved/e"), 040755);
    assert_int_equal(CALL_2(rename, text("/tmp/moved/."), text("/tmp/x")), -EBUSY);
    write_file("/tmp/c", "c");
    assert_int_equal(CALL_5(renameat2, CWD, text("/tmp/b"), CWD, text("/tmp/c"), RENAME_NOREPLACE),
                     -EEXIST);
    assert_int_equal(
        CALL_5(renameat2, CWD, text("/tmp/b"), CWD, text("/tmp/moved"), RENAME_EXCHANGE), 0);
    assert_string_equal(read_file("/tmp/moved"), "a");
    assert_int_equal(mode_of("/tmp/b/e"), 040755);
}

static void renames_directories_of_the_image(void **state) {
    uint32_t room = fake_app_room(64);

    (void)state;
    assert_int_equal(CALL_1(chdir, text("/etc/deep/er")), 0);
    assert_int_equal(CALL_2(rename, text("/etc/deep"), text("/bin/new")), 0);
    assert_string_equal(read_file("/bin/new/er/file"), "x\n");
    assert_string_equal(read_file("file"), "x\n");
    assert_int_equal(CALL_2(getcwd, room, 64), 12);
    assert_string_equal(fake_app_pointer(room), "/bin/new/er");
    assert_int_equal(mode_of("/etc/deep"), 0);
    assert_int_equal(CALL_2(rename, text("/bin/new"), text("/etc/deep")), 0);
    assert_int_equal(CALL_2(rename, text("/etc/deep"), text("/empty")), 0);
    assert_string_equal(read_file("/empty/er/file"), "x\n");
}

static void hard_links_count(void **state) {
    struct attributes one, two;
    int32_t file;

    (void)state;
    write_file("/tmp/a", "a");
    assert_int_equal(CALL_2(link, text("/tmp/a"), text("/tmp/b")), 0);
    assert_int_equal(attributes_of("/tmp/a", 0, &one), 0);
    assert_int_equal(attributes_of("/tmp/b", 0, &two), 0);
    assert_int_equal(one.links, 2);
    assert_int_equal(one.inode, two.inode);
    file = open_text("/tmp/a", O_RDWR);
    assert_int_equal(CALL_1(unlink, text("/tmp/a")), 0);
    assert_int_equal(CALL_1(unlink, text("/tmp/b")), 0);
    assert_int_equal(CALL_3(write, file, text("still"), 5), 5);
    assert_int_equal(fake_frames_used - frames_before, 1);
    assert_int_equal(CALL_1(close, file), 0);
    assert_int_equal(fake_frames_used, frames_before);
}

static void removal_during_listing_misses_nothing(void **state) {
    char path[32];
    int32_t directory, seen = 0, length;
    uint32_t room = fake_app_room(128);

    (void)state;
    for (int i = 0; i < 50; i++) {
        snprintf(path, sizeof path, "/tmp/file-%d", i);
        write_file(path, "");
    }
    directory = open_text("/tmp", O_RDONLY | O_DIRECTORY);
    while ((length = CALL_3(getdents64, directory, room, 128)) > 0) {
        for (int32_t at = 0; at < length;) {
            char *entry = (char *)fake_app_pointer(room) + at;
            uint16_t bytes;

            memcpy(&bytes, entry + 16, 2);
            if (entry[19] != '.') {
                snprintf(path, sizeof path, "/tmp/%s", entry + 19);
                assert_int_equal(CALL_1(unlink, text(path)), 0);
                seen++;
            }
            at += bytes;
        }
    }
    assert_int_equal(seen, 50);
    assert_string_equal(list("/tmp"), ". .. ");
    assert_int_equal(CALL_3(getdents64, directory, room, 10), 0);
    assert_int_equal(CALL_3(lseek, directory, 0, 0), 0);
    assert_int_equal(CALL_3(getdents64, directory, room, 10), -EINVAL);
}

static void working_directory(void **state) {
    uint32_t room = fake_app_room(64);
    int32_t directory;

    (void)state;
    assert_int_equal(CALL_2(getcwd, room, 64), 2);
    assert_string_equal(fake_app_pointer(room), "/");
    assert_int_equal(CALL_2(mkdir, text("/tmp/w"), 0755), 0);
    assert_int_equal(CALL_1(chdir, text("/tmp/w")), 0);
    assert_int_equal(CALL_2(getcwd, room, 64), 7);
    assert_string_equal(fake_app_pointer(room), "/tmp/w");
    assert_int_equal(CALL_2(getcwd, room, 6), -ERANGE);
    assert_string_equal(read_file("../../etc/hello"), "hello\n");
    assert_string_equal(read_file("../../../../etc/hello"), "hello\n");
    assert_int_equal(CALL_1(rmdir, text("/tmp/w")), 0);
    assert_int_equal(CALL_2(getcwd, room, 64), -ENOENT);
    assert_int_equal(CALL_3(open, text("f"), O_CREAT | O_WRONLY, 0644), -ENOENT);
    assert_int_equal(CALL_1(chdir, text("..")), 0);
    assert_int_equal(CALL_2(getcwd, room, 64), 5);
    assert_int_equal(CALL_1(chdir, text("/etc/hello")), -ENOTDIR);
    directory = open_text("/etc", O_RDONLY);
    assert_int_equal(CALL_1(fchdir, directory), 0);
    assert_string_equal(read_file("hello"), "hello\n");
    assert_int_equal(CALL_1(chroot, text("/etc")), 0);
    assert_string_equal(read_file("/hello"), "hello\n");
    assert_string_equal(read_file("/../../hello"), "hello\n");
    assert_int_equal(CALL_2(getcwd, room, 64), 2);
}

/* Each call is tried with its 1st, 2nd, 3rd … allocation failing: it must say so and leave no
 * trace. */
static void failing_allocations_leave_no_trace(void **state) {
    (void)state;
    assert_int_equal(CALL_2(mkdir, text("/tmp/d"), 0755), 0);
    for (int32_t n = 1; n < 30; n++) {
        uint32_t path = text("/tmp/d/name"), other = text("/etc/renamed"), old = text("/etc/hello");
        int32_t result, renamed;

        fake_heap_countdown = n;
        result = CALL_3(open, path, O_CREAT | O_WRONLY, 0644);
        renamed = CALL_2(rename, old, other);
        fake_heap_countdown = 0;
        assert_true(result >= 0 || result == -ENOMEM || result == -ENOSPC);
        assert_true(renamed == 0 || renamed == -ENOMEM || renamed == -ENOSPC);
        if (renamed == 0)
            assert_int_equal(CALL_2(rename, other, old), 0);
        assert_string_equal(read_file("/etc/hello"), "hello\n");
        if (result >= 0) {
            assert_int_equal(CALL_1(close, result), 0);
            assert_int_equal(CALL_1(unlink, path), 0);
        } else {
            (void)CALL_1(unlink, path);
        }
        assert_string_equal(list("/tmp/d"), ". .. ");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names_that_fail),
        TEST(whiteouts_hide_and_names_come_back),
        TEST(makes_and_removes),
        TEST(renames),
        TEST(renames_directories_of_the_image),
        TEST(hard_links_count),
        TEST(removal_during_listing_misses_nothing),
        TEST(working_directory),
        TEST(failing_allocations_leave_no_trace),
    };

    return RUN_TESTS(tests);
}
