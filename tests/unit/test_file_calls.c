// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_manager.c domains/linux/fs/erofs.c domains/linux/fs/page_map.c domains/linux/fs/tree.c domains/linux/fs/tree_option.c domains/linux/fs/tree_node.c domains/linux/fs/tree_entry.c domains/linux/fs/tree_directory.c domains/linux/fs/tree_data.c domains/linux/fs/tree_size.c domains/linux/fs/devfs.c domains/linux/fs/pipe.c domains/linux/fs/pipe_packet.c domains/linux/fs/pipe_ring.c domains/linux/fs/pipe_splice.c domains/linux/file/file.c domains/linux/file/anonymous.c domains/linux/file/epoll.c domains/linux/file/permission.c domains/linux/file/mount.c domains/linux/file/mount_call.c domains/linux/file/mount_move.c domains/linux/file/path.c domains/linux/file/walk.c domains/linux/file/context.c domains/linux/file/open.c domains/linux/file/file_path.c domains/linux/file/io.c domains/linux/file/make.c domains/linux/file/remove.c domains/linux/file/rename.c domains/linux/file/stat.c domains/linux/file/statfs.c domains/linux/file/target.c domains/linux/file/attribute.c domains/linux/file/times.c domains/linux/file/truncate.c domains/linux/file/listing.c domains/linux/file/descriptor.c domains/linux/file/copy.c domains/linux/file/copy_call.c domains/linux/file/size_limit.c domains/linux/file/sync.c domains/linux/file/table.c domains/linux/file/record_lock.c domains/linux/file/notify.c domains/linux/file/inotify.c domains/lib/text.c domains/lib/scale.c
/*
 * The file system calls on the host, over the real path walk, tree, mounts, pipes and tables: an
 * EROFS root made by mkfs.erofs with a private tree over it, a tmpfs at /tmp and /dev. Each test
 * starts from a fresh root and ends with everything given back: frames and heap objects are
 * counted.
 */
#include "tests/unit/fake_manager.h"

#include "domains/lib/heap.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/inotify.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/devfs.h"
#include "domains/linux/fs/procfs.h"
#include "domains/linux/fs/tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CWD ((uint32_t)AT_FDCWD)

struct file_system *procfs(void) {
    return NULL;
}

/* ---- The image, made once -------------------------------------------------------------------- */

static uint8_t *image_bytes;
static struct erofs image;

static int make_image(void **state) {
    char folder[] = "/tmp/file-test.XXXXXX", command[1024];
    FILE *file;
    long length;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(
        command, sizeof command,
        "cd %s && mkdir -p root/bin root/etc/deep/er root/tmp root/dev root/empty && "
        "echo hello >root/etc/hello && seq 1 5000 >root/etc/numbers && "
        "ln -s hello root/etc/link && ln -s /etc/deep root/shortcut && ln -s loop root/loop && "
        "ln -s missing root/dangling && ln root/etc/hello root/bin/hard && "
        "echo x >root/etc/deep/er/file && mkfs.erofs -E noinline_data --all-root image root "
        ">/dev/null",
        folder);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "%s/image", folder);
    file = fopen(command, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = ftell(file);
    rewind(file);
    image_bytes = malloc((size_t)length);
    assert_int_equal(fread(image_bytes, 1, (size_t)length, file), length);
    fclose(file);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(erofs_open(&image, image_bytes, (uint32_t)length), 0);
    return 0;
}

static int drop_image(void **state) {
    (void)state;
    free(image_bytes);
    return 0;
}

/* ---- A fresh machine for each test ----------------------------------------------------------- */

static uint32_t objects_before, frames_before;

static uint32_t text(const char *string) {
    return fake_app_text(string);
}

#define CALL_1(name, a)       sys_##name((uint32_t)(a), 0, 0, 0, 0, 0)
#define CALL_2(name, a, b)    sys_##name((uint32_t)(a), (uint32_t)(b), 0, 0, 0, 0)
#define CALL_3(name, a, b, c) sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), 0, 0, 0)
#define CALL_4(name, a, b, c, d)                                                                   \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), 0, 0)
#define CALL_5(name, a, b, c, d, e)                                                                \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), (uint32_t)(e), 0)
#define CALL_6(name, a, b, c, d, e, f)                                                             \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), (uint32_t)(e),          \
               (uint32_t)(f))

static int32_t open_text(const char *path, uint32_t flags) {
    return CALL_3(open, text(path), flags, 0644);
}

