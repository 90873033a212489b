// SPDX-License-Identifier: MIT
/*
 * Mounts that move: pivot_root(2), MS_MOVE, and what unshare and setns say of namespaces.
 *
 * On Linux all of it is done in a mount namespace of its own. In a tenant, which has none, it is done to the tenant's root and
 * undone again.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char folder[] = "/tmp/mounts-XXXXXX";

static int pivot(const char *new_root, const char *put_old) {
    return (int)syscall(SYS_pivot_root, new_root, put_old);
}

static int is_here(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

static int is_in(const char *expected) {
    char path[PATH_MAX];
    return getcwd(path, sizeof path) != NULL && strcmp(path, expected) == 0;
}

/* Is something mounted there, as /proc/mounts under `root` has it? */
static int is_mounted(const char *root, const char *place) {
    static char text[1 << 16];
    char path[64], wanted[64];
    snprintf(path, sizeof path, "%s/proc/self/mounts", root);
    snprintf(wanted, sizeof wanted, " %s ", place);
    int file = open(path, O_RDONLY);
    ssize_t bytes = read(file, text, sizeof text - 1);
    close(file);
    text[bytes > 0 ? bytes : 0] = '\0';
    return strstr(text, wanted) != NULL;
}

/* ---- pivot_root ---------------------------------------------------------------------------------- */

static void what_pivot_root_refuses(void) {
    CHECK(mkdir("plain", 0755) == 0 && mkdir("plain/old", 0755) == 0);
    CHECK(fails_with(pivot("plain", "plain/old"), EINVAL)); /* nothing is mounted there */
    CHECK(fails_with(pivot("new", "plain"), EINVAL));       /* not below */
    CHECK(fails_with(pivot("/", "new"), EBUSY) && fails_with(pivot("new", "/"), EBUSY));
    CHECK(fails_with(pivot("nothing", "new"), ENOENT));
    CHECK(fails_with(pivot("new", "new/nothing"), ENOENT));
    CHECK(fails_with(pivot("new/file", "new/old"), ENOTDIR));
    CHECK(fails_with(pivot("new", "new/file"), ENOTDIR));
    CHECK(fails_with(pivot((char *)16, "new"), EFAULT));
    CHECK(fails_with(pivot("new", (char *)16), EFAULT));
    CHECK(rmdir("plain/old") == 0 && rmdir("plain") == 0);
}

/* Who has the old root, or works there, has the new one then. */
static int go, done;

static void wait_elsewhere(void) {
    char byte;
    CHECK(chdir("/") == 0);
    CHECK(read(go, &byte, 1) == 1);
    CHECK(is_here("/file") && is_here("file") && is_here("/old/tmp") && is_in("/"));
    CHECK(write(done, "x", 1) == 1);
    fflush(stdout);
    _exit(checks_failed != 0);
}

static pid_t start_another(int ends[2][2]) {
    CHECK(pipe(ends[0]) == 0 && pipe(ends[1]) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        go = ends[0][0];
        done = ends[1][1];
        wait_elsewhere();
    }
    return child;
}

