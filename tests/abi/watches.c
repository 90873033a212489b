// SPDX-License-Identifier: MIT
/*
 * inotify: what is told of files and names, and in which order.
 */
#include "tests/abi/watch.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

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

int main(void) {
    enter_folder();
    what_is_done_to_a_file();
    what_is_done_by_a_path();
    a_file_itself();
    others_that_move_bytes();
    names_come_and_go();
    a_folder_itself();
    names_move();
    leave_folder();
    return verdict();
}
