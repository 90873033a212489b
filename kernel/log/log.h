// SPDX-License-Identifier: MIT
/*
 * The core's log: a bounded ring of lines in memory, each also a frame on the debug port: at once, or from
 * log_hold() on when nobody has anything to do, or after 10 ms, but of many only one every 3 ms.
 *
 * Formats: %s %c %u %d %x (32 bit), %llu %llx (64 bit), %p, widths and 0-padding. A line belongs to the
 * core, a tenant or a driver, so that `rfctl log TENANT` can filter.
 */
#ifndef KERNEL_LOG_LOG_H
#define KERNEL_LOG_LOG_H

#include "kernel/abi/control.h"
#include "kernel/abi/gate.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define LOG_NOBODY 0xFFFFFFFFu

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_tenant(uint32_t tenant, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_read(
    struct log_query *query); /* lines from query->position on that fit; skips what was lost */

/* The lines that have not left on the debug port: from log_hold() on they wait for one of the others. log_send_line() sends the
 * oldest, false if there is none; log_work() sends it if it has waited for long, and answers when to call again, or
 * DEADLINE_NEVER. */
void log_hold(void);
bool log_send_line(void);
void log_send_all(void);
uint64_t log_work(uint64_t now);

/* Formats at most room - 1 characters and a NUL; returns the length. */
uint32_t format_text(char *to, uint32_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
uint32_t format_arguments(char *to, uint32_t room, const char *format, va_list arguments);

/* One frame on port 0xE9: F5 type length payload sum. See tools/ for the reader. */
void debug_frame(char type, const void *payload, uint32_t bytes);
void debug_test_result(bool passed, const char *name, const char *detail);

_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void power_off(void);

#endif
