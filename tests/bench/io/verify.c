// SPDX-License-Identifier: MIT
/*
 * A reader and writer that checks every byte: `verify DEVICE SECONDS SEED`.
 *
 * Each process has a part of the device, and a number for each block of it: how often it was written. What a block must
 * hold follows from its place and that number; 0: it was not written here yet, and is not looked at. In the end
 * "requests N errors N wrong N" of all processes together; exit status 1 unless the last two are 0.
 */
#define _GNU_SOURCE
#include <fcntl.h>
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
#define PROCESSES    4
#define BLOCK        4096
#define BLOCKS_MOST  16 /* of a request */
#define PART_MOST    1024

struct totals {
    uint32_t requests, errors, wrong;
};

struct part {
    int device;
    uint64_t first; /* block */
    uint32_t blocks;
    uint32_t written[PART_MOST];
};

static struct totals *totals;
static uint32_t random_state;
static uint32_t buffer[BLOCKS_MOST * BLOCK / sizeof(uint32_t)] __attribute__((aligned(BLOCK)));

static uint32_t random_number(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static uint32_t word_of(uint64_t block, uint32_t written, uint32_t place) {
    return ((uint32_t)block * 2654435761u ^ written * 40503u) + place * 2246822519u;
}

static uint32_t *block_at(uint32_t number) {
    return buffer + number * (BLOCK / sizeof(uint32_t));
}

static void fill(uint64_t block, uint32_t written, uint32_t *words) {
    for (uint32_t place = 0; place < BLOCK / sizeof(uint32_t); place++)
        words[place] = word_of(block, written, place);
}

static uint32_t wrong_words(uint64_t block, uint32_t written, const uint32_t *words) {
    uint32_t wrong = 0;
    for (uint32_t place = 0; place < BLOCK / sizeof(uint32_t); place++)
        wrong += words[place] != word_of(block, written, place);
    return wrong;
}

static void write_some(struct part *part, uint32_t first, uint32_t count) {
    for (uint32_t n = 0; n < count; n++)
        fill(part->first + first + n, ++part->written[first + n], block_at(n));
    ssize_t done =
        pwrite(part->device, buffer, count * BLOCK, (off_t)(part->first + first) * BLOCK);
    totals->errors += done != (ssize_t)(count * BLOCK);
}

static void read_some(struct part *part, uint32_t first, uint32_t count) {
    ssize_t done = pread(part->device, buffer, count * BLOCK, (off_t)(part->first + first) * BLOCK);
    if (done != (ssize_t)(count * BLOCK)) {
        totals->errors++;
        return;
    }
    for (uint32_t n = 0; n < count; n++)
        if (part->written[first + n])
            totals->wrong +=
                wrong_words(part->first + first + n, part->written[first + n], block_at(n));
}

static void work(struct part *part, time_t end) {
    for (; time(NULL) < end; totals->requests++) {
        uint32_t count = 1 + random_number() % BLOCKS_MOST;
        uint32_t first = random_number() % (part->blocks - count);
        if (random_number() % 2)
            write_some(part, first, count);
        else
            read_some(part, first, count);
    }
}

int main(int count, char **words) {
    static struct part part;
    uint64_t bytes = 0;
    struct totals sum = {0};
    if (count != 4 || (part.device = open(words[1], O_RDWR | O_DIRECT)) < 0 ||
        ioctl(part.device, BLKGETSIZE64, &bytes) < 0) {
        fprintf(stderr, "usage: verify DEVICE SECONDS SEED\n");
        return 2;
    }
    struct totals *all = mmap(NULL, PROCESSES * sizeof *all, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    time_t end = time(NULL) + atoi(words[2]);
    for (uint32_t n = 0; n < PROCESSES; n++) {
        if (fork())
            continue;
        totals = &all[n];
        random_state = (uint32_t)atoi(words[3]) * 1000 + n;
        part.first = bytes / BLOCK / PROCESSES * n;
        part.blocks = bytes / BLOCK / PROCESSES < PART_MOST ? (uint32_t)(bytes / BLOCK / PROCESSES)
                                                            : PART_MOST;
        work(&part, end);
        return 0;
    }
    int status, died = 0;
    while (wait(&status) > 0)
        died += status != 0;
    for (uint32_t n = 0; n < PROCESSES; n++) {
        sum.requests += all[n].requests;
        sum.errors += all[n].errors;
        sum.wrong += all[n].wrong;
    }
    printf("requests %u errors %u wrong %u\n", sum.requests, sum.errors, sum.wrong);
    return died || sum.errors || sum.wrong;
}
