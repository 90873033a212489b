// SPDX-License-Identifier: MIT
/*
 * execveat and fexecve: what a descriptor stands for is run, whether or not it has a name, and what it is called then.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

static char *const environment[] = {NULL};
static char *words[] = {"program", "--say", NULL};
static char folder[] = "/tmp/execute-XXXXXX", copy[64], script[64];

/* What it is: a child of ours, run again. */
static int say(void) {
    char name[32] = "";
    int file = open("/proc/self/comm", O_RDONLY);
    ssize_t bytes = read(file, name, sizeof name - 1);
    printf("said %.*s\n", bytes > 0 ? (int)bytes - 1 : 0, name);
    return 0;
}

static int execute_at(int directory, const char *path, int flags) {
    return (int)syscall(SYS_execveat, directory, path, words, environment, flags);
}

/* What a child that runs it prints, or "errno N". */
static const char *output_of(int directory, const char *path, int flags) {
    static char text[128];
    int ends[2], status;
    fflush(stdout);
    if (pipe(ends) != 0)
        return "no pipe";
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        execute_at(directory, path, flags);
        printf("errno %d\n", errno);
        fflush(stdout);
        _exit(1);
    }
    close(ends[1]);
    ssize_t bytes = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    waitpid(child, &status, 0);
    text[bytes > 0 ? bytes : 0] = '\0';
    return text;
}

/* Linux names it by the descriptor up to 6.13, by the file since then. */
static int runs(int descriptor) {
    return strncmp(output_of(descriptor, "", AT_EMPTY_PATH), "said ", 5) == 0;
}

static int prints(const char *expected, int directory, const char *path, int flags) {
    const char *output = output_of(directory, path, flags);
    if (strcmp(output, expected) == 0)
        return 1;
    printf("%s: %s", expected, output);
    return 0;
}

static void make_file(const char *path, int mode, const void *bytes, size_t count) {
    int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    CHECK(write(file, bytes, count) == (ssize_t)count);
    CHECK(fchmod(file, (mode_t)mode) == 0);
    close(file);
}

static void make_files(void) {
    static char program[1 << 20];
    int self = open("/proc/self/exe", O_RDONLY);
    ssize_t bytes = read(self, program, sizeof program);
    close(self);
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    snprintf(script, sizeof script, "%s/script", folder);
    CHECK(bytes > 0 && bytes < (ssize_t)sizeof program);
    make_file(copy, 0711, program, (size_t)bytes);
    make_file(script, 0755, "#!/bin/echo said\n", 17);
}

static void a_descriptor_is_run(void) {
    int file = open(copy, O_RDONLY | O_CLOEXEC), pure = open(copy, O_PATH | O_CLOEXEC);
    CHECK(runs(file));
    CHECK(runs(pure));
    CHECK(prints("said copy\n", AT_FDCWD, copy, AT_EMPTY_PATH));
    close(file);
    close(pure);
}

static void a_path_starts_at_a_descriptor(void) {
    int at = open(folder, O_RDONLY | O_DIRECTORY);
    CHECK(prints("said copy\n", at, "copy", 0));
    CHECK(prints("said copy\n", at, copy, 0));
    close(at);
}

/* The interpreter gets the script's name, which the close takes away. */
static void a_script_needs_its_name(void) {
    char name[64];
    int file = open(script, O_RDONLY), at = open(folder, O_RDONLY | O_DIRECTORY);
    snprintf(name, sizeof name, "said /dev/fd/%d --say\n", file);
    CHECK(prints(name, file, "", AT_EMPTY_PATH));
    snprintf(name, sizeof name, "said /dev/fd/%d/script --say\n", at);
    CHECK(prints(name, at, "script", 0));
    CHECK(fcntl(file, F_SETFD, FD_CLOEXEC) == 0 && fcntl(at, F_SETFD, FD_CLOEXEC) == 0);
    CHECK(fails_with(execute_at(file, "", AT_EMPTY_PATH), ENOENT));
    CHECK(fails_with(execute_at(at, "script", 0), ENOENT));
    close(file);
    close(at);
}

static void what_is_refused(void) {
    char link[64];
    int at = open(folder, O_RDONLY | O_DIRECTORY);
    snprintf(link, sizeof link, "%s/link", folder);
    CHECK(symlink(copy, link) == 0);
    CHECK(prints("said link\n", AT_FDCWD, link, 0));
    CHECK(fails_with(execute_at(AT_FDCWD, link, AT_SYMLINK_NOFOLLOW), ELOOP));
    CHECK(fails_with(execute_at(at, "", 0), ENOENT));
    CHECK(fails_with(execute_at(at, "", AT_EMPTY_PATH), EACCES));
    CHECK(fails_with(execute_at(-1, "", AT_EMPTY_PATH), EBADF));
    CHECK(fails_with(execute_at(-1, "copy", 0), EBADF));
    CHECK(fails_with(execute_at(at, "copy", 1), EINVAL));
    close(at);
    CHECK(unlink(link) == 0);
}

/* Whoever may only execute a file need not be allowed to read it; and the other way round. */
static void as_nobody(void) {
    if (setgid(65534) != 0 || setuid(65534) != 0)
        return; /* not root: nothing to be seen */
    CHECK(fails_with(open(copy, O_RDONLY), EACCES));
    CHECK(prints("said copy\n", AT_FDCWD, copy, 0));
    int file = open("/etc/passwd", O_RDONLY);
    CHECK(fails_with(execute_at(file, "", AT_EMPTY_PATH), EACCES));
    fflush(stdout);
    _exit(checks_failed != 0);
}

int main(int count, char **given) {
    if (count == 2 && strcmp(given[1], "--say") == 0)
        return say();
    make_files();
    a_descriptor_is_run();
    a_path_starts_at_a_descriptor();
    a_script_needs_its_name();
    what_is_refused();
    CHECK(status_of(as_nobody) == 0);
    CHECK(unlink(copy) == 0 && unlink(script) == 0 && rmdir(folder) == 0);
    return verdict();
}
