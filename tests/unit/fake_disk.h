// SPDX-License-Identifier: MIT
/*
 * A disk whose driver may lie, for tests of what the core does about it: a tenant, a driver with DMA that is asked through shadow frames,
 * and a disk in an array, on which the driver does what each test has it do.
 */
#ifndef TESTS_UNIT_FAKE_DISK_H
#define TESTS_UNIT_FAKE_DISK_H

#include "kernel/abi/gate.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/binding.h"
#include "kernel/io/block_sums.h"
#include "tests/unit/fake_core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES 64u
#define BLOCKS 32u
#define COPIES 8u /* the core keeps so many of the blocks written last, if it keeps any */
#define SECOND 1000000000ull

extern uint8_t memory[][4096]; /* the tenant's frames, and behind them the shadows */
extern uint8_t disk[BLOCKS][SUM_BLOCK_BYTES];
extern struct tenant tenant;
extern struct driver driver;

/* Around each test: a disk of zeros, with checksums of what is written to it. */
int start_disk(void **state);
int start_disk_with_copies(void **state);
int end_disk(void **state);

/* The tenant: `count` blocks from `block`, from or to frame `frame` and those behind it. */
void submit_run(uint16_t operation, uint32_t block, uint32_t count, uint32_t frame);
void submit(uint16_t operation, uint32_t block, uint32_t frame);
/* The status of the next completion; STATUS_COUNT: there is none. */
uint32_t taken(void);

/* The driver. */
struct driver_request fetch(void);
void move(const struct driver_request *request, uint32_t block); /* the data, from or to there */
enum status answer(const struct driver_request *request, enum status status);
/* Fetches, moves the data from or to `block`, and says that all went well. */
enum status serve(uint32_t block);
void restart(void);

/* Both: a block full of `value` is written, or fails to be. */
void write_block(uint32_t block, uint8_t value);
void fail_to_write_block_3(void);

#endif