static void must_mount(const char *type, const char *target) {
    assert_int_equal(CALL_5(mount, text(type), text(target), text(type), 0, 0), 0);
}

static struct file_system *root_system;

static int start(void **state) {
    (void)state;
    fake_app_reset();
    objects_before = fake_heap_objects;
    frames_before = fake_frames_used;
    fake_process = (struct process){.pid = 7};
    assert_int_equal(tree_make_over(&image, 1, &root_system), 0);
    assert_int_equal(mount_attach(root_system, root_system->root, NULL, "overlay", 0), 0);
    fake_process.files = file_table_make();
    fake_process.paths = path_context_make();
    must_mount("tmpfs", "/tmp");
    return 0;
}

static int end(void **state) {
    char *buffers[8];

    (void)state;
    fake_other_thread = NULL;
    fake_heap_countdown = 0;
    fake_process.euid = fake_process.fsuid = 0;
    file_table_release(fake_process.files);
    path_context_release(fake_process.paths);
    while (mount_table->next != NULL)
        assert_int_equal(mount_detach(mount_table->next, true), 0);
    assert_int_equal(mount_table->references, 1);
    mount_release(mount_table);
    mount_table = NULL;
    /* Path buffers are kept for reuse: take them all out and free them by overflowing the store. */
    for (int i = 0; i < 8; i++)
        buffers[i] = path_buffer();
    for (int i = 0; i < 8; i++)
        path_buffer_free(buffers[i]);
    for (int i = 0; i < 4; i++)
        buffers[i] = path_buffer();
    for (int i = 0; i < 4; i++) {
        free(buffers[i]);
        fake_heap_objects--;
    }
    assert_int_equal(fake_heap_objects, objects_before);
    assert_int_equal(fake_frames_used, frames_before);
    return 0;
}

/* ---- Helpers --------------------------------------------------------------------------------- */

static void write_file(const char *path, const char *content) {
    int32_t file = open_text(path, O_WRONLY | O_CREAT | O_TRUNC);

    assert_true(file >= 0);
    assert_int_equal(CALL_3(write, file, text(content), strlen(content)), strlen(content));
    assert_int_equal(CALL_1(close, file), 0);
}

/* The whole file as a string in the app's memory. */
static const char *read_file(const char *path) {
    uint32_t room = fake_app_room(32768);
    int32_t file = open_text(path, O_RDONLY), length;

    if (file < 0)
        return NULL;
    length = CALL_3(read, file, room, 32767);
    assert_true(length >= 0);
    assert_int_equal(CALL_3(read, file, room + (uint32_t)length, 1), 0);
    assert_int_equal(CALL_1(close, file), 0);
    return fake_app_pointer(room);
}

struct attributes { /* of struct stat64 */
    uint32_t mode, links, uid, gid, inode;
    uint64_t size, blocks;
};

static int32_t attributes_of(const char *path, uint32_t flags, struct attributes *result) {
    uint32_t user = fake_app_room(96);
    int32_t error = CALL_4(fstatat64, CWD, text(path), user, flags);
    const char *at = fake_app_pointer(user);

    memcpy(&result->mode, at + 16, 4);
    memcpy(&result->links, at + 20, 4);
    memcpy(&result->uid, at + 24, 4);
    memcpy(&result->gid, at + 28, 4);
    memcpy(&result->size, at + 44, 8);
    memcpy(&result->blocks, at + 56, 8);
    memcpy(&result->inode, at + 88, 4);
    return error;
}

static uint32_t mode_of(const char *path) {
    struct attributes attributes;

    return attributes_of(path, AT_SYMLINK_NOFOLLOW, &attributes) == 0 ? attributes.mode : 0;
}

