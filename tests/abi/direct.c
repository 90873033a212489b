// SPDX-License-Identifier: MIT
/*
 * direct FILE: O_DIRECT into and out of memory of every kind, and what becomes of it when the memory changes meanwhile.
 * FILE has at least 256 KiB, which are overwritten; one that knows no O_DIRECT will do as an oracle.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#define PAGE   4096u
#define PAGES  64u
#define ROUNDS 60
#define LEAD   1000 /* microseconds until a read is under way */

static int disk;

static uint8_t *memory(uint32_t pages, int protection) {
    uint8_t *start = mmap(NULL, pages * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

/* The byte at a place of the file. */
static uint8_t byte_at(uint32_t place) {
    return (uint8_t)(place / PAGE * 7 + place % 251 + 1);
}

static void fill(uint8_t *bytes, uint32_t place, uint32_t count) {
    for (uint32_t n = 0; n < count; n++)
        bytes[n] = byte_at(place + n);
}

static bool holds(const uint8_t *bytes, uint32_t place, uint32_t count) {
    for (uint32_t n = 0; n < count; n++)
        if (bytes[n] != byte_at(place + n))
            return false;
    return true;
}

static void write_all(void) {
    uint8_t *bytes = memory(PAGES, PROT_READ | PROT_WRITE);
    fill(bytes, 0, PAGES * PAGE);
    CHECK(pwrite(disk, bytes, PAGES * PAGE, 0) == PAGES * PAGE);
    memset(bytes, 0, PAGES * PAGE);
    CHECK(pread(disk, bytes, PAGES * PAGE, 0) == PAGES * PAGE);
    CHECK(holds(bytes, 0, PAGES * PAGE));
    munmap(bytes, PAGES * PAGE);
}

/* Whole pages, parts of pages, and both in one request. */
static void any_piece_of_memory(void) {
    static const uint32_t starts[] = {0, 512, 3584}, counts[] = {512, 4096, 4608, 12288, 70144};
    uint8_t *bytes = memory(20, PROT_READ | PROT_WRITE);
    for (uint32_t n = 0; n < sizeof starts / sizeof *starts; n++)
        for (uint32_t m = 0; m < sizeof counts / sizeof *counts; m++) {
            memset(bytes, 0, 20 * PAGE);
            CHECK(pread(disk, bytes + starts[n], counts[m], 8192) == (ssize_t)counts[m]);
            CHECK(holds(bytes + starts[n], 8192, counts[m]));
            CHECK(bytes[starts[n] + counts[m]] == 0 &&
                  (starts[n] == 0 || bytes[starts[n] - 1] == 0));
        }
    munmap(bytes, 20 * PAGE);
}

static void pieces_of_a_vector(void) {
    uint8_t *bytes = memory(8, PROT_READ | PROT_WRITE);
    const struct iovec vector[] = {
        {bytes, 2 * PAGE}, {bytes + 3 * PAGE + 512, 1024}, {bytes + 5 * PAGE, PAGE}};
    CHECK(preadv(disk, vector, 3, PAGE) == 3 * PAGE + 1024);
    CHECK(holds(bytes, PAGE, 2 * PAGE) && holds(bytes + 3 * PAGE + 512, 3 * PAGE, 1024));
    CHECK(holds(bytes + 5 * PAGE, 3 * PAGE + 1024, PAGE));
    CHECK(bytes[2 * PAGE] == 0 && bytes[4 * PAGE] == 0 && bytes[6 * PAGE] == 0);
    munmap(bytes, 8 * PAGE);
}

/* The zero page, a program's own text, a page that may only be read, none at all. */
static void what_may_be_read_and_written(void) {
    uint8_t *bytes = memory(2, PROT_READ | PROT_WRITE);
    bytes[0] = 9;
    mprotect(bytes, PAGE, PROT_READ);
    CHECK(fails_with(pread(disk, bytes, PAGE, 0), EFAULT) && bytes[0] == 9);
    CHECK(pwrite(disk, bytes, PAGE, 60 * PAGE) == PAGE);
    CHECK(pwrite(disk, bytes + PAGE, PAGE, 61 * PAGE) == PAGE); /* never touched */
    mprotect(bytes, PAGE, PROT_NONE);
    CHECK(fails_with(pread(disk, bytes, PAGE, 0), EFAULT));
    CHECK(fails_with(pwrite(disk, bytes, PAGE, 0), EFAULT));
    munmap(bytes, PAGE);
    CHECK(fails_with(pread(disk, bytes, PAGE, 0), EFAULT));
    CHECK(fails_with(pread(disk, (void *)0xFFFFF000u, PAGE, 0), EFAULT));
    CHECK(pread(disk, bytes + PAGE, PAGE, 60 * PAGE) == PAGE && bytes[PAGE] == 9 &&
          bytes[PAGE + 1] == 0);
    const void *text = (const void *)((uintptr_t)&write_all & ~(uintptr_t)(PAGE - 1));
    CHECK(pwrite(disk, text, PAGE, 60 * PAGE) == PAGE);
    CHECK(pread(disk, bytes + PAGE, PAGE, 60 * PAGE) == PAGE &&
          memcmp(bytes + PAGE, text, PAGE) == 0);
    munmap(bytes + PAGE, PAGE);
}

/* What is read after a fork is not the child's. */
static void a_page_that_a_child_has_too(void) {
    uint8_t *bytes = memory(1, PROT_READ | PROT_WRITE), word;
    int ready[2];
    bytes[5] = 77;
    CHECK(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0)
        _exit(read(ready[0], &word, 1) == 1 && bytes[5] == 77 ? 0 : 1);
    int status = -1;
    CHECK(pread(disk, bytes, PAGE, 0) == PAGE && holds(bytes, 0, PAGE));
    CHECK(write(ready[1], "x", 1) == 1 && waitpid(child, &status, 0) == child && status == 0);
    close(ready[0]);
    close(ready[1]);
    munmap(bytes, PAGE);
}

/* ---- While the memory changes ---- */

#define MOVING 4u /* pages */

static uint8_t *moving;
static atomic_uint begun, done; /* reads; the reader ends when there are ROUNDS */
static ssize_t got;

static void *read_each_round(void *unused) {
    for (uint32_t round = 0; round < ROUNDS; round++) {
        while (begun == round)
            sched_yield();
        ssize_t moved = pread(disk, moving, MOVING * PAGE, 0);
        got = moved < 0 ? -errno : moved;
        done++;
    }
    return unused;
}

/* All but the last byte of each page, which is written to meanwhile. */
static bool has_come(void) {
    for (uint32_t n = 0; n < MOVING; n++)
        if (!holds(moving + n * PAGE, n * PAGE, PAGE - 1))
            return false;
    return true;
}

/* `keeps`: what was there stays, whatever changes. */
static void meanwhile(void (*change)(uint32_t round), bool keeps) {
    pthread_t reader;
    begun = done = 0;
    moving = memory(MOVING, PROT_READ | PROT_WRITE);
    CHECK(pthread_create(&reader, NULL, read_each_round, NULL) == 0);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        memset(moving, 0, MOVING * PAGE);
        begun++;
        usleep(LEAD);
        change(round);
        while (done == round)
            sched_yield();
        CHECK(got == MOVING * PAGE || (got > 0 && got % PAGE == 0) || got == -EFAULT);
        CHECK(!keeps || got != MOVING * PAGE || has_come());
    }
    pthread_join(reader, NULL);
    munmap(moving, MOVING * PAGE);
}

/* Frames that were given up are somebody else's at once: nothing that is read may come to lie there. */
static void drop_and_use(uint32_t round) {
    madvise(moving, MOVING * PAGE, MADV_DONTNEED);
    uint8_t *other = memory(MOVING, PROT_READ | PROT_WRITE), mark = (uint8_t)(round | 1);
    memset(other, mark, MOVING * PAGE);
    while (done == round)
        sched_yield();
    uint32_t changed = 0;
    for (uint32_t n = 0; n < MOVING * PAGE; n++)
        changed += other[n] != mark;
    CHECK(changed == 0);
    munmap(other, MOVING * PAGE);
}

static void forbid_allow_and_write(uint32_t round) {
    mprotect(moving, MOVING * PAGE, round % 2 == 0 ? PROT_NONE : PROT_READ);
    mprotect(moving, MOVING * PAGE, PROT_READ | PROT_WRITE);
    for (uint32_t n = 1; n <= MOVING; n++)
        moving[n * PAGE - 1] = 1;
}

/* The child keeps what it has, and the parent what is read, though both write. */
static void fork_and_write(uint32_t round) {
    if (round % 2 != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        uint8_t then[PAGE];
        memcpy(then, moving, PAGE);
        usleep(12 * LEAD);
        _exit(memcmp(then, moving, PAGE) != 0);
    }
    int status = -1;
    for (uint32_t n = 1; n <= MOVING; n++)
        moving[n * PAGE - 1] = 1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(int count, char **words) {
    if (count < 2)
        return 2;
    disk = open(words[1], O_RDWR | O_DIRECT);
    if (disk < 0)
        disk = open(words[1], O_RDWR);
    CHECK(disk >= 0);
    write_all();
    any_piece_of_memory();
    pieces_of_a_vector();
    what_may_be_read_and_written();
    a_page_that_a_child_has_too();
    write_all();
    meanwhile(drop_and_use, false);
    meanwhile(forbid_allow_and_write, true);
    meanwhile(fork_and_write, true);
    return verdict();
}
