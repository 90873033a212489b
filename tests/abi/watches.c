// SPDX-License-Identifier: MIT
/*
 * inotify: what is told of files and names, in which order, once or again, and to whom; what is refused.
 *
 * A check names the events that it expects, all of them: "CREATE a" is an event with a name, "ATTRIB" one without.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#define TEXT_BYTES 2048
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

static char folder[] = "/tmp/watches-XXXXXX";
static int instance;
static uint32_t cookie; /* of the last MOVED_FROM */

static const struct {
    uint32_t event;
    const char *name;
} names[] = {
    {IN_ACCESS, "ACCESS"},
    {IN_MODIFY, "MODIFY"},
    {IN_ATTRIB, "ATTRIB"},
    {IN_CLOSE_WRITE, "CLOSE_WRITE"},
    {IN_CLOSE_NOWRITE, "CLOSE_NOWRITE"},
    {IN_OPEN, "OPEN"},
    {IN_MOVED_FROM, "MOVED_FROM"},
    {IN_MOVED_TO, "MOVED_TO"},
    {IN_CREATE, "CREATE"},
    {IN_DELETE, "DELETE"},
    {IN_DELETE_SELF, "DELETE_SELF"},
    {IN_MOVE_SELF, "MOVE_SELF"},
    {IN_UNMOUNT, "UNMOUNT"},
    {IN_Q_OVERFLOW, "Q_OVERFLOW"},
    {IN_IGNORED, "IGNORED"},
    {IN_ISDIR, "ISDIR"},
};

static void write_event(char *text, const struct inotify_event *event) {
    char *end = text + strlen(text);
    const char *separator = *text != '\0' ? ", " : "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (event->mask & names[i].event) {
            end += sprintf(end, "%s%s", separator, names[i].name);
            separator = "|";
        }
    if (event->len != 0)
        sprintf(end, " %s", event->name);
    if (event->mask & IN_MOVED_FROM)
        cookie = event->cookie;
    if (event->mask & IN_MOVED_TO)
        CHECK(event->cookie == cookie && cookie != 0);
}

/* Everything that there is to read, as text. */
static const char *told(void) {
    static char text[TEXT_BYTES];
    char buffer[4096] __attribute__((aligned(4)));
    ssize_t bytes;
    text[0] = '\0';
    while ((bytes = read(instance, buffer, sizeof buffer)) > 0)
        for (char *at = buffer; at < buffer + bytes;) {
            const struct inotify_event *event = (void *)at;
            CHECK(event->len % sizeof *event == 0);
            write_event(text, event);
            at += sizeof *event + event->len;
        }
    CHECK(errno == EAGAIN);
    return text;
}

static int is_told(const char *expected) {
    const char *text = told();
    if (strcmp(text, expected) == 0)
        return 1;
    printf("told:     %s\nexpected: %s\n", text, expected);
    return 0;
}

#define TOLD(expected) CHECK(is_told(expected))

static int watch(const char *path, uint32_t mask) {
    int descriptor = inotify_add_watch(instance, path, mask);
    CHECK(descriptor > 0);
    return descriptor;
}

static void begin(void) {
    instance = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    CHECK(instance >= 0 && fcntl(instance, F_GETFD) == FD_CLOEXEC);
}

static void end(void) {
    TOLD("");
    CHECK(close(instance) == 0);
}

static int make_file(const char *name) {
    int file = open(name, O_CREAT | O_RDWR | O_EXCL, 0644);
    CHECK(file >= 0);
    return file;
}

static void make_closed(const char *name) {
    CHECK(close(make_file(name)) == 0);
}

/* ---- Files ------------------------------------------------------------------------------------- */

