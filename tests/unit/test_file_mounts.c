// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * File systems over one another, the root among them; and /dev, whose nodes lead to devices by number.
 */
#include "tests/unit/tenant_files.h"

#include "domains/linux/file/mount_peers.h"
#include "domains/linux/fs/devfs.h"

static void mounts(void **state) {
    struct attributes attributes;

    (void)state;
    assert_int_equal(CALL_2(mkdir, text("/tmp/m"), 0755), 0);
    write_file("/tmp/m/below", "b");
    must_mount("tmpfs", "/tmp/m");
    assert_null(read_file("/tmp/m/below"));
    write_file("/tmp/m/above", "a");
    assert_int_equal(CALL_1(rmdir, text("/tmp/m")), -EBUSY);
    assert_int_equal(CALL_2(rename, text("/tmp/m"), text("/tmp/n")), -EBUSY);
    assert_int_equal(CALL_1(chdir, text("/tmp/m")), 0);
    assert_string_equal(read_file("../m/above"), "a");
    assert_int_equal(CALL_2(umount2, text("/tmp/m"), 0), -EBUSY);
    assert_int_equal(CALL_1(chdir, text("/")), 0);
    assert_int_equal(CALL_5(mount, text("/tmp/m"), text("/empty"), 0, 0x1000, 0), 0);
    assert_string_equal(read_file("/empty/above"), "a");
    assert_int_equal(CALL_5(mount, 0, text("/empty"), 0, 0x20 | 1, 0), 0);
    assert_int_equal(open_text("/empty/new", O_CREAT | O_WRONLY), -EROFS);
    assert_int_equal(open_text("/empty/above", O_WRONLY), -EROFS);
    assert_int_equal(CALL_2(access, text("/empty/above"), 2), -EROFS);
    assert_int_equal(CALL_1(unlink, text("/empty/above")), -EROFS);
    assert_int_equal(CALL_2(umount2, text("/empty"), 0), 0);
    assert_int_equal(CALL_2(umount2, text("/empty"), 0), -EINVAL);
    assert_int_equal(CALL_2(umount2, text("/tmp/m"), 0), 0);
    assert_string_equal(read_file("/tmp/m/below"), "b");
    assert_int_equal(CALL_2(umount2, text("/"), 0), -EBUSY);
    assert_int_equal(CALL_5(mount, text("x"), text("/empty"), text("ext4"), 0, 0), -ENODEV);
    assert_int_equal(CALL_5(mount, text("x"), text("/etc/hello"), text("tmpfs"), 0, 0), -ENOTDIR);
    assert_int_equal(attributes_of("/tmp", 0, &attributes), 0);
    assert_int_equal(attributes.mode, 041777);
}

static void the_root_moves_and_goes(void **state) {
    (void)state;
    assert_int_equal(CALL_2(mkdir, text("/tmp/new"), 0755), 0);
    must_mount("tmpfs", "/tmp/new");
    assert_int_equal(CALL_2(mkdir, text("/tmp/new/old"), 0755), 0);
    assert_int_equal(CALL_2(pivot_root, text("/tmp/new"), text("/tmp/new/old")), 0);
    assert_int_equal(mode_of("/etc/hello"), 0);
    assert_true(mode_of("/old/etc/hello") != 0);
    assert_int_equal(CALL_2(pivot_root, text("/old"), text("/old/tmp/new")), 0);
    assert_true(mode_of("/etc/hello") != 0);
    assert_int_equal(CALL_2(umount2, text("/tmp"), 0), -EBUSY);
    assert_int_equal(CALL_2(pivot_root, text("/tmp/new"), text("/tmp/new/old")), 0);
    assert_int_equal(CALL_2(umount2, text("/old"), 0), -EBUSY);
    assert_int_equal(CALL_2(umount2, text("/old"), 2), 0);
    assert_string_equal(list("/"), ". .. old ");
    assert_string_equal(list("/old"), ". .. ");
}

/* ---- Peers ------------------------------------------------------------------------------------- */

static int change(const char *target, uint32_t type) {
    return CALL_5(mount, 0, text(target), 0, type, 0);
}

static int bind(const char *source, const char *target) {
    return CALL_5(mount, text(source), text(target), 0, 0x1000, 0);
}

static uint32_t count_mounts(void) {
    uint32_t count = 0;

    for (const struct mount *mount = mount_table; mount != NULL; mount = mount->next)
        count++;
    return count;
}

