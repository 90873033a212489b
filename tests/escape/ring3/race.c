// SPDX-License-Identifier: MIT
/*
 * Two threads of one process, on two CPUs where there are two: one takes away or rewrites what the other uses.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define RACE 300 /* milliseconds */

static volatile char *page;
static volatile uint32_t gone, uses;

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void start(void *(*function)(void *)) {
    pthread_t thread;
    if (pthread_create(&thread, 0, function, 0) != 0)
        refused("no thread");
}

static void map_page(void) {
    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 1;
}

/* A use that began when the page was gone must fault. */
static void *read_on(void *unused) {
    for (;;) {
        uint32_t was_gone = gone;
        char byte = page[0];
        if (was_gone)
            escaped("the page is gone, and reads %x", byte);
        uses++;
    }
    return unused;
}

static void *write_on(void *unused) {
    for (;;) {
        uint32_t was_gone = gone;
        page[0] = 2;
        if (was_gone)
            escaped("the page is read-only, and was written");
        uses++;
    }
    return unused;
}

static void wait_for_use(void) {
    uint32_t before = uses;
    while (uses - before < 100)
        __asm__ volatile("pause");
}

static _Noreturn void page_is_gone(void) {
    gone = 1;
    sleep(2);
    refused("the other thread has stopped");
}

static void read_after_unmap_elsewhere(void) {
    map_page();
    start(read_on);
    wait_for_use();
    munmap((void *)page, PAGE);
    page_is_gone();
}

static void write_after_protect_elsewhere(void) {
    map_page();
    start(write_on);
    wait_for_use();
    mprotect((void *)page, PAGE, PROT_READ);
    page_is_gone();
}

/* The manager copies from a page that goes and comes. */
static void *map_and_unmap(void *unused) {
    for (;;) {
        munmap((void *)page, PAGE);
        mmap((void *)page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
             -1, 0);
    }
    return unused;
}

static void race_buffer(void) {
    int pipes[2], written = 0, refused_writes = 0;
    char bytes[16];
    if (pipe(pipes) != 0)
        refused("no pipe");
    map_page();
    start(map_and_unmap);
    for (int64_t end = milliseconds() + RACE; milliseconds() < end;)
        if (write(pipes[1], (const void *)page, sizeof bytes) == sizeof bytes) {
            written++;
            if (read(pipes[0], bytes, sizeof bytes) != sizeof bytes)
                escaped("what was written is not there");
        } else
            refused_writes++;
    refused("%d writes, %d refused", written, refused_writes);
}

static char path[] = "/attack";

static void *rewrite_path(void *unused) {
    for (;;) {
        memcpy(path, "/nobody", sizeof path);
        memcpy(path, "/attack", sizeof path);
    }
    return unused;
}

/* A name that changes between two looks at it. */
static void race_path(void) {
    int opened = 0, missing = 0;
    start(rewrite_path);
    for (int64_t end = milliseconds() + RACE; milliseconds() < end;) {
        int file = open(path, O_RDONLY);
        if (file >= 0) {
            opened++;
            close(file);
        } else
            missing++;
    }
    refused("%d opened, %d missing", opened, missing);
}

const struct attack race_attacks[] = {
    {"read-after-unmap-elsewhere", read_after_unmap_elsewhere},
    {"write-after-protect-elsewhere", write_after_protect_elsewhere},
    {"race-buffer", race_buffer},
    {"race-path", race_path},
    {0, 0},
};
