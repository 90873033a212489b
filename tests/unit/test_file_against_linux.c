// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c tests/unit/random_file_call.c tests/unit/linux_file_call.c tests/unit/our_file_call.c
/*
 * The same random file calls on Linux and here: every answer must be equal, errno by errno.
 *
 * A child changes its root to an empty folder and makes the calls with the host's kernel; it writes
 * its answers into a pipe. The parent draws the same calls from the same seed, makes them with the
 * manager's code, on a tmpfs or over an image of the same folder, and compares.
 */
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/tree.h"
#include "tests/unit/random_file_call.h"
#include "tests/unit/tenant_files.h"

#include <stdio.h>
#include <stdlib.h>

#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS 4000
#define SEEDS 12

static void be_linux(uint32_t seed, int output, const char *folder) {
    draw_from(seed);
    if (syscall(SYS_chroot, folder) != 0 || syscall(SYS_chdir, "/") != 0)
        _exit(1);
    syscall(SYS_umask, 022);
    for (int descriptor = FIRST_DESCRIPTOR; descriptor < FIRST_DESCRIPTOR + DESCRIPTORS;
         descriptor++)
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

/* What the folder holds at first, if the tree lies over an image of it. */
static const char populate[] =
    "cd %s && mkdir -p a/b/c b d && echo hello >a/c && seq 1 9000 >b/a && ln a/c b/c && "
    "ln -s ../a b/d && ln -s c a/d && : >d/a && ln -s /b/d c && chmod 4711 b/a && "
    "mkfs.erofs -E noinline_data --all-root %s.image %s >/dev/null";

static struct file_system *make_over_image(const char *folder) {
    static struct erofs image;
    struct file_system *system;
    char path[64];

    snprintf(path, sizeof path, "%s.image", folder);
    open_image(path, &image);
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
    draw_from(seed);
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
