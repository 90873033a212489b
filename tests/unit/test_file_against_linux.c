// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_manager.c domains/linux/fs/erofs.c domains/linux/fs/page_map.c domains/linux/fs/tree.c domains/linux/fs/tree_option.c domains/linux/fs/tree_node.c domains/linux/fs/tree_entry.c domains/linux/fs/tree_directory.c domains/linux/fs/tree_data.c domains/linux/fs/tree_size.c domains/linux/fs/devfs.c domains/linux/fs/pipe.c domains/linux/fs/pipe_packet.c domains/linux/fs/pipe_ring.c domains/linux/fs/pipe_splice.c domains/linux/file/file.c domains/linux/file/anonymous.c domains/linux/file/epoll.c domains/linux/file/permission.c domains/linux/file/mount.c domains/linux/file/mount_call.c domains/linux/file/mount_move.c domains/linux/file/path.c domains/linux/file/walk.c domains/linux/file/context.c domains/linux/file/open.c domains/linux/file/file_path.c domains/linux/file/io.c domains/linux/file/make.c domains/linux/file/remove.c domains/linux/file/rename.c domains/linux/file/stat.c domains/linux/file/statfs.c domains/linux/file/target.c domains/linux/file/attribute.c domains/linux/file/times.c domains/linux/file/truncate.c domains/linux/file/listing.c domains/linux/file/descriptor.c domains/linux/file/copy.c domains/linux/file/copy_call.c domains/linux/file/size_limit.c domains/linux/file/sync.c domains/linux/file/table.c domains/linux/file/record_lock.c domains/linux/file/notify.c domains/linux/file/inotify.c domains/lib/text.c domains/lib/scale.c
/*
 * The same random file calls on Linux and here: every answer must be equal, errno by errno.
 *
 * A child changes its root to an empty folder and makes the calls with the host's kernel; it writes
 * its answers into a pipe. The parent draws the same calls from the same seed, makes them with the
 * manager's code, on a tmpfs or over an image of the same folder, and compares. Paths are drawn from few names, so that they meet often,
 * with dots, double and trailing slashes, links and links to links.
 */
#include "tests/unit/fake_manager.h"

#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/procfs.h"
#include "domains/linux/fs/tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS       4000
#define SEEDS       12
#define DESCRIPTORS 6

struct file_system *procfs(void) {
    return NULL;
}

/* ---- Drawing: a small generator of its own, so that both sides draw alike -------------------- */

static uint32_t random_state;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

static const char *draw_path(char *buffer) {
    static const char *const parts[] = {"a", "b", "c", "d", "a", "b", "..", "."};
    uint32_t count = 1 + draw(4);

    buffer[0] = 0;
    if (draw(3) == 0)
        strcat(buffer, "/");
    for (uint32_t i = 0; i < count; i++) {
        strcat(buffer, parts[draw(8)]);
        if (i + 1 < count || draw(8) == 0)
            strcat(buffer, draw(10) == 0 ? "//" : "/");
    }
    if (draw(100) == 0)
        buffer[0] = 0;
    return buffer;
}

enum call_kind {
    OPEN,
    CLOSE,
    MKDIR,
    RMDIR,
    UNLINK,
    RENAME,
    RENAME_FLAGS,
    LINK,
    SYMLINK,
    READLINK,
    STAT,
    CHMOD,
    TRUNCATE,
    FTRUNCATE,
    WRITE,
    READ,
    SEEK,
    CHDIR,
    GETCWD,
    ACCESS,
    MKNOD,
    DUP2,
    KINDS
};

struct call {
    enum call_kind kind;
    char path[64], other[64];
    uint32_t number, flags;
    int descriptor;
};

/* What a call answers: its result, and for some calls a few numbers or a text. */
struct answer {
    int32_t result;
    uint32_t mode, links;
    uint64_t size;
    char text[128];
};

static void draw_call(struct call *call) {
    static const uint32_t open_flags[] = {O_RDONLY,
                                          O_RDWR,
                                          O_CREAT | O_RDWR,
                                          O_CREAT | O_WRONLY,
                                          O_CREAT | O_EXCL | O_RDWR,
                                          O_CREAT | O_TRUNC | O_RDWR,
                                          O_TRUNC | O_WRONLY,
                                          O_APPEND | O_WRONLY | O_CREAT,
                                          O_DIRECTORY,
                                          O_NOFOLLOW,
                                          O_NOFOLLOW | O_CREAT | O_RDWR,
                                          O_PATH,
                                          O_PATH | O_NOFOLLOW,
                                          O_DIRECTORY | O_RDWR};
    static const uint32_t rename_flags[] = {0, RENAME_NOREPLACE, RENAME_EXCHANGE, 3, 8};

    memset(call, 0, sizeof *call);
    call->kind = (enum call_kind)draw(KINDS);
    draw_path(call->path);
    draw_path(call->other);
    call->descriptor = 10 + (int)draw(DESCRIPTORS);
    call->number = draw(20000);
    call->flags = draw(1000);
    if (call->kind == OPEN)
        call->flags = open_flags[draw(sizeof open_flags / sizeof open_flags[0])];
    else if (call->kind == RENAME_FLAGS)
        call->flags = rename_flags[draw(5)];
}

