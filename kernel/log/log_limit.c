// SPDX-License-Identifier: MIT
/*
 * A token bucket kept as one number, like kernel/io/limit.c: `next` runs ahead of the time by an interval
 * a line, and a line passes while it is less than the burst ahead.
 */
#include "kernel/log/log_limit.h"

#include "kernel/defence.h"

bool log_limit_pass(struct log_limit *limit, uint64_t now, uint32_t *dropped) {
    if (limit->next < now)
        limit->next = now;
    if (DEFENCE_LOG_LIMIT && limit->next - now > (LOG_BURST - 1) * LOG_INTERVAL) {
        limit->dropped++;
        return false;
    }
    limit->next += LOG_INTERVAL;
    *dropped = limit->dropped;
    limit->dropped = 0;
    return true;
}
