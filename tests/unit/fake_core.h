// SPDX-License-Identifier: MIT
/*
 * What kernel/io calls of the core beside it, where a test needs no more than that it is there: memory of the host, nobody who
 * listens, and a clock that stands until the test sets it. fake_io.c and fake_disk.c have the rest, each in its own way.
 */
#ifndef TESTS_UNIT_FAKE_CORE_H
#define TESTS_UNIT_FAKE_CORE_H

#include <stdint.h>

extern uint64_t now; /* nanoseconds since boot */

#endif