/* ---- Linux ----------------------------------------------------------------------------------- */

struct linux_stat {
    uint64_t device, inode, links;
    uint32_t mode, uid, gid, padding;
    uint64_t special, size;
    uint64_t rest[12];
};

static int32_t outcome(long result) {
    return result < 0 ? -errno : (int32_t)result;
}

static void stat_on_linux(const struct call *call, struct answer *answer) {
    struct linux_stat result;

    answer->result = outcome(syscall(SYS_newfstatat, AT_FDCWD, call->path, &result,
                                     call->flags % 2 != 0 ? AT_SYMLINK_NOFOLLOW : 0));
    if (answer->result == 0) {
        answer->mode = result.mode;
        answer->links = (uint32_t)result.links;
        answer->size = MODE_IS(result.mode, S_IFDIR) ? 0 : result.size;
    }
}

static void call_linux(const struct call *call, struct answer *answer) {
    char bytes[20000];

    memset(answer, 0, sizeof *answer);
    memset(bytes, 'x', sizeof bytes);
    switch (call->kind) {
    case OPEN:
        answer->result = outcome(syscall(SYS_open, call->path, call->flags, 0777));
        if (answer->result >= 0) {
            syscall(SYS_dup2, answer->result, call->descriptor);
            syscall(SYS_close, answer->result);
            answer->result = 0;
        }
        break;
    case CLOSE:
        answer->result = outcome(syscall(SYS_close, call->descriptor));
        break;
    case MKDIR:
        answer->result = outcome(syscall(SYS_mkdir, call->path, 0777));
        break;
    case RMDIR:
        answer->result = outcome(syscall(SYS_rmdir, call->path));
        break;
    case UNLINK:
        answer->result = outcome(syscall(SYS_unlink, call->path));
        break;
    case RENAME:
        answer->result = outcome(syscall(SYS_rename, call->path, call->other));
        break;
    case RENAME_FLAGS:
        answer->result = outcome(
            syscall(SYS_renameat2, AT_FDCWD, call->path, AT_FDCWD, call->other, call->flags));
        break;
    case LINK:
        answer->result = outcome(syscall(SYS_link, call->path, call->other));
        break;
    case SYMLINK:
        answer->result = outcome(syscall(SYS_symlink, call->path, call->other));
        break;
    case READLINK:
        answer->result = outcome(syscall(SYS_readlink, call->path, answer->text, 100));
        break;
    case STAT:
        stat_on_linux(call, answer);
        break;
    case CHMOD:
        answer->result = outcome(syscall(SYS_chmod, call->path, call->flags));
        break;
    case TRUNCATE:
        answer->result = outcome(syscall(SYS_truncate, call->path, (long)call->number));
        break;
    case FTRUNCATE:
        answer->result = outcome(syscall(SYS_ftruncate, call->descriptor, (long)call->number));
        break;
    case WRITE:
        answer->result = outcome(syscall(SYS_write, call->descriptor, bytes, call->number));
        break;
    case READ:
        answer->result = outcome(syscall(SYS_read, call->descriptor, bytes, call->number));
        break;
    case SEEK:
        answer->result = outcome(
            syscall(SYS_lseek, call->descriptor, (long)call->number - 5000, call->flags % 3));
        break;
    case CHDIR:
        answer->result = outcome(syscall(SYS_chdir, call->path));
        break;
    case GETCWD:
        answer->result = outcome(syscall(SYS_getcwd, answer->text, 100));
        break;
    case ACCESS:
        answer->result = outcome(syscall(SYS_access, call->path, call->flags % 9));
        break;
    case MKNOD:
        answer->result = outcome(
            syscall(SYS_mknod, call->path, (call->flags % 2 != 0 ? S_IFREG : S_IFSOCK) | 0666, 0));
        break;
    default:
        answer->result =
            outcome(syscall(SYS_dup2, call->descriptor, 10 + (int)(call->number % DESCRIPTORS)));
        break;
    }
}

