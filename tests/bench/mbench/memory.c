// SPDX-License-Identifier: MIT
/*
 * Memory that is mapped, touched, shared with a child and written by it.
 */
#define _GNU_SOURCE
#include "tests/bench/mbench/measure.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define REGION  (4 << 20)
#define WRITTEN 256 /* pages that a child writes */

static volatile char *map(size_t bytes) {
    char *region = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED)
        return NULL;
    madvise(region, bytes, MADV_NOHUGEPAGE);
    return region;
}

static void touch(volatile char *region, size_t bytes, char value) {
    for (size_t at = 0; at < bytes; at += PAGE)
        region[at] = value;
}

static int map_only(int count) {
    while (count--) {
        char *region = mmap(0, REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (region == MAP_FAILED || munmap(region, REGION))
            return -1;
    }
    return 0;
}

static int map_and_touch(int count) {
    while (count--) {
        char *region = mmap(0, REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (region == MAP_FAILED)
            return -1;
        touch(region, REGION, 1);
        if (munmap(region, REGION))
            return -1;
    }
    return 0;
}

static void measure_faults(void) {
    double each[BATCHES];
    for (int batch = -1; batch < BATCHES; batch++) { /* the first to warm up */
        volatile char *region = map(REGION);
        if (!region) {
            fail("page_fault_anonymous");
            return;
        }
        int64_t began = now();
        touch(region, REGION, 1);
        if (batch >= 0)
            each[batch] = (double)(now() - began) / (REGION / PAGE);
        munmap((void *)region, REGION);
    }
    say("page_fault_anonymous", median(each));
}

/* The child writes pages that its parent has written, and says how long it took. */
static void measure_copies(void) {
    volatile char *region = map(WRITTEN * PAGE);
    volatile int64_t *took =
        mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double each[BATCHES];
    if (!region || took == MAP_FAILED) {
        fail("page_fault_copy");
        return;
    }
    for (int batch = 0; batch < BATCHES; batch++) {
        touch(region, WRITTEN * PAGE, 1);
        pid_t child = fork();
        if (child == 0) {
            int64_t began = now();
            touch(region, WRITTEN * PAGE, 2);
            *took = now() - began;
            _exit(0);
        }
        waitpid(child, NULL, 0);
        each[batch] = (double)*took / WRITTEN;
    }
    say("page_fault_copy", median(each));
    munmap((void *)region, WRITTEN * PAGE);
    munmap((void *)took, PAGE);
}

void measure_memory(void) {
    measure("mmap_munmap_4M", map_only, 300);
    measure("mmap_touch_munmap_4M", map_and_touch, 4);
    measure_faults();
    measure_copies();
}
