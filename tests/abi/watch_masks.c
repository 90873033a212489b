// SPDX-License-Identifier: MIT
/*
 * inotify: which events a watch asks for, and until when; how they are waited for, and what happens when nobody takes them; what is
 * refused.
 */
#include "tests/abi/watch.h"

#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

/* ---- Masks ------------------------------------------------------------------------------------- */

static void masks_change(void) {
    make_closed("a");
    begin();
    int first = watch("a", IN_OPEN);
    CHECK(watch("a", IN_ATTRIB) == first);
    CHECK(close(open("a", O_RDONLY)) == 0 && chmod("a", 0600) == 0);
    TOLD("ATTRIB");
    CHECK(watch("./a", IN_OPEN | IN_MASK_ADD) == first);
    CHECK(close(open("a", O_RDONLY)) == 0 && chmod("a", 0600) == 0);
    TOLD("OPEN, ATTRIB");
    CHECK(fails_with(inotify_add_watch(instance, "a", IN_OPEN | IN_MASK_CREATE), EEXIST));
    CHECK(inotify_rm_watch(instance, first) == 0);
    TOLD("IGNORED");
    CHECK(watch("a", IN_OPEN | IN_MASK_CREATE) == first + 1); /* numbers are not used again */
    CHECK(watch("a", IN_CLOSE | IN_ONESHOT) == first + 1);
    CHECK(close(open("a", O_RDONLY)) == 0 && close(open("a", O_RDONLY)) == 0);
    TOLD("CLOSE_NOWRITE, IGNORED");
    CHECK(unlink("a") == 0);
    end();
}

static void links_and_folders_only(void) {
    make_closed("a");
    CHECK(symlink("a", "s") == 0);
    begin();
    watch("s", IN_ALL_EVENTS | IN_DONT_FOLLOW);
    CHECK(chmod("s", 0600) == 0);
    TOLD("");
    watch("s", IN_ATTRIB);
    CHECK(chmod("s", 0600) == 0);
    TOLD("ATTRIB");
    CHECK(fails_with(inotify_add_watch(instance, "a", IN_OPEN | IN_ONLYDIR), ENOTDIR));
    CHECK(fails_with(inotify_add_watch(instance, "s", IN_OPEN | IN_ONLYDIR), ENOTDIR));
    watch(".", IN_DELETE | IN_ONLYDIR);
    CHECK(unlink("s") == 0 && unlink("a") == 0);
    TOLD("ATTRIB, DELETE_SELF, IGNORED, DELETE s, ATTRIB, IGNORED, DELETE a");
    end();
}

/* By default a folder still hears of what has lost its name there. */
static void names_that_are_gone(void) {
    int file = make_file("a");
    begin();
    watch(".", IN_MODIFY);
    CHECK(unlink("a") == 0 && write(file, "x", 1) == 1);
    TOLD("MODIFY a");
    watch(".", IN_MODIFY | IN_EXCL_UNLINK);
    CHECK(write(file, "x", 1) == 1);
    TOLD("");
    make_closed("a"); /* another one */
    CHECK(write(file, "x", 1) == 1);
    TOLD("");
    CHECK(close(file) == 0 && unlink("a") == 0);
    end();
}

/* What is open goes with its name. */
static void files_move_while_they_are_open(void) {
    char entry[32], path[PATH_MAX], expected[PATH_MAX];
    int file = make_file("a");
    CHECK(mkdir("d", 0755) == 0 && link("a", "second") == 0);
    int other = open("second", O_WRONLY);
    begin();
    watch(".", IN_MODIFY);
    watch("d", IN_MODIFY | IN_EXCL_UNLINK);
    CHECK(rename("a", "d/b") == 0 && write(file, "x", 1) == 1 && write(other, "x", 1) == 1);
    TOLD("MODIFY b, MODIFY second");
    CHECK(rename("d", "e") == 0 && write(file, "x", 1) == 1);
    TOLD("MODIFY b");
    snprintf(entry, sizeof entry, "/proc/self/fd/%d", file);
    snprintf(expected, sizeof expected, "%s/e/b", folder);
    ssize_t bytes = readlink(entry, path, sizeof path - 1);
    CHECK(bytes > 0 && (size_t)bytes == strlen(expected) &&
          memcmp(path, expected, (size_t)bytes) == 0);
    CHECK(close(file) == 0 && close(other) == 0);
    CHECK(unlink("e/b") == 0 && rmdir("e") == 0 && unlink("second") == 0);
    TOLD("IGNORED");
    end();
}

static void what_is_unmounted(void) {
    if (mkdir("m", 0755) != 0 || mount("tmpfs", "m", "tmpfs", 0, "") != 0) {
        CHECK(rmdir("m") == 0);
        return; /* not root: nothing to be seen */
    }
    begin();
    watch("m", IN_ALL_EVENTS);
    make_closed("m/a");
    TOLD("CREATE a, OPEN a, CLOSE_WRITE a");
    CHECK(umount("m") == 0);
    TOLD("UNMOUNT|ISDIR, IGNORED");
    CHECK(rmdir("m") == 0);
    end();
}

/* ---- The queue --------------------------------------------------------------------------------- */

static int waiting_bytes(void) {
    int bytes = -1;
    CHECK(ioctl(instance, FIONREAD, &bytes) == 0);
    return bytes;
}