static void be_linux(uint32_t seed, int output, const char *folder) {
    random_state = seed;
    if (syscall(SYS_chroot, folder) != 0 || syscall(SYS_chdir, "/") != 0)
        _exit(1);
    syscall(SYS_umask, 022);
    for (int descriptor = 10; descriptor < 10 + DESCRIPTORS; descriptor++)
        syscall(SYS_close, descriptor);
    for (int i = 0; i < CALLS; i++) {
        struct answer answer;
        struct call call;

        draw_call(&call);
        call_linux(&call, &answer);
        if (syscall(SYS_write, output, &answer, sizeof answer) != (long)sizeof answer)
            _exit(1);
    }
    _exit(0);
}

/* ---- Here ------------------------------------------------------------------------------------ */

#define CALL(name, a, b, c, d, e)                                                                  \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), (uint32_t)(e), 0)

static void stat_here(const struct call *call, uint32_t path, struct answer *answer) {
    uint32_t user = fake_app_room(96);
    const char *at = fake_app_pointer(user);

    answer->result =
        CALL(fstatat64, AT_FDCWD, path, user, call->flags % 2 != 0 ? AT_SYMLINK_NOFOLLOW : 0, 0);
    if (answer->result == 0) {
        memcpy(&answer->mode, at + 16, 4);
        memcpy(&answer->links, at + 20, 4);
        memcpy(&answer->size, at + 44, 8);
        if (MODE_IS(answer->mode, S_IFDIR))
            answer->size = 0;
    }
}

static void call_here(const struct call *call, struct answer *answer) {
    uint32_t path = fake_app_text(call->path), other = fake_app_text(call->other);
    uint32_t text = fake_app_room(100), bytes = fake_app_room(20000);

    memset(answer, 0, sizeof *answer);
    switch (call->kind) {
    case OPEN:
        answer->result = CALL(open, path, call->flags, 0777, 0, 0);
        if (answer->result >= 0) {
            CALL(dup2, answer->result, call->descriptor, 0, 0, 0);
            CALL(close, answer->result, 0, 0, 0, 0);
            answer->result = 0;
        }
        break;
    case CLOSE:
        answer->result = CALL(close, call->descriptor, 0, 0, 0, 0);
        break;
    case MKDIR:
        answer->result = CALL(mkdir, path, 0777, 0, 0, 0);
        break;
    case RMDIR:
        answer->result = CALL(rmdir, path, 0, 0, 0, 0);
        break;
    case UNLINK:
        answer->result = CALL(unlink, path, 0, 0, 0, 0);
        break;
    case RENAME:
        answer->result = CALL(rename, path, other, 0, 0, 0);
        break;
    case RENAME_FLAGS:
        answer->result = CALL(renameat2, AT_FDCWD, path, AT_FDCWD, other, call->flags);
        break;
    case LINK:
        answer->result = CALL(link, path, other, 0, 0, 0);
        break;
    case SYMLINK:
        answer->result = CALL(symlink, path, other, 0, 0, 0);
        break;
    case READLINK:
        answer->result = CALL(readlink, path, text, 100, 0, 0);
        memcpy(answer->text, fake_app_pointer(text), 100);
        break;
    case STAT:
        stat_here(call, path, answer);
        break;
    case CHMOD:
        answer->result = CALL(chmod, path, call->flags, 0, 0, 0);
        break;
    case TRUNCATE:
        answer->result = CALL(truncate64, path, call->number, 0, 0, 0);
        break;
    case FTRUNCATE:
        answer->result = CALL(ftruncate64, call->descriptor, call->number, 0, 0, 0);
        break;
    case WRITE:
        answer->result = CALL(write, call->descriptor, bytes, call->number, 0, 0);
        break;
    case READ:
        answer->result = CALL(read, call->descriptor, bytes, call->number, 0, 0);
        break;
    case SEEK:
        answer->result =
            CALL(lseek, call->descriptor, (int)call->number - 5000, call->flags % 3, 0, 0);
        break;
    case CHDIR:
        answer->result = CALL(chdir, path, 0, 0, 0, 0);
        break;
    case GETCWD:
        answer->result = CALL(getcwd, text, 100, 0, 0, 0);
        memcpy(answer->text, fake_app_pointer(text), 100);
        break;
    case ACCESS:
        answer->result = CALL(access, path, call->flags % 9, 0, 0, 0);
        break;
    case MKNOD:
        answer->result =
            CALL(mknod, path, (call->flags % 2 != 0 ? S_IFREG : S_IFSOCK) | 0666, 0, 0, 0);
        break;
    default:
        answer->result =
            CALL(dup2, call->descriptor, 10 + (int)(call->number % DESCRIPTORS), 0, 0, 0);
        break;
    }
}