/* The names in a directory, each followed by a space, in order of listing. */
static const char *list(const char *path) {
    static char names[8192];
    int32_t file = open_text(path, O_RDONLY | O_DIRECTORY), length;
    uint32_t room = fake_app_room(100);

    assert_true(file >= 0);
    names[0] = 0;
    while ((length = CALL_3(getdents64, file, room, 100)) > 0) {
        for (int32_t at = 0; at < length;) {
            const char *entry = (const char *)fake_app_pointer(room) + at;
            uint16_t bytes;

            memcpy(&bytes, entry + 16, 2);
            strcat(strcat(names, entry + 19), " ");
            at += bytes;
        }
    }
    assert_int_equal(length, 0);
    CALL_1(close, file);
    return names;
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void reads_the_image(void **state) {
    struct attributes attributes;
    uint32_t page = fake_app_room(32768);
    int32_t file;

    (void)state;
    assert_string_equal(read_file("/etc/hello"), "hello\n");
    assert_string_equal(read_file("/bin/hard"), "hello\n");
    assert_string_equal(read_file("/etc/link"), "hello\n");
    assert_string_equal(read_file("/shortcut/er/file"), "x\n");
    assert_string_equal(read_file("/shortcut/../deep/./er//file"), "x\n");
    assert_int_equal(attributes_of("/etc/hello", 0, &attributes), 0);
    assert_int_equal(attributes.mode, 0100644);
    assert_int_equal(attributes.links, 2);
    assert_int_equal(attributes.size, 6);
    file = open_text("/etc/numbers", O_RDONLY);
    assert_int_equal(CALL_3(read, file, page, 32768), 23893);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n3\n", 6);
    assert_int_equal(CALL_5(pread64, file, page, 5, 23888, 0), 5);
    assert_memory_equal(fake_app_pointer(page), "5000\n", 5);
    assert_int_equal(fake_frames_used, frames_before);
}

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

static void copies_up_what_is_written(void **state) {
    uint32_t page = fake_app_room(32768);
    int32_t file = open_text("/etc/numbers", O_RDWR);

    (void)state;
    assert_int_equal(CALL_5(pwrite64, file, text("XY"), 2, 4096, 0), 2);
    assert_int_equal(fake_frames_used - frames_before, 1);
    assert_int_equal(CALL_3(read, file, page, 32768), 23893);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n", 4);
    assert_memory_equal(fake_app_pointer(page + 4096), "XY", 2);
    assert_int_equal(CALL_3(ftruncate64, file, 5, 0), 0);
    assert_int_equal(CALL_3(ftruncate64, file, 10000, 0), 0);
    memset(fake_app_pointer(page), 1, 16384);
    assert_int_equal(CALL_5(pread64, file, page, 16384, 0, 0), 10000);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n3\0\0\0\0\0", 10);
    assert_int_equal(((char *)fake_app_pointer(page))[9999], 0);
    CALL_1(close, file);
    write_file("/etc/hello", "other");
    assert_string_equal(read_file("/bin/hard"), "other");
}

static void grows_a_file_of_the_image_with_zeros(void **state) {
    int32_t file = open_text("/etc/hello", O_RDWR);
    uint32_t page = fake_app_room(8192);

    (void)state;
    assert_int_equal(CALL_5(pwrite64, file, text("end"), 3, 5000, 0), 3);
    assert_int_equal(CALL_5(pread64, file, page, 8192, 0, 0), 5003);
    assert_memory_equal(fake_app_pointer(page), "hello\n\0\0\0", 9);
    assert_memory_equal(fake_app_pointer(page + 5000), "end", 3);
    CALL_1(close, file);
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

static void sparse_files_and_seeking(void **state) {
    struct attributes attributes;
    uint32_t result = fake_app_room(8), page = fake_app_room(8192);
    uint64_t offset;
    int32_t file = open_text("/tmp/sparse", O_RDWR | O_CREAT);

    (void)state;
    assert_int_equal(CALL_5(llseek, file, 1, 0, result, 0), 0); /* 4 GiB */
    assert_int_equal(CALL_3(write, file, text("far"), 3), 3);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.size, 0x100000003);
    assert_int_equal(attributes.blocks, 8);
    assert_int_equal(CALL_5(pread64, file, page, 8192, 0xFFFFF000u, 0), 4099);
    assert_int_equal(((char *)fake_app_pointer(page))[4095], 0);
    assert_memory_equal(fake_app_pointer(page + 4096), "far", 3);
    assert_int_equal(CALL_5(llseek, file, 0, 5, result, SEEK_DATA), 0);
    memcpy(&offset, fake_app_pointer(result), 8);
    assert_int_equal(offset, 0x100000000);
    assert_int_equal(CALL_3(lseek, file, 5, SEEK_HOLE), 5);
    assert_int_equal(CALL_3(lseek, file, -1, 0), -EINVAL);
    assert_int_equal(CALL_3(lseek, file, 0, 9), -EINVAL);
    assert_int_equal(CALL_3(lseek, file, 0, 2), -EOVERFLOW);
    assert_int_equal(CALL_6(fallocate, file, 0, 0, 0, 8192, 0), 0);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.blocks, 24);
    assert_int_equal(CALL_6(fallocate, file, 3, 0, 0, 4096, 0), 0);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.blocks, 16);
    assert_int_equal(CALL_3(ftruncate64, file, 0, 0), 0);
    assert_int_equal(fake_frames_used, frames_before);
}

