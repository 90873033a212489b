// SPDX-License-Identifier: MIT
/*
 * The core around kernel/io as its tests need it: a clock that stands, frames that are memory of the test, three tenants
 * with a ring and a volume each, and one block device whose driver is the test.
 */
#ifndef TESTS_UNIT_FAKE_IO_H
#define TESTS_UNIT_FAKE_IO_H

#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/binding.h"
#include "tests/unit/fake_core.h"

#define TENANTS       3
#define FRAMES        64 /* of each tenant; the first is its ring */
#define DEVICE_FRAMES 16 /* behind them: contiguous memory of a device */
#define VOLUME        0x100000ull
#define TAGS          200000

enum fate { NEVER, PENDING, DONE, FAILED };

struct life {
    uint32_t next_tag, completed;
    uint8_t fate[TAGS];
};

extern uint32_t events; /* that tenants were told */
extern struct frame_record records[TENANTS * FRAMES];
extern uint8_t memory[TENANTS * FRAMES + DEVICE_FRAMES][4096];
extern struct tenant people[TENANTS];
extern struct life life[TENANTS];
extern struct driver driver;
extern const struct device_description description;

/* Device and driver, up, without tenants. */
void start_io(void);
void birth(uint32_t n, uint32_t limit);
void rebirth(uint32_t n, uint32_t limit); /* the next life of a tenant that has lived */
struct io_ring *ring_of(uint32_t n);
void submit(uint32_t n, const struct io_submission *entry); /* under the next tag; it is accepted */
/* Each completes something that is PENDING. */
void take_completions(uint32_t n);
/* All of its requests are completed; it dies, and nothing of it is in flight. */
void finish_one(uint32_t n);
void no_pin_is_left(void);

#endif