static void what_is_done_to_a_file(void) {
    char bytes[8];
    begin();
    watch(".", IN_ALL_EVENTS);
    int file = make_file("a");
    TOLD("CREATE a, OPEN a");
    CHECK(write(file, "hello", 5) == 5 && write(file, "hello", 5) == 5);
    TOLD("MODIFY a"); /* the same again is told once */
    CHECK(pwrite(file, "J", 1, 0) == 1 && pread(file, bytes, 3, 0) == 3);
    TOLD("MODIFY a, ACCESS a");
    CHECK(read(file, bytes, 8) == 0 && write(file, bytes, 0) == 0);
    TOLD("");
    CHECK(ftruncate(file, 3) == 0 && fchmod(file, 0600) == 0 && futimens(file, NULL) == 0);
    TOLD("MODIFY a, ATTRIB a");
    CHECK(fchown(file, getuid(), getgid()) == 0 && fsync(file) == 0);
    TOLD("ATTRIB a");
    int again = dup(file);
    CHECK(close(file) == 0);
    TOLD("");
    CHECK(close(again) == 0);
    TOLD("CLOSE_WRITE a");
    file = open("a", O_RDONLY);
    CHECK(close(file) == 0 && close(open("a", O_PATH)) == 0);
    TOLD("OPEN a, CLOSE_NOWRITE a");
    CHECK(mknod("n", S_IFIFO | 0600, 0) == 0 && (file = open("n", O_RDWR | O_TRUNC)) >= 0 &&
          close(file) == 0);
    TOLD("CREATE n, OPEN n, CLOSE_WRITE n"); /* nothing is cut there */
    CHECK(unlink("a") == 0 && unlink("n") == 0);
    TOLD("DELETE a, DELETE n");
    end();
}

static void what_is_done_by_a_path(void) {
    struct timespec only_modified[2] = {{0, UTIME_OMIT}, {5, 0}},
                    only_accessed[2] = {{5, 0}, {0, UTIME_OMIT}};
    make_closed("a");
    begin();
    watch(".", IN_ALL_EVENTS);
    CHECK(chmod("a", 0640) == 0);
    TOLD("ATTRIB a");
    CHECK(truncate("./a", 10) == 0);
    TOLD("MODIFY a");
    CHECK(utimensat(AT_FDCWD, "a", NULL, 0) == 0);
    TOLD("ATTRIB a");
    CHECK(utimensat(AT_FDCWD, "a", only_modified, 0) == 0);
    TOLD("MODIFY a");
    CHECK(utimensat(AT_FDCWD, "a", only_accessed, 0) == 0);
    TOLD("ACCESS a");
    CHECK(chown("a", getuid(), (gid_t)-1) == 0);
    TOLD("ATTRIB a");
    CHECK(fails_with(truncate("a", -1), EINVAL) && fails_with(chmod("b", 0600), ENOENT));
    TOLD("");
    CHECK(unlink("a") == 0);
    TOLD("DELETE a");
    end();
}

/* Who watches the file itself, gets no name; who watches both, hears of it twice. */
static void a_file_itself(void) {
    make_closed("a");
    begin();
    int file_watch = watch("a", IN_ALL_EVENTS),
        folder_watch = watch(".", IN_ATTRIB | IN_DELETE | IN_CREATE);
    CHECK(file_watch == 1 && folder_watch == 2);
    CHECK(chmod("a", 0600) == 0);
    TOLD("ATTRIB a, ATTRIB");
    CHECK(link("a", "b") == 0);
    TOLD("ATTRIB, CREATE b");
    CHECK(unlink("a") == 0);
    TOLD("ATTRIB, DELETE a");
    int file = open("b", O_RDWR);
    CHECK(unlink("b") == 0);
    TOLD("OPEN, ATTRIB, DELETE b");
    CHECK(write(file, "x", 1) == 1 && close(file) == 0);
    TOLD("MODIFY, CLOSE_WRITE, DELETE_SELF, IGNORED");
    CHECK(fails_with(inotify_rm_watch(instance, file_watch), EINVAL));
    end();
}

static void others_that_move_bytes(void) {
    int file = make_file("a"), other = make_file("b"), ends[2];
    CHECK(write(file, "hello", 5) == 5 && pipe(ends) == 0 && write(ends[1], "12", 2) == 2);
    begin();
    watch(".", IN_ALL_EVENTS);
    off_t start = 0;
    CHECK(syscall(SYS_sendfile, ends[1], file, &start, 2) == 2);
    TOLD("ACCESS a");
    CHECK(splice(ends[0], NULL, other, NULL, 2, 0) == 2);
    TOLD("MODIFY b");
    CHECK(posix_fallocate(other, 0, 100) == 0);
    TOLD("MODIFY b");
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    page[0] = 'H'; /* nobody hears of that */
    CHECK(munmap(page, 4096) == 0);
    TOLD("");
    CHECK(close(file) == 0 && close(other) == 0);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    TOLD("CLOSE_WRITE a, CLOSE_WRITE b");
    CHECK(unlink("a") == 0 && unlink("b") == 0);
    TOLD("DELETE a, DELETE b");
    end();
}