static void the_root_is_another(void) {
    char back[PATH_MAX], here[PATH_MAX], byte;
    int ends[2][2], status;
    snprintf(here, sizeof here, "/old%s", folder);
    snprintf(back, sizeof back, "/old%s/new", folder);
    pid_t child = start_another(ends);
    usleep(30000); /* until it is in "/" */
    CHECK(pivot("new", "new/old") == 0);
    CHECK(is_in(here));
    CHECK(is_here("/file") && !is_here("/proc/self") && is_here("/old/proc/self"));
    CHECK(is_mounted("/old", "/") && is_mounted("/old", "/old") && is_mounted("/old", "/old/proc"));
    CHECK(write(ends[0][1], "x", 1) == 1 && read(ends[1][0], &byte, 1) == 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(fails_with(pivot("/old", "/"), EBUSY));
    CHECK(pivot("/old", back) == 0);
    CHECK(is_here("/proc/self") && is_here("new/file") && is_in(folder));
    snprintf(back, sizeof back, "%s/new", folder);
    CHECK(is_mounted("", back) && is_mounted("", "/proc") && !is_mounted("", "/old"));
    for (int n = 0; n < 2; n++) {
        close(ends[n][0]);
        close(ends[n][1]);
    }
}

/* The old root on top of the new one, as who then unmounts it has it. */
static void both_in_one_place(void) {
    char back[PATH_MAX];
    snprintf(back, sizeof back, ".%s/new", folder);
    CHECK(chdir("new") == 0 && pivot(".", ".") == 0);
    CHECK(is_here("/file") && is_here("old") && is_in("/"));
    CHECK(chdir("..") == 0 && is_here("proc/self")); /* what lies on top */
    CHECK(pivot(".", back) == 0);
    CHECK(is_in("/") && is_here("/proc/self") && chdir(folder) == 0 && is_here("new/file"));
}

/* ---- MS_MOVE ------------------------------------------------------------------------------------- */

static int move(const char *from, const char *to) {
    return mount(from, to, NULL, MS_MOVE, NULL);
}

static void mounts_are_moved(void) {
    char place[PATH_MAX];
    CHECK(mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0);
    CHECK(mount("tmpfs", "a", "tmpfs", 0, NULL) == 0 && mkdir("a/inner", 0755) == 0);
    CHECK(mount("tmpfs", "a/inner", "tmpfs", 0, NULL) == 0);
    close(open("a/inner/file", O_CREAT | O_WRONLY, 0644));
    CHECK(fails_with(move("b", "a"), EINVAL));
    CHECK(fails_with(move("a", "a/inner"), ELOOP) && fails_with(move("a", "a"), ELOOP));
    CHECK(fails_with(move("a", "new/file"), EINVAL) && fails_with(move("/", "b"), ELOOP));
    CHECK(fails_with(move("nothing", "b"), ENOENT) && fails_with(move(NULL, "b"), EINVAL));
    CHECK(move("a", "b") == 0);
    CHECK(!is_here("a/inner") && is_here("b/inner/file"));
    snprintf(place, sizeof place, "%s/b/inner", folder);
    CHECK(is_mounted("", place));
    CHECK(fails_with(umount("a"), EINVAL) && fails_with(umount("b"), EBUSY));
    CHECK(umount("b/inner") == 0 && umount("b") == 0 && rmdir("a") == 0 && rmdir("b") == 0);
}

/* ---- Namespaces ---------------------------------------------------------------------------------- */

static void what_is_shared_no_longer(void) {
    CHECK(unshare(0) == 0 && unshare(CLONE_FS | CLONE_FILES | CLONE_SYSVSEM) == 0);
    CHECK(fails_with(unshare(0x7F), EINVAL) && fails_with(unshare(CLONE_PARENT), EINVAL));
    CHECK(fails_with(setns(999, 0), EBADF));
    int file = open("/dev/null", O_RDONLY);
    CHECK(fails_with(setns(file, 0), EINVAL) && fails_with(setns(file, CLONE_NEWNS), EINVAL));
    close(file);
}

static int other_with_files(void *unused) {
    (void)unused;
    close(0);
    CHECK(unshare(CLONE_FILES | CLONE_FS) == 0);
    close(1);
    CHECK(chdir("/") == 0);
    return 0;
}

static void what_another_shared_is_its_own(void) {
    static char stack[65536];
    int status;
    CHECK(chdir(folder) == 0);
    fflush(stdout);
    pid_t child =
        clone(other_with_files, stack + sizeof stack, CLONE_FILES | CLONE_FS | SIGCHLD, NULL);
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == 0 && is_in(folder));
    CHECK(open("/dev/null", O_RDONLY) == 0);
}

static void as_nobody(void) {
    if (setgid(65534) != 0 || setuid(65534) != 0)
        _exit(0);
    CHECK(fails_with(pivot("new", "new/old"), EPERM));
    CHECK(fails_with(move("new", "new/old"), EPERM));
    CHECK(fails_with(unshare(CLONE_NEWNS), EPERM) && fails_with(unshare(CLONE_NEWNET), EPERM));
    CHECK(unshare(CLONE_FS) == 0);
    fflush(stdout);
    _exit(checks_failed != 0);
}

/* Where mounts may be moved without harm to anybody: not in the namespace of a Linux that has them. */
static int is_alone(void) {
    if (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0)
        return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    return errno == EINVAL && !is_here("/proc/self/ns/mnt");
}

int main(void) {
    what_is_shared_no_longer();
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 && chdir(folder) == 0);
    what_another_shared_is_its_own();
    if (is_alone()) {
        CHECK(mount("tmpfs", folder, "tmpfs", 0, "mode=755") == 0 && chdir(folder) == 0);
        CHECK(mkdir("new", 0755) == 0 && mount("tmpfs", "new", "tmpfs", 0, NULL) == 0);
        CHECK(mkdir("new/old", 0755) == 0 &&
              close(open("new/file", O_CREAT | O_WRONLY, 0644)) == 0);
        what_pivot_root_refuses();
        mounts_are_moved();
        CHECK(status_of(as_nobody) == 0);
        the_root_is_another();
        both_in_one_place();
        CHECK(umount("new") == 0 && chdir("/") == 0 && umount(folder) == 0);
    }
    CHECK(chdir("/") == 0 && rmdir(folder) == 0);
    return verdict();
}
