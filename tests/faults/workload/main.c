// SPDX-License-Identifier: MIT
/*
 * workload OWNER [PAUSE]: reads and writes /dev/vda without end, and knows what every byte must be. PAUSE: microseconds
 * between two calls of a worker.
 *
 * WORKERS processes, each with a region of its own, so that several requests are in flight; O_DIRECT, so that all of
 * them reach the driver. Prints, a line each:
 *
 *   ready                             the regions are written
 *   wrong|PLACE|BYTES|KIND            a block that is not what was written last
 *   error|read or write|PLACE|ERRNO   what an IO call has answered
 *   memory|BYTES                      so many of its own memory have changed
 *   end|WRONG|ERRORS                  of one worker, after /stop was made and its region was read once more
 *
 * A block that was wrong or whose writing failed is of unknown content until it is written again.
 */
#define _GNU_SOURCE /* O_DIRECT */
#include "tests/faults/workload/block.h"
#include "tests/faults/workload/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS      3u
#define REGION       48u /* blocks */
#define RUN_MOST     4u  /* blocks in one call */
#define LONG_EACH    2u  /* one in so many may have more than a block */
#define STOP         "/stop"
#define LOOK_FOR_END 8u /* calls */
#define SENTINELS    4u /* blocks of memory that nobody writes to */

static struct {
    uint32_t owner, first, chance, wrong, errors;
    uint32_t generation[REGION], next_generation;
    uint32_t *buffer;
    int disk;
} worker;

static uint32_t sentinels[SENTINELS][BLOCK_WORDS];

static struct block_stamp sentinel_stamp(uint32_t n) {
    return (struct block_stamp){worker.owner, worker.first + n, UINT32_MAX};
}

static void judge_memory(void) {
    uint32_t bytes = 0;
    for (uint32_t n = 0; n < SENTINELS; n++)
        bytes += block_differs(sentinels[n], sentinel_stamp(n));
    if (bytes != 0)
        SAY("memory|%u\n", bytes);
}

static uint32_t random_below(uint32_t bound) {
    worker.chance = worker.chance * 1664525u + 1013904223u;
    return (worker.chance >> 16) % bound;
}

static struct block_stamp stamp_of(uint32_t block) {
    return (struct block_stamp){worker.owner, worker.first + block, worker.generation[block]};
}

static off_t position_of(uint32_t block) {
    return (off_t)(worker.first + block) * BLOCK_BYTES;
}

static void forget(uint32_t block, uint32_t count) {
    for (uint32_t n = 0; n < count; n++)
        worker.generation[block + n] = 0;
}

static void note_error(const char *call, uint32_t block) {
    worker.errors++;
    SAY("error|%s|%u|%d\n", call, worker.first + block, errno);
}

static void write_run(uint32_t block, uint32_t count) {
    for (uint32_t n = 0; n < count; n++) {
        worker.generation[block + n] = ++worker.next_generation;
        block_fill(worker.buffer + n * BLOCK_WORDS, stamp_of(block + n));
    }
    ssize_t bytes = (ssize_t)(count * BLOCK_BYTES);
    if (pwrite(worker.disk, worker.buffer, (size_t)bytes, position_of(block)) != bytes) {
        note_error("write", block);
        forget(block, count);
    }
}

static void judge(uint32_t block, const uint32_t *content) {
    struct block_stamp stamp = stamp_of(block);
    if (stamp.generation == 0)
        return;
    uint32_t bytes = block_differs(content, stamp);
    if (bytes == 0)
        return;
    worker.wrong += bytes;
    SAY("wrong|%u|%u|%s\n", stamp.place, bytes, block_kind(content, stamp));
    forget(block, 1);
}

static void read_run(uint32_t block, uint32_t count) {
    ssize_t bytes = (ssize_t)(count * BLOCK_BYTES);
    for (uint32_t n = 0; n < count; n++) /* what was there before must not pass for what was read */
        worker.buffer[n * BLOCK_WORDS] = 0;
    if (pread(worker.disk, worker.buffer, (size_t)bytes, position_of(block)) != bytes) {
        note_error("read", block);
        forget(block, count);
        return;
    }
    for (uint32_t n = 0; n < count; n++)
        judge(block + n, worker.buffer + n * BLOCK_WORDS);
}

/* Long runs are there, but seldom: what a fault costs is the bytes that it is watched for. */
static uint32_t choose_count(void) {
    return random_below(LONG_EACH) == 0 ? 1 + random_below(RUN_MOST) : 1;
}

static void one_call(void) {
    uint32_t count = choose_count(), block = random_below(REGION - count + 1);
    if (random_below(2) == 0)
        write_run(block, count);
    else
        read_run(block, count);
}

static void open_disk(uint32_t number) {
    worker.first = number * REGION;
    worker.chance = worker.owner * 7919u + number;
    worker.disk = open("/dev/vda", O_RDWR | O_DIRECT);
    worker.buffer = mmap(NULL, RUN_MOST * BLOCK_BYTES, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (worker.disk < 0 || worker.buffer == MAP_FAILED) {
        perror("workload");
        exit(1);
    }
}

static void work(uint32_t number, int is_ready, useconds_t pause) {
    open_disk(number);
    for (uint32_t n = 0; n < SENTINELS; n++)
        block_fill(sentinels[n], sentinel_stamp(n));
    for (uint32_t block = 0; block < REGION; block += RUN_MOST)
        write_run(block, RUN_MOST);
    close(is_ready);
    for (uint32_t calls = 0; calls % LOOK_FOR_END != 0 || access(STOP, F_OK) != 0; calls++) {
        one_call();
        if (pause != 0)
            usleep(pause);
    }
    for (uint32_t block = 0; block < REGION; block += RUN_MOST)
        read_run(block, RUN_MOST);
    judge_memory();
    SAY("end|%u|%u\n", worker.wrong, worker.errors);
    exit(0);
}

int main(int count, char **words) {
    int ready[2];
    char nothing;
    if (count < 2 || pipe(ready) < 0)
        return 1;
    useconds_t pause = count > 2 ? (useconds_t)atoi(words[2]) : 0;
    worker.owner = (uint32_t)(uint8_t)words[1][0];
    for (uint32_t n = 0; n < WORKERS; n++)
        if (fork() == 0)
            work(n, ready[1], pause);
    close(ready[1]);
    if (read(ready[0], &nothing, 1) == 0) /* all of them have closed it */
        SAY("ready\n");
    while (wait(NULL) > 0)
        ;
    return 0;
}