/* /tmp/2 is a peer of /tmp/1; /tmp/3 follows both, and has a mount of its own on its folder `a`. */
static void make_peers(void) {
    assert_int_equal(CALL_2(mkdir, text("/tmp/1"), 0755), 0);
    assert_int_equal(CALL_2(mkdir, text("/tmp/2"), 0755), 0);
    assert_int_equal(CALL_2(mkdir, text("/tmp/3"), 0755), 0);
    must_mount("tmpfs", "/tmp/1");
    assert_int_equal(CALL_2(mkdir, text("/tmp/1/a"), 0755), 0);
    assert_int_equal(change("/tmp/1", MS_SHARED), 0);
    assert_int_equal(bind("/tmp/1", "/tmp/2"), 0);
    assert_int_equal(bind("/tmp/1", "/tmp/3"), 0);
    assert_int_equal(change("/tmp/3", MS_SLAVE), 0);
    must_mount("tmpfs", "/tmp/3/a");
    write_file("/tmp/3/a/above", "above");
}

/* A copy more or less would be a mount that nobody asked for. */
static void all_peers_get_it_or_none(void **state) {
    uint32_t before;
    int result = -1;

    (void)state;
    make_peers();
    before = count_mounts();
    for (int32_t n = 1; result != 0; n++) {
        uint32_t target = text("/tmp/1/a"), type = text("tmpfs");

        fake_heap_countdown = n;
        result = CALL_5(mount, type, target, type, 0, 0);
        fake_heap_countdown = 0;
        assert_true(result == 0 || result == -ENOMEM);
        assert_int_equal(count_mounts(), result == 0 ? before + 3 : before);
        assert_string_equal(read_file("/tmp/3/a/above"), "above");
    }
    write_file("/tmp/1/a/new", "new");
    assert_string_equal(read_file("/tmp/2/a/new"), "new");
    assert_int_equal(CALL_2(umount2, text("/tmp/1/a"), 2), 0);
    assert_int_equal(count_mounts(), before);
    assert_string_equal(read_file("/tmp/3/a/above"), "above");
}

static void a_full_table_takes_no_copies(void **state) {
    uint32_t full;
    int result = 0;

    (void)state;
    make_peers();
    while (result == 0)
        result = bind("/etc", "/tmp/1/a");
    full = count_mounts();
    assert_int_equal(result, -ENOSPC);
    assert_true(full > 500);
    assert_int_equal(CALL_2(umount2, text("/tmp/1/a"), 0), 0);
    assert_int_equal(count_mounts(), full - 3);
    assert_int_equal(CALL_2(umount2, text("/tmp/1"), 2), 0);
    assert_string_equal(read_file("/tmp/3/a/above"), "above");
}

/* ---- Devices ----------------------------------------------------------------------------------- */

static int device_opened;

static int fake_open(struct inode *inode, struct file *file) {
    static const struct file_operations operations;

    (void)inode;
    file->operations = &operations;
    device_opened++;
    return 0;
}

static void devices(void **state) {
    static struct device_node node = {"sub/null", S_IFCHR | 0666, 0x103, fake_open, NULL};
    int32_t file;

    (void)state;
    assert_int_equal(devfs_start(), 0);
    assert_int_equal(device_register(&node), 0);
    must_mount("devtmpfs", "/dev");
    assert_int_equal(mode_of("/dev/sub/null"), 0020666);
    assert_int_equal(mode_of("/dev/fd"), 0120777);
    file = open_text("/dev/sub/null", O_RDWR);
    assert_true(file >= 0);
    assert_int_equal(device_opened, 1);
    assert_int_equal(CALL_1(close, file), 0);
    assert_int_equal(CALL_3(mknod, text("/tmp/n"), S_IFCHR | 0666, 0x103), 0);
    file = open_text("/tmp/n", O_RDWR);
    assert_int_equal(device_opened, 2);
    assert_int_equal(CALL_1(close, file), 0);
    device_unregister(&node);
    assert_int_equal(mode_of("/dev/sub/null"), 0);
    assert_int_equal(open_text("/tmp/n", O_RDWR), -ENXIO);
    assert_int_equal(CALL_2(umount2, text("/dev"), 0), 0);
    devfs()->free(devfs());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(mounts),
        TEST(the_root_moves_and_goes),
        TEST(all_peers_get_it_or_none),
        TEST(a_full_table_takes_no_copies),
        TEST(devices),
    };

    return RUN_TESTS(tests);
}
