// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * Who may do what to a file, and whose a new one is.
 */
#include "tests/unit/tenant_files.h"

static void permissions(void **state) {
    (void)state;
    assert_int_equal(CALL_2(mkdir, text("/tmp/mine"), 0700), 0);
    write_file("/tmp/secret", "s");
    assert_int_equal(CALL_2(chmod, text("/tmp/secret"), 0600), 0);
    fake_process.uid = fake_process.euid = fake_process.fsuid = fake_process.gid =
        fake_process.egid = fake_process.fsgid = 1000;
    assert_int_equal(open_text("/tmp/secret", O_RDONLY), -EACCES);
    assert_int_equal(CALL_2(access, text("/tmp/secret"), 4), -EACCES);
    assert_int_equal(CALL_2(access, text("/tmp/secret"), 0), 0);
    assert_int_equal(open_text("/tmp/mine/x", O_RDONLY), -EACCES);
    assert_int_equal(open_text("/etc/new", O_CREAT | O_WRONLY), -EACCES);
    assert_int_equal(CALL_2(chmod, text("/tmp/secret"), 0666), -EPERM);
    assert_int_equal(CALL_3(chown, text("/tmp/secret"), 1000, 1000), -EPERM);
    assert_int_equal(CALL_1(unlink, text("/tmp/secret")), -EPERM); /* /tmp is sticky */
    assert_int_equal(CALL_3(mknod, text("/tmp/n"), S_IFCHR | 0666, 0x103), -EPERM);
    write_file("/tmp/own", "o");
    assert_int_equal(CALL_2(chmod, text("/tmp/own"), 04755), 0);
    assert_int_equal(CALL_3(open, text("/tmp/own"), O_WRONLY, 0), 0);
    assert_int_equal(CALL_3(write, 0, text("x"), 1), 1);
    assert_int_equal(mode_of("/tmp/own"), 0100755);
    assert_int_equal(CALL_4(utimensat, CWD, text("/tmp/secret"), 0, 0), -EACCES);
    assert_int_equal(CALL_2(chroot, text("/tmp"), 0), -EPERM);
}

static void umask_and_group_of_directory(void **state) {
    struct attributes attributes;

    (void)state;
    assert_int_equal(CALL_1(umask, 077), 022);
    assert_int_equal(CALL_2(mkdir, text("/tmp/g"), 0777), 0);
    assert_int_equal(mode_of("/tmp/g"), 040700);
    assert_int_equal(CALL_3(chown, text("/tmp/g"), 0, 55), 0);
    assert_int_equal(CALL_2(chmod, text("/tmp/g"), 02777), 0);
    assert_int_equal(CALL_2(mkdir, text("/tmp/g/sub"), 0777), 0);
    assert_int_equal(attributes_of("/tmp/g/sub", 0, &attributes), 0);
    assert_int_equal(attributes.gid, 55);
    assert_int_equal(attributes.mode, 042700);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(permissions),
        TEST(umask_and_group_of_directory),
    };

    return RUN_TESTS(tests);
}
