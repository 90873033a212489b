// SPDX-License-Identifier: MIT
/*
 * The wall clock as inodes keep it.
 */
#include "domains/lib/clock.h"
#include "domains/linux/file/file.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

struct timestamp timestamp_now(void) {
    uint32_t rest;
    uint64_t seconds = divide_u64(time_wall(), (uint32_t)NANOSECONDS, &rest);

    return (struct timestamp){(int64_t)seconds, rest};
}
