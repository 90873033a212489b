// SPDX-License-Identifier: MIT
/*
 * Too much of everything, within one tenant: its quota ends it, its own processes pay, and other tenants go on.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include "kernel/abi/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY  20000
#define FLOOD 200 /* milliseconds */

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Forks until it may not; `told`, which its parent sees: how many there are, and why there are no more. */
static _Noreturn void fork_until_refused(volatile int *told) {
    setpgid(0, 0);
    while (told[0] < MANY) {
        pid_t child = fork();
        if (child == 0) {
            pause();
            _exit(0);
        }
        if (child < 0)
            break;
        told[0]++;
    }
    told[1] = told[0] < MANY ? errno : -1;
    pause();
    _exit(0);
}

/*
 * The one that forks may be ended itself, when its stack is to be copied and no frame is left: so another
 * watches it, and ends what it leaves.
 */
static void flood_forks(void) {
    volatile int *told = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED)
        refused("no page to share");
    told[0] = told[1] = 0;
    pid_t forker = fork();
    if (forker == 0)
        fork_until_refused(told);
    if (forker < 0)
        refused("no child");
    while (told[1] == 0 && waitpid(forker, 0, WNOHANG) == 0)
        poll(NULL, 0, 10);
    kill(-forker, SIGKILL);
    waitpid(forker, 0, 0);
    while (kill(-forker, 0) == 0) /* init waits for the others */
        poll(NULL, 0, 1);
    if (told[1] < 0)
        escaped("%d processes", told[0]);
    refused("%d processes, then errno %d", told[0], told[1]); /* 0: the one that forks was ended */
}

static void *sleep_for_ever(void *unused) {
    pause();
    return unused;
}

static void flood_threads(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    int count = 0, error = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    while (count < MANY && error == 0) {
        error = pthread_create(&thread, &attributes, sleep_for_ever, 0);
        count += error == 0;
    }
    if (error == 0)
        escaped("%d threads", count);
    refused("%d threads, then errno %d", count, error);
}

static void flood_descriptors(void) {
    int count = 0;
    while (count < MANY && open("/dev/null", O_RDONLY) >= 0)
        count++;
    if (count == MANY)
        escaped("%d descriptors", count);
    refused("%d descriptors, then errno %d", count, errno);
}

static void flood_pipes(void) {
    int count = 0, pipes[2];
    while (count < MANY && pipe(pipes) == 0)
        count++;
    if (count == MANY)
        escaped("%d pipes", count);
    refused("%d pipes, then errno %d", count, errno);
}

static void flood_segments(void) {
    struct {
        unsigned entry, base, limit, flags;
    } wanted = {0xFFFFFFFFu, 0, 0xFFFFF, 0x51};
    int count = 0;
    for (; count < MANY && syscall(SYS_set_thread_area, &wanted) == 0; count++)
        wanted.entry = 0xFFFFFFFFu;
    if (count > 3)
        escaped("%d segments", count);
    refused("%d segments, then errno %d", count, errno);
}

/* A child touches memory until there is none. */
static void flood_memory(void) {
    int status;
    pid_t child = fork();
    if (child == 0)
        for (;;) {
            volatile char *page =
                mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (page == MAP_FAILED)
                _exit(1);
            for (int at = 0; at < 1 << 20; at += 4096)
                page[at] = 1;
        }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    refused("status %x ended the glutton", status);
}

/* One page in each page table: 1,000 tables for 4 MiB of data. */
static void flood_page_tables(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        int count = 0;
        for (uint32_t at = 0x10000000; at < APP_LIMIT - 0x10000000u; at += 0x200000, count++) {
            volatile char *page = mmap((void *)at, 4096, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
            if (page == MAP_FAILED)
                _exit(1);
            page[0] = 1;
        }
        _exit(0);
    }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    refused("status %x", status);
}

static volatile int rung;

static void on_alarm(int number) {
    (void)number;
    rung++;
}

static void flood_alarms(void) {
    const struct itimerval often = {{0, 1}, {0, 1}};
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &often, 0);
    for (int64_t end = milliseconds() + FLOOD; milliseconds() < end;)
        continue;
    setitimer(ITIMER_REAL, &(struct itimerval){0}, 0);
    refused("%d alarms", rung);
}

static void flood_signals(void) {
    int count = 0;
    signal(SIGUSR1, on_alarm);
    for (int64_t end = milliseconds() + FLOOD; milliseconds() < end; count++)
        raise(SIGUSR1);
    refused("%d signals", count);
}

static void flood_system_calls(void) {
    int count = 0;
    for (int64_t end = milliseconds() + FLOOD; milliseconds() < end; count++)
        syscall(SYS_getpid);
    refused("%d calls", count);
}

static void flood_faults(void) {
    int count = 0;
    volatile char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int64_t end = milliseconds() + FLOOD; milliseconds() < end; count++) {
        page[0] = 1;
        madvise((void *)page, 4096, MADV_DONTNEED);
    }
    refused("%d page faults", count);
}

/* The kernel's log, by the way that Linux has for it. */
static void flood_log(void) {
    int log = open("/dev/kmsg", O_WRONLY), count = 0;
    while (log >= 0 && count < 1000 && write(log, "flood\n", 6) == 6)
        count++;
    refused("%d lines", count);
}

/* Never calls, never sleeps. */
static void spin(void) {
    for (int i = 0; i < 100000000; i++)
        __asm__ volatile("");
    refused("it got its share, and no more");
}

/* ---- What other processes of the tenant left ---- */

#define SECRET_WORD 0x5EC2E75Eu

static void read_stale_pages(void) {
    enum { BYTES = 1 << 20 };
    pid_t child = fork();
    if (child == 0) {
        uint32_t *words =
            mmap(0, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < BYTES / 4; i++)
            ((volatile uint32_t *)words)[i] = SECRET_WORD;
        _exit(0);
    }
    waitpid(child, 0, 0);
    uint32_t *words = mmap(0, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < BYTES / 4; i++)
        if (words[i] != 0)
            escaped("a dead process's %x", words[i]);
    refused("all pages were clean");
}

const struct attack flood_attacks[] = {
    {"flood-forks", flood_forks},
    {"flood-threads", flood_threads},
    {"flood-descriptors", flood_descriptors},
    {"flood-pipes", flood_pipes},
    {"flood-segments", flood_segments},
    {"flood-memory", flood_memory},
    {"flood-page-tables", flood_page_tables},
    {"flood-alarms", flood_alarms},
    {"flood-signals", flood_signals},
    {"flood-system-calls", flood_system_calls},
    {"flood-faults", flood_faults},
    {"flood-log", flood_log},
    {"spin", spin},
    {"read-stale-pages", read_stale_pages},
    {0, 0},
};