/* ---- Names ------------------------------------------------------------------------------------- */

static void names_come_and_go(void) {
    begin();
    watch(".", IN_ALL_EVENTS);
    CHECK(mkdir("d", 0755) == 0 && symlink("nowhere", "s") == 0 && mkfifo("f", 0600) == 0);
    TOLD("CREATE|ISDIR d, CREATE s, CREATE f");
    struct sockaddr_un name = {AF_UNIX, "socket"};
    int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(socket_file, (void *)&name, sizeof name) == 0 && close(socket_file) == 0);
    TOLD("CREATE socket");
    CHECK(fails_with(mkdir("d", 0755), EEXIST) && fails_with(unlink("nothing"), ENOENT));
    TOLD("");
    CHECK(chmod("d", 0700) == 0);
    TOLD("ATTRIB|ISDIR d");
    int file = open("d", O_RDONLY | O_DIRECTORY);
    CHECK(close(file) == 0);
    TOLD("OPEN|ISDIR d, CLOSE_NOWRITE|ISDIR d");
    CHECK(rmdir("d") == 0 && unlink("s") == 0 && unlink("f") == 0 && unlink("socket") == 0);
    TOLD("DELETE|ISDIR d, DELETE s, DELETE f, DELETE socket");
    end();
}

static void a_folder_itself(void) {
    char entries[512];
    CHECK(mkdir("d", 0755) == 0);
    begin();
    int folder_watch = watch("d", IN_ALL_EVENTS);
    int file = open("d", O_RDONLY | O_DIRECTORY);
    CHECK(syscall(SYS_getdents64, file, entries, sizeof entries) > 0);
    CHECK(close(file) == 0);
    TOLD("OPEN|ISDIR, ACCESS|ISDIR, CLOSE_NOWRITE|ISDIR");
    CHECK(chmod("d", 0700) == 0);
    TOLD("ATTRIB|ISDIR");
    make_closed("d/a");
    TOLD("CREATE a, OPEN a, CLOSE_WRITE a");
    CHECK(rename("d", "e") == 0);
    TOLD("MOVE_SELF");
    CHECK(unlink("e/a") == 0 && rmdir("e") == 0);
    TOLD("DELETE a, DELETE_SELF, IGNORED");
    CHECK(fails_with(inotify_rm_watch(instance, folder_watch), EINVAL));
    end();
}

static void names_move(void) {
    CHECK(mkdir("d", 0755) == 0);
    make_closed("a");
    make_closed("d/b");
    begin();
    watch(".", IN_ALL_EVENTS);
    watch("d", IN_MOVE);
    watch("a", IN_ALL_EVENTS);
    watch("d/b", IN_ALL_EVENTS);
    CHECK(rename("a", "c") == 0);
    TOLD("MOVED_FROM a, MOVED_TO c, MOVE_SELF");
    uint32_t before = cookie;
    CHECK(rename("c", "d/b") == 0); /* what was there has one name less */
    TOLD("MOVED_FROM c, MOVED_TO b, ATTRIB, MOVE_SELF, DELETE_SELF, IGNORED");
    CHECK(cookie != before);
    CHECK(rename("d/b", "d/b") == 0);
    TOLD("");
    CHECK(rename("d", "e") == 0);
    TOLD("MOVED_FROM|ISDIR d, MOVED_TO|ISDIR e");
    make_closed("x");
    told();
    CHECK(syscall(SYS_renameat2, AT_FDCWD, "x", AT_FDCWD, "e/b", RENAME_EXCHANGE) == 0);
    TOLD("MOVED_FROM x, MOVED_TO b, MOVED_FROM b, MOVED_TO x, MOVE_SELF");
    CHECK(unlink("x") == 0 && unlink("e/b") == 0 && rmdir("e") == 0);
    TOLD("ATTRIB, DELETE_SELF, IGNORED, DELETE x, IGNORED, DELETE|ISDIR e");
    end();
}

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
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 && chdir(folder) == 0);
    what_is_done_to_a_file();
    what_is_done_by_a_path();
    a_file_itself();
    others_that_move_bytes();
    names_come_and_go();
    a_folder_itself();
    names_move();
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
    CHECK(unlink("secret") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
    return verdict();
}
