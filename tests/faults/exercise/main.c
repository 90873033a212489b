// SPDX-License-Identifier: MIT
/*
 * exercise: system calls of all kinds without end, so that a manager has something to do. What they answer is looked at:
 * under a mutated manager it may be anything, and then it is said, since a wrong answer is a fault that was felt.
 *
 *   round         CALLS_A_ROUND activities have ended
 *   wrong|NAME    one of them has not gone as it goes on a sound manager
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS_A_ROUND 8u
#define BYTES         6000u

static uint8_t out[BYTES], in[BYTES];

static bool file(void) {
    bool good;
    int fd = open("/tmp/file", O_RDWR | O_CREAT | O_TRUNC, 0644);
    memset(out, 0x5A, sizeof out);
    good = write(fd, out, sizeof out) == sizeof out && lseek(fd, 0, SEEK_SET) == 0 &&
           read(fd, in, sizeof in) == sizeof in && memcmp(in, out, sizeof in) == 0;
    good = close(fd) == 0 && good;
    return unlink("/tmp/file") == 0 && good;
}

static bool directory(void) {
    struct stat status;
    bool good = mkdir("/tmp/folder", 0755) == 0 && rename("/tmp/folder", "/tmp/other") == 0 &&
                stat("/tmp/other", &status) == 0 && S_ISDIR(status.st_mode);
    return rmdir("/tmp/other") == 0 && good && access("/tmp/other", F_OK) < 0 && errno == ENOENT;
}

static bool pipes(void) {
    int ends[2];
    char byte = 0;
    if (pipe(ends) < 0)
        return false;
    struct pollfd poller = {.fd = ends[0], .events = POLLIN};
    bool good = write(ends[1], "x", 1) == 1 && poll(&poller, 1, 0) == 1 &&
                read(ends[0], &byte, 1) == 1 && byte == 'x';
    close(ends[0]);
    close(ends[1]);
    return good;
}

static bool child(void) {
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(42);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 42;
}

static bool memory(void) {
    uint8_t *page =
        mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    page[0] = page[2 * 4096] = 7;
    bool good = mprotect(page, 4096, PROT_READ) == 0 && page[0] == 7 && page[4096] == 0;
    return munmap(page, 3 * 4096) == 0 && good;
}

static volatile sig_atomic_t signals;

static void note(int number) {
    signals = number;
}

static bool signal_to_self(void) {
    signals = 0;
    signal(SIGUSR1, note);
    return kill(getpid(), SIGUSR1) == 0 && signals == SIGUSR1;
}

static bool disk(void) {
    int fd = open("/dev/vda", O_RDWR);
    memset(out, 0xA5, sizeof out);
    bool good = pwrite(fd, out, 512, 4096) == 512 && pread(fd, in, 512, 4096) == 512 &&
                memcmp(in, out, 512) == 0 && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

static bool clocks(void) {
    struct timespec before, after, pause = {0, 100000};
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    return after.tv_sec > before.tv_sec || after.tv_nsec > before.tv_nsec;
}

static const struct {
    const char *name;
    bool (*run)(void);
} activities[] = {{"file", file},  {"directory", directory}, {"pipe", pipes},
                  {"fork", child}, {"memory", memory},       {"signal", signal_to_self},
                  {"disk", disk},  {"clock", clocks}};

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    for (unsigned n = 0;; n++) {
        unsigned which = n % (sizeof activities / sizeof activities[0]);
        if (!activities[which].run())
            printf("wrong|%s\n", activities[which].name);
        if (n % CALLS_A_ROUND == CALLS_A_ROUND - 1)
            puts("round");
    }
}