static void a_full_tenant_answers_enospc(void **state) {
    uint32_t left = fake_frames_left, big = fake_app_room(20000);
    int32_t file = open_text("/tmp/full", O_RDWR | O_CREAT);

    (void)state;
    fake_frames_left = 2;
    assert_int_equal(CALL_3(write, file, big, 20000), 8192);
    assert_int_equal(CALL_3(write, file, big, 1), -ENOSPC);
    assert_int_equal(CALL_3(ftruncate64, file, 0, 0), 0);
    fake_frames_left = left;
    assert_int_equal(CALL_3(write, file, big, 1), 1);
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

/* The masks of all events that wait, and how many these are. */
static uint32_t take_events(int32_t instance, uint32_t *masks) {
    uint32_t count = 0, room = fake_app_room(1024), event[4];
    int32_t bytes;

    *masks = 0;
    while ((bytes = CALL_3(read, instance, room, 1024)) > 0) {
        const char *at = fake_app_pointer(room), *behind = at + bytes;

        for (; at < behind; at += sizeof event + event[3], count++) {
            memcpy(event, at, sizeof event);
            *masks |= event[1];
        }
    }
    assert_int_equal(bytes, -EAGAIN);
    return count;
}

static void events_without_memory_are_told_as_lost(void **state) {
    int32_t instance = CALL_1(inotify_init1, O_NONBLOCK);
    uint32_t masks, lost = 0, kept = 0;

    (void)state;
    assert_true(CALL_3(inotify_add_watch, instance, text("/tmp"), IN_CREATE) > 0);
    for (int32_t n = 1; n < 20; n++) {
        uint32_t path = text("/tmp/name");
        int32_t result;

        fake_heap_countdown = n;
        result = CALL_2(mkdir, path, 0755);
        fake_heap_countdown = 0;
        assert_int_equal(take_events(instance, &masks), result == 0);
        lost += (masks & IN_Q_OVERFLOW) != 0;
        kept += (masks & IN_CREATE) != 0;
        if (result == 0)
            assert_int_equal(CALL_1(rmdir, path), 0);
    }
    assert_true(lost > 0 && kept > 0);
}

static void failing_watches_leave_no_trace(void **state) {
    uint32_t path = text("/etc/hello");

    (void)state;
    for (int32_t n = 1; n < 12; n++) {
        int32_t instance, watch;

        fake_heap_countdown = n;
        instance = CALL_1(inotify_init1, O_NONBLOCK);
        watch = CALL_3(inotify_add_watch, instance, path, IN_ALL_EVENTS);
        fake_heap_countdown = 0;
        assert_true(instance >= 0 || instance == -ENOMEM);
        assert_true(watch == 1 || watch == -ENOMEM || watch == -EBADF);
        if (instance >= 0)
            assert_int_equal(CALL_1(close, instance), 0);
    }
}

static void watches_end_with_their_file_system(void **state) {
    int32_t instance = CALL_1(inotify_init1, O_NONBLOCK);
    uint32_t masks;

    (void)state;
    write_file("/tmp/a", "a");
    assert_int_equal(CALL_3(inotify_add_watch, instance, text("/tmp"), IN_ALL_EVENTS), 1);
    assert_int_equal(CALL_3(inotify_add_watch, instance, text("/tmp/a"), IN_OPEN), 2);
    assert_int_equal(CALL_2(umount2, text("/tmp"), 0), 0);
    assert_int_equal(take_events(instance, &masks), 4);
    assert_int_equal(masks, IN_UNMOUNT | IN_IGNORED | IN_ISDIR);
    assert_int_equal(CALL_2(inotify_rm_watch, instance, 1), -EINVAL);
}

static void instances_are_bounded(void **state) {
    int32_t instance;

    (void)state;
    while ((instance = CALL_1(inotify_init1, 0)) >= 0)
        assert_int_equal(CALL_3(inotify_add_watch, instance, text("/etc"), IN_OPEN), 1);
    assert_int_equal(instance, -EMFILE);
    assert_int_equal(CALL_1(close, 0), 0);
    assert_int_equal(CALL_1(inotify_init1, 0), 0);
}

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

static struct file *pipe_ends[2];

static void make_pipe(int32_t descriptors[2], uint32_t flags) {
    uint32_t user = fake_app_room(8);

    assert_int_equal(CALL_2(pipe2, user, flags), 0);
    memcpy(descriptors, fake_app_pointer(user), 8);
}

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

static void copying_between_files(void **state) {
    uint32_t offset = fake_app_room(8);
    int32_t from = open_text("/etc/numbers", O_RDONLY);
    int32_t to = open_text("/tmp/copy", O_RDWR | O_CREAT), ends[2];
    uint64_t value = 23888;

    (void)state;
    assert_int_equal(CALL_4(sendfile64, to, from, 0, 100000), 23893);
    assert_int_equal(CALL_3(lseek, from, 0, 1), 23893);
    assert_string_equal(read_file("/tmp/copy") + 23888, "5000\n");
    memcpy(fake_app_pointer(offset), &value, 8);
    assert_int_equal(CALL_4(sendfile64, to, from, offset, 100), 5);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 10, 0), 0);
    assert_int_equal(CALL_3(lseek, from, 0, 0), 0);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 4, 0), 4);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 4, 1), -EINVAL);
    make_pipe(ends, 0);
    assert_int_equal(CALL_4(sendfile64, to, ends[0], 0, 1), -EINVAL);
    assert_int_equal(CALL_6(splice, from, 0, ends[1], 0, 10, 0), 10);
    assert_int_equal(CALL_6(splice, ends[0], 0, to, 0, 100, 0), 10);
    assert_int_equal(CALL_6(splice, from, 0, to, 0, 10, 0), -EINVAL);
}

