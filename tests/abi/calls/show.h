// SPDX-License-Identifier: MIT
/*
 * What the small programs share: each prints what it saw, a line for each call, and the line is all that is compared.
 *
 *     SHOW(close(9));                  close(9) = Bad file descriptor
 *     SHOW(open("a", O_RDONLY));       open("a", O_RDONLY) = 3
 *     SHOW_OK(fork());                 fork() = ok               for values that are not the same everywhere
 *     SHOW_END(child);                 child: exited with 3      (or: killed by 9, stopped by 19, continued)
 *
 * SHOW() and SHOW_OK() have the call's value. No line may hold what differs between two runs: process numbers, addresses, times.
 */
#ifndef TESTS_ABI_CALLS_SHOW_H
#define TESTS_ABI_CALLS_SHOW_H

#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* An address where no program has anything; the compiler does not know that. */
static void *volatile nowhere = (void *)8;

#define SHOW(call)        show_value(#call, (errno = 0, (long long)(call)), 1)
#define SHOW_OK(call)     show_value(#call, (errno = 0, (long)(call)), 0)
#define SHOW_END(process) show_end(#process, process)

/* Whole lines, so that a child's and its parent's do not mix and none is printed twice. */
__attribute__((constructor)) static void print_by_lines(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}

static inline long long show_value(const char *call, long long value, int exact) {
    if (value == -1 && errno != 0)
        printf("%s = %s\n", call, strerror(errno));
    else if (exact)
        printf("%s = %lld\n", call, value);
    else
        printf("%s = ok\n", call);
    return value;
}

static inline void show_status(const char *name, int status) {
    if (WIFEXITED(status))
        printf("%s: exited with %d\n", name, WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        printf("%s: killed by %d\n", name, WTERMSIG(status));
    else if (WIFSTOPPED(status))
        printf("%s: stopped by %d\n", name, WSTOPSIG(status));
    else
        printf("%s: continued\n", name);
}

/* Waits for a child and shows what became of it. */
static inline void show_end(const char *name, pid_t child) {
    int status;
    if (waitpid(child, &status, 0) == child)
        show_status(name, status);
    else
        printf("%s: no such child\n", name);
}

/* A file with this text; its descriptor, open for both at the start. */
static inline int file_of(const char *name, const char *text) {
    int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (write(file, text, strlen(text)) < 0 || lseek(file, 0, SEEK_SET) < 0)
        perror(name);
    return file;
}

/* Prints the file's first bytes, whatever its offset is. */
static inline void show_text(int file) {
    char text[200];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = 0;
    for (char *byte = text; byte < text + length; byte++)
        if (*byte < ' ')
            *byte = '.';
    printf("it holds: %s\n", text);
}

static inline void sleep_ms(long ms) {
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

#endif
