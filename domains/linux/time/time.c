// SPDX-License-Identifier: MIT
/*
 * Conversions.
 */
#include "domains/linux/time/time.h"

#include "domains/lib/clock.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"

#define MICROSECONDS 1000000u
#define SECONDS_MOST 0x200000000ull /* more than that is for ever */

struct time_32 {
    int32_t seconds, fraction;
};
struct time_64 {
    int64_t seconds;
    int32_t fraction, unused;
};

static int combine(int64_t seconds, uint32_t fraction, uint32_t per_second, uint64_t *nanoseconds) {
    if (seconds < 0 || fraction >= per_second)
        return -EINVAL;
    uint32_t scale = per_second == MICROSECONDS ? 1000 : 1;
    *nanoseconds = (uint64_t)seconds >= SECONDS_MOST
                       ? TIME_LONGEST
                       : (uint64_t)seconds * NANOSECONDS + (uint64_t)fraction * scale;
    return 0;
}

int time_read(uint32_t address, bool wide, uint64_t *nanoseconds) {
    struct time_64 time = {0, 0, 0};
    struct time_32 narrow;
    if (wide ? copy_in(&time, address, sizeof(time)) != 0
             : copy_in(&narrow, address, sizeof(narrow)) != 0)
        return -EFAULT;
    if (!wide)
        time = (struct time_64){narrow.seconds, narrow.fraction, 0};
    return combine(time.seconds, (uint32_t)time.fraction, (uint32_t)NANOSECONDS, nanoseconds);
}

int time_write(uint32_t address, bool wide, uint64_t nanoseconds) {
    uint32_t rest;
    uint64_t seconds = divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);
    const struct time_64 time = {(int64_t)seconds, (int32_t)rest, 0};
    const struct time_32 narrow = {(int32_t)seconds, (int32_t)rest};
    return wide ? copy_out(address, &time, sizeof(time))
                : copy_out(address, &narrow, sizeof(narrow));
}

int time_read_microseconds(uint32_t address, uint64_t *nanoseconds) {
    struct time_32 time;
    if (copy_in(&time, address, sizeof(time)) != 0)
        return -EFAULT;
    return combine(time.seconds, (uint32_t)time.fraction, MICROSECONDS, nanoseconds);
}

int time_write_microseconds(uint32_t address, uint64_t nanoseconds) {
    uint32_t rest;
    uint64_t seconds = divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);
    const struct time_32 time = {(int32_t)seconds, (int32_t)(rest / 1000)};
    return copy_out(address, &time, sizeof(time));
}

uint64_t time_add(uint64_t left, uint64_t right) {
    return left > TIME_LONGEST - right ? TIME_LONGEST : left + right;
}
