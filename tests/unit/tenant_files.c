// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_manager.c domains/linux/fs/erofs.c domains/linux/fs/page_map.c
// sources: domains/linux/fs/tree.c domains/linux/fs/tree_option.c domains/linux/fs/tree_node.c
// sources: domains/linux/fs/tree_entry.c domains/linux/fs/tree_directory.c domains/linux/fs/tree_data.c
// sources: domains/linux/fs/tree_size.c domains/linux/fs/devfs.c domains/linux/fs/pipe.c
// sources: domains/linux/fs/pipe_packet.c domains/linux/fs/pipe_ring.c domains/linux/fs/pipe_splice.c
// sources: domains/linux/file/file.c domains/linux/file/anonymous.c domains/linux/file/epoll.c
// sources: domains/linux/file/permission.c domains/linux/file/mount.c domains/linux/file/mount_call.c
// sources: domains/linux/file/mount_move.c domains/linux/file/mount_peers.c domains/linux/file/path.c domains/linux/file/walk.c
// sources: domains/linux/file/context.c domains/linux/file/open.c domains/linux/file/file_path.c
// sources: domains/linux/file/io.c domains/linux/file/make.c domains/linux/file/remove.c
// sources: domains/linux/file/rename.c domains/linux/file/stat.c domains/linux/file/statfs.c
// sources: domains/linux/file/target.c domains/linux/file/attribute.c domains/linux/file/times.c
// sources: domains/linux/file/truncate.c domains/linux/file/listing.c domains/linux/file/descriptor.c
// sources: domains/linux/file/copy.c domains/linux/file/copy_call.c domains/linux/file/size_limit.c
// sources: domains/linux/file/sync.c domains/linux/file/table.c domains/linux/file/record_lock.c
// sources: domains/linux/file/notify.c domains/linux/file/inotify.c domains/lib/text.c domains/lib/scale.c
/*
 * The image holds a file or two of each kind: text, a file of several pages, links, links in a circle, and folders within folders.
 */
#include "tests/unit/tenant_files.h"

#include "domains/linux/file/mount.h"
#include "domains/linux/fs/procfs.h"
#include "domains/linux/fs/tree.h"

#include <stdio.h>
#include <stdlib.h>

struct file_system *procfs(void) {
    return NULL;
}

/* ---- The image ------------------------------------------------------------------------------- */

uint8_t *image_bytes;
static struct erofs image;

void open_image(const char *path, struct erofs *opened) {
    FILE *file = fopen(path, "rb");
    long length;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = ftell(file);
    rewind(file);
    image_bytes = malloc((size_t)length);
    assert_int_equal(fread(image_bytes, 1, (size_t)length, file), length);
    fclose(file);
    assert_int_equal(erofs_open(opened, image_bytes, (uint32_t)length), 0);
}

int make_image(void **state) {
    char folder[] = "/tmp/file-test.XXXXXX", command[1024];

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
    open_image(command, &image);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    return 0;
}

int drop_image(void **state) {
    (void)state;
    free(image_bytes);
    return 0;
}

/* ---- Around each test ------------------------------------------------------------------------ */

uint32_t frames_before;
static uint32_t objects_before;

int start_files(void **state) {
    struct file_system *root_system;

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

/* Path buffers are kept for reuse: takes them all out, and frees them by overflowing the store. */
static void free_path_buffers(void) {
    char *buffers[8];

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
}

int end_files(void **state) {
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
    free_path_buffers();
    assert_int_equal(fake_heap_objects, objects_before);
    assert_int_equal(fake_frames_used, frames_before);
    return 0;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

uint32_t text(const char *string) {
    return fake_app_text(string);
}

int32_t open_text(const char *path, uint32_t flags) {
    return CALL_3(open, text(path), flags, 0644);
}

void must_mount(const char *type, const char *target) {
    assert_int_equal(CALL_5(mount, text(type), text(target), text(type), 0, 0), 0);
}

void make_pipe(int32_t descriptors[2], uint32_t flags) {
    uint32_t user = fake_app_room(8);

    assert_int_equal(CALL_2(pipe2, user, flags), 0);
    memcpy(descriptors, fake_app_pointer(user), 8);
}

void write_file(const char *path, const char *content) {
    int32_t file = open_text(path, O_WRONLY | O_CREAT | O_TRUNC);

    assert_true(file >= 0);
    assert_int_equal(CALL_3(write, file, text(content), strlen(content)), strlen(content));
    assert_int_equal(CALL_1(close, file), 0);
}

const char *read_file(const char *path) {
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

int32_t attributes_of(const char *path, uint32_t flags, struct attributes *result) {
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

uint32_t mode_of(const char *path) {
    struct attributes attributes;

    return attributes_of(path, AT_SYMLINK_NOFOLLOW, &attributes) == 0 ? attributes.mode : 0;
}

const char *list(const char *path) {
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
