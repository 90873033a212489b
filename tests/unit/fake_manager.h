// SPDX-License-Identifier: MIT
/*
 * What stands in for the rest of the manager when its file code is tested on the host: frames and
 * heap with a limit, an app's memory of one array, one process, time that stands still, and sleeps
 * that a test scripts.
 */
#ifndef TESTS_UNIT_FAKE_MANAGER_H
#define TESTS_UNIT_FAKE_MANAGER_H

#include "domains/linux/process/process.h"

#include <stdbool.h>
#include <stdint.h>

#define FAKE_APP_BYTES 0x100000u

extern struct process fake_process; /* root, with tables once the test makes them */
extern uint32_t fake_frames_left;   /* frame_allocate() fails at 0 */
extern uint32_t fake_frames_used;   /* frames that have an owner now */
extern uint32_t fake_heap_objects;  /* objects allocated and not freed */
extern int32_t fake_heap_countdown; /* > 0: so many allocations succeed, then all fail; 0: off */
extern uint64_t fake_wait_count;    /* sleeps so far */
extern void (*fake_other_thread)(void); /* runs in each sleep; NULL: a sleep is interrupted */
extern int fake_last_signal;

/* The app's memory: addresses handed out are 32-bit, as the system calls want them. */
uint32_t fake_app_put(const void *bytes, uint32_t count); /* copies, 8-byte aligned */
uint32_t fake_app_text(const char *text);
uint32_t fake_app_room(uint32_t count); /* zeroed */
void *fake_app_pointer(uint32_t address);
void fake_app_reset(void);

#endif