/* ---- The comparison -------------------------------------------------------------------------- */

/* What the folder holds at first, if the tree lies over an image of it. */
static const char populate[] =
    "cd %s && mkdir -p a/b/c b d && echo hello >a/c && seq 1 9000 >b/a && ln a/c b/c && "
    "ln -s ../a b/d && ln -s c a/d && : >d/a && ln -s /b/d c && chmod 4711 b/a && "
    "mkfs.erofs -E noinline_data --all-root %s.image %s >/dev/null";

static uint8_t *image_bytes;

static struct file_system *make_over_image(const char *folder) {
    static struct erofs image;
    struct file_system *system;
    char path[64];
    FILE *file;
    long length;

    snprintf(path, sizeof path, "%s.image", folder);
    file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = ftell(file);
    rewind(file);
    image_bytes = malloc((size_t)length);
    assert_int_equal(fread(image_bytes, 1, (size_t)length, file), length);
    fclose(file);
    assert_int_equal(erofs_open(&image, image_bytes, (uint32_t)length), 0);
    assert_int_equal(tree_make_over(&image, 1, &system), 0);
    return system;
}

static void start_here(struct file_system *system) {
    fake_process = (struct process){.pid = 7};
    assert_int_equal(mount_attach(system, system->root, NULL, "tmpfs", 0), 0);
    fake_process.files = file_table_make();
    fake_process.paths = path_context_make();
}

static void end_here(void) {
    file_table_release(fake_process.files);
    path_context_release(fake_process.paths);
    assert_int_equal(mount_table->references, 1);
    mount_release(mount_table);
    mount_table = NULL;
    assert_int_equal(fake_frames_used, 0);
}

static void compare(uint32_t seed, int input) {
    random_state = seed;
    for (int i = 0; i < CALLS; i++) {
        struct answer expected, answer;
        struct call call;

        assert_int_equal(read(input, &expected, sizeof expected), sizeof expected);
        fake_app_reset();
        draw_call(&call);
        call_here(&call, &answer);
        if (memcmp(&answer, &expected, sizeof answer) != 0) {
            fail_msg("seed %u call %d: kind %d (%s, %s) fd %d flags %o number %u:\n"
                     "Linux %d mode %o links %u size %lu '%s'\nhere  %d mode %o links %u size %lu "
                     "'%s'",
                     seed, i, (int)call.kind, call.path, call.other, call.descriptor, call.flags,
                     call.number, expected.result, expected.mode, expected.links,
                     (unsigned long)expected.size, expected.text, answer.result, answer.mode,
                     answer.links, (unsigned long)answer.size, answer.text);
        }
    }
}

static void run_seed(uint32_t seed, bool over_image) {
    char folder[] = "/dev/shm/file-test.XXXXXX", command[512];
    int ends[2], status;
    pid_t child;

    assert_non_null(mkdtemp(folder));
    if (over_image) {
        snprintf(command, sizeof command, populate, folder, folder, folder);
        assert_int_equal(system(command), 0);
    }
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        be_linux(seed, ends[1], folder);
    }
    close(ends[1]);
    start_here(over_image ? make_over_image(folder)
                          : tree_make("tmpfs", &(struct tree_options){.mode = 0700}));
    compare(seed, ends[0]);
    end_here();
    close(ends[0]);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    free(image_bytes);
    image_bytes = NULL;
    snprintf(command, sizeof command, "rm -rf %s %s.image", folder, folder);
    assert_int_equal(system(command), 0);
}

/* Changing the root takes root; and details such as link counts are those of Linux's tmpfs. */
static bool can_ask_linux(void) {
    struct statfs statistics;

    return geteuid() == 0 && statfs("/dev/shm", &statistics) == 0 &&
           statistics.f_type == TREE_MAGIC_TMPFS;
}

static void answers_as_linux_does(void **state) {
    (void)state;
    if (!can_ask_linux())
        skip();
    for (uint32_t seed = 1; seed <= SEEDS; seed++)
        run_seed(seed, false);
}

static void answers_so_over_an_image_too(void **state) {
    (void)state;
    if (!can_ask_linux())
        skip();
    for (uint32_t seed = 1; seed <= SEEDS; seed++)
        run_seed(1000 + seed, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_as_linux_does),
        cmocka_unit_test(answers_so_over_an_image_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
