// SPDX-License-Identifier: MIT
/*
 * A tenant's load on a disk: `load DEVICE r|w BYTES PROCESSES SECONDS RATE FROM TO SEED`.
 *
 * Each process does one direct request after another at random places between FROM and TO percent of the device; with a
 * RATE that many a second, each at its time, so that a late one does not shift those that follow. All begin together.
 *
 *   rate N            requests a second, of all processes
 *   windows N …       requests that ended in each tenth of a second
 *   latency N …       microseconds: the least, then at each hundredth of the requests, then p99.9 and the most
 *
 * A latency is from the request's time, or without a RATE from its submission, until it was done.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLKGETSIZE64 0x80041272 /* as linux/fs.h has it, which musl does not bring */
#define SECOND       1000000000ll
#define WINDOW       (SECOND / 10)
#define WINDOWS      700
#define REQUESTS     200000 /* of all processes, that are remembered */
#define ALIGNMENT    4096
#define LEAD         (SECOND / 5)

struct totals {
    uint32_t requests;
    uint32_t windows[WINDOWS];
    uint32_t latency[REQUESTS]; /* microseconds */
};

struct job {
    const char *device;
    bool writes;
    uint32_t bytes;
    int64_t start, end, gap; /* gap: between two requests of a process; 0: none */
    uint64_t first, places;  /* in units of `bytes` */
};

static struct totals *totals;
static uint32_t random_state;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void sleep_until(int64_t until) {
    struct timespec time = {.tv_sec = (time_t)(until / SECOND), .tv_nsec = (long)(until % SECOND)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static uint32_t random_number(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static void check(bool good, const char *what) {
    if (good)
        return;
    perror(what);
    exit(1);
}

static void note(const struct job *job, int64_t began, int64_t ended) {
    uint32_t number = __atomic_fetch_add(&totals->requests, 1, __ATOMIC_RELAXED);
    int64_t window = (ended - job->start) / WINDOW;
    if (window < WINDOWS)
        __atomic_fetch_add(&totals->windows[window], 1, __ATOMIC_RELAXED);
    if (number < REQUESTS)
        totals->latency[number] = (uint32_t)((ended - began) / 1000);
}

static void work(const struct job *job, uint32_t seed) {
    int device = open(job->device, (job->writes ? O_RDWR : O_RDONLY) | O_DIRECT);
    void *buffer = aligned_alloc(ALIGNMENT, job->bytes);
    check(device >= 0 && buffer != NULL, job->device);
    memset(buffer, 0x5A, job->bytes);
    random_state = seed;
    int64_t next = job->start + (job->gap ? random_number() % job->gap : 0);
    sleep_until(next);
    for (int64_t began = now(); began < job->end;) {
        off_t place = (off_t)((job->first + random_number() % job->places) * job->bytes);
        ssize_t done = job->writes ? pwrite(device, buffer, job->bytes, place)
                                   : pread(device, buffer, job->bytes, place);
        check(done == (ssize_t)job->bytes, "a request");
        int64_t ended = now();
        note(job, job->gap ? next : began, ended);
        next += job->gap;
        if (job->gap && next > ended)
            sleep_until(next);
        began = now();
    }
}

static int compare(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static void report(const struct job *job) {
    uint32_t known = totals->requests < REQUESTS ? totals->requests : REQUESTS;
    int64_t windows = (job->end - job->start) / WINDOW;
    check(known > 0, "no request");
    qsort(totals->latency, known, sizeof totals->latency[0], compare);
    printf("rate %.1f\nwindows",
           (double)totals->requests * SECOND / (double)(job->end - job->start));
    for (int64_t n = 0; n < windows && n < WINDOWS; n++)
        printf(" %u", totals->windows[n]);
    printf("\nlatency");
    for (uint64_t percent = 0; percent < 100; percent++)
        printf(" %u", totals->latency[known * percent / 100]);
    printf(" %u %u\n", totals->latency[(uint64_t)known * 999 / 1000], totals->latency[known - 1]);
}

static struct job read_words(char **words) {
    struct job job = {
        .device = words[1], .writes = words[2][0] == 'w', .bytes = (uint32_t)atoi(words[3])};
    int processes = atoi(words[4]), rate = atoi(words[6]);
    uint64_t bytes = 0, from = (uint64_t)atoi(words[7]), to = (uint64_t)atoi(words[8]);
    int device = open(job.device, O_RDONLY);
    check(device >= 0 && ioctl(device, BLKGETSIZE64, &bytes) == 0 && job.bytes > 0, job.device);
    close(device);
    job.first = bytes / job.bytes * from / 100;
    job.places = bytes / job.bytes * to / 100 - job.first;
    job.start = now() + LEAD;
    job.end = job.start + atoi(words[5]) * SECOND;
    job.gap = rate ? SECOND * processes / rate : 0;
    return job;
}

int main(int count, char **words) {
    if (count != 10) {
        fprintf(stderr, "usage: load DEVICE r|w BYTES PROCESSES SECONDS RATE FROM TO SEED\n");
        return 2;
    }
    struct job job = read_words(words);
    totals = mmap(NULL, sizeof *totals, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(totals != MAP_FAILED, "memory");
    for (int n = atoi(words[4]); n > 0; n--) {
        pid_t child = fork();
        check(child >= 0, "fork");
        if (child == 0) {
            work(&job, (uint32_t)(atoi(words[9]) * 1000 + n));
            return 0;
        }
    }
    int status;
    while (wait(&status) > 0)
        check(status == 0, "a process failed");
    report(&job);
    return 0;
}
