// SPDX-License-Identifier: MIT
/*
 * See fake_core.h.
 */
#include "tests/unit/fake_core.h"

#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/tenant.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/sched/scheduler.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t now;

uint64_t clock_now(void) {
    return now;
}
void *object_allocate(struct object_pool *pool, size_t bytes) {
    (void)pool;
    return calloc(1, bytes);
}
void object_free(struct object_pool *pool, void *object) {
    (void)pool;
    free(object);
}
void driver_post(struct driver *one, uint32_t bits) {
    (void)one, (void)bits;
}
void drivers_forget_tenant(const struct tenant *one) {
    (void)one;
}
uint32_t tenants_reserved_at(const char *device, const struct tenant *except) {
    (void)device, (void)except;
    return 0;
}
uint64_t scheduler_account(void) {
    return clock_now();
}
void budget_progress(struct driver *one) {
    (void)one;
}
void log_line(const char *format, ...) {
    (void)format;
}
uint32_t format_text(char *to, uint32_t room, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to, room, format, arguments);
    va_end(arguments);
    return (uint32_t)length;
}