static void events_are_waited_for(void) {
    char buffer[64];
    begin();
    int many = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET}, got;
    struct pollfd look = {instance, POLLIN, 0};
    watch(".", IN_CREATE);
    CHECK(epoll_ctl(many, EPOLL_CTL_ADD, instance, &event) == 0 &&
          epoll_wait(many, &got, 1, 0) == 0);
    CHECK(poll(&look, 1, 0) == 0 && waiting_bytes() == 0);
    pid_t child = fork();
    if (child == 0) {
        usleep(30000);
        make_closed("a");
        _exit(0);
    }
    CHECK(poll(&look, 1, 5000) == 1 && look.revents == POLLIN);
    CHECK(epoll_wait(many, &got, 1, 0) == 1 && epoll_wait(many, &got, 1, 0) == 0);
    CHECK(waiting_bytes() == 32);
    CHECK(fails_with(read(instance, buffer, 31), EINVAL) && read(instance, buffer, 40) == 32);
    CHECK(fcntl(instance, F_SETFL, 0) == 0 && waitpid(child, NULL, 0) == child);
    child = fork();
    if (child == 0) {
        usleep(30000);
        make_closed("a-name-of-16-byt");
        _exit(0);
    }
    CHECK(read(instance, buffer, sizeof buffer) == 48);
    CHECK(((struct inotify_event *)buffer)->len == 32 && waitpid(child, NULL, 0) == child);
    CHECK(fcntl(instance, F_SETFL, O_NONBLOCK) == 0);
    CHECK(unlink("a") == 0 && unlink("a-name-of-16-byt") == 0 && close(many) == 0);
    end();
}

static void a_full_queue(void) {
    char buffer[4096];
    unsigned events = 0;
    int most = 16384, file = open("/proc/sys/fs/inotify/max_queued_events", O_RDONLY);
    if (file >= 0 && read(file, buffer, 16) > 0)
        most = atoi(buffer);
    close(file);
    make_closed("a");
    begin();
    watch("a", IN_OPEN | IN_CLOSE);
    for (int n = 0; n < most; n++)
        close(open("a", O_RDONLY));
    struct inotify_event last = {0};
    ssize_t bytes;
    while ((bytes = read(instance, buffer, sizeof buffer)) > 0) {
        events += (unsigned)bytes / sizeof last;
        memcpy(&last, buffer + bytes - sizeof last, sizeof last);
    }
    CHECK(events == (unsigned)most + 1 && last.mask == IN_Q_OVERFLOW && last.wd == -1 &&
          last.len == 0);
    CHECK(close(open("a", O_RDONLY)) == 0);
    TOLD("OPEN, CLOSE_NOWRITE");
    CHECK(unlink("a") == 0);
    TOLD("IGNORED");
    end();
}

static void what_is_refused(void) {
    char path[] = "/etc/passwd", buffer[64];
    int other = open("/dev/null", O_RDONLY);
    begin();
    CHECK(fails_with(inotify_init1(1), EINVAL));
    CHECK(fails_with(inotify_add_watch(instance, path, 0), EINVAL));
    CHECK(fails_with(inotify_add_watch(instance, path, IN_OPEN | 0x10000), EINVAL));
    CHECK(fails_with(inotify_add_watch(999, path, 0), EINVAL));
    CHECK(fails_with(inotify_add_watch(999, path, IN_OPEN), EBADF));
    CHECK(fails_with(inotify_add_watch(other, path, IN_OPEN), EINVAL));
    CHECK(fails_with(inotify_add_watch(instance, path, IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE),
                     EINVAL));
    CHECK(fails_with(inotify_add_watch(instance, "nowhere", IN_OPEN), ENOENT));
    CHECK(fails_with(inotify_add_watch(instance, (char *)16, IN_OPEN), EFAULT));
    CHECK(fails_with(inotify_rm_watch(instance, 1), EINVAL));
    CHECK(fails_with(inotify_rm_watch(999, 1), EBADF));
    CHECK(fails_with(inotify_rm_watch(other, 1), EINVAL));
    CHECK(fails_with(write(instance, buffer, 1), EBADF));
    CHECK(fails_with(ioctl(instance, FIONREAD, (int *)16), EFAULT));
    CHECK(watch(path, IN_OPEN) == 1 && close(open(path, O_RDONLY)) == 0);
    CHECK(fails_with(read(instance, (char *)16, 64), EFAULT));
    close(other);
    end();
}

static void as_nobody(void) {
    if (setgid(65534) != 0 || setuid(65534) != 0)
        return; /* not root: nothing to be seen */
    begin();
    CHECK(fails_with(inotify_add_watch(instance, "secret", IN_OPEN), EACCES));
    end();
    fflush(stdout);
    _exit(checks_failed != 0);
}

int main(void) {
    enter_folder();
    masks_change();
    links_and_folders_only();
    names_that_are_gone();
    files_move_while_they_are_open();
    what_is_unmounted();
    events_are_waited_for();
    a_full_queue();
    what_is_refused();
    make_closed("secret");
    CHECK(chmod("secret", 0600) == 0);
    CHECK(status_of(as_nobody) == 0);
    CHECK(unlink("secret") == 0);
    leave_folder();
    return verdict();
}