static void vectors_and_append(void **state) {
    uint32_t one = text("one"), two = text("two"), room = fake_app_room(16);
    uint32_t vector[4] = {one, 3, two, 3};
    int32_t a = open_text("/tmp/log", O_WRONLY | O_CREAT | O_APPEND);
    int32_t b = open_text("/tmp/log", O_RDWR | O_APPEND);

    (void)state;
    assert_int_equal(CALL_3(writev, a, fake_app_put(vector, sizeof vector), 2), 6);
    assert_int_equal(CALL_3(write, b, text("B"), 1), 1);
    assert_int_equal(CALL_3(write, a, text("A"), 1), 1);
    assert_string_equal(read_file("/tmp/log"), "onetwoBA");
    vector[0] = vector[2] = room;
    vector[2] += 3;
    assert_int_equal(CALL_3(lseek, b, 0, 0), 0);
    assert_int_equal(CALL_3(readv, b, fake_app_put(vector, sizeof vector), 2), 6);
    assert_memory_equal(fake_app_pointer(room), "onetwo", 6);
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

static void pages_for_mappings(void **state) {
    struct file_page page;
    struct file *file;
    char bytes[64];

    (void)state;
    assert_int_equal(file_open_path("/etc/numbers", O_RDWR, &file), 0);
    assert_int_equal(file->operations->page(file, 1, false, &page), 0);
    assert_true(page.is_image);
    assert_int_equal(page.frame >> 20, 1);
    assert_int_equal(file_read_at(file, bytes, sizeof bytes, 4096), sizeof bytes);
    assert_memory_equal(image_bytes + (page.frame & 0xFFFFF) * 4096, bytes, sizeof bytes);
    assert_int_equal(file->operations->page(file, 1, true, &page), 0);
    assert_false(page.is_image);
    frame_release(page.frame);
    assert_int_equal(file->operations->page(file, 6, false, &page), -ENXIO);
    file_release(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_the_image),
        TEST(names_that_fail),
        TEST(copies_up_what_is_written),
        TEST(grows_a_file_of_the_image_with_zeros),
        TEST(whiteouts_hide_and_names_come_back),
        TEST(makes_and_removes),
        TEST(renames),
        TEST(renames_directories_of_the_image),
        TEST(working_directory),
        TEST(permissions),
        TEST(umask_and_group_of_directory),
        TEST(mounts),
        TEST(the_root_moves_and_goes),
        TEST(hard_links_count),
        TEST(removal_during_listing_misses_nothing),
        TEST(sparse_files_and_seeking),
        TEST(a_full_tenant_answers_enospc),
        TEST(failing_allocations_leave_no_trace),
        TEST(events_without_memory_are_told_as_lost),
        TEST(failing_watches_leave_no_trace),
        TEST(watches_end_with_their_file_system),
        TEST(instances_are_bounded),
        TEST(descriptors),
        TEST(pipes),
        TEST(a_reader_sleeps_until_there_are_bytes),
        TEST(named_pipes),
        TEST(copying_between_files),
        TEST(vectors_and_append),
        TEST(record_locks),
        TEST(devices),
        TEST(pages_for_mappings),
    };

    return cmocka_run_group_tests(tests, make_image, drop_image);
}
