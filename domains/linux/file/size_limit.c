// SPDX-License-Identifier: MIT
/*
 * A write is cut, so that its caller hears of the limit only where it is: as Linux has it, a copy or a splice, which writes again
 * for what is left, is sent the signal even then, though it answers what was written.
 */
#include "domains/linux/file/size_limit.h"

#include "domains/linux/errno.h"
#include "domains/linux/process/limit.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/signal.h"

static int refuse(void) {
    signal_process(current_process(), SIGXFSZ);
    return -EFBIG;
}

int size_limit_write(uint64_t offset, uint32_t *count) {
    uint64_t limit = process_limit(RLIMIT_FSIZE);

    if (limit == LIMIT_NONE)
        return 0;
    if (offset >= limit)
        return refuse();
    if (*count > limit - offset)
        *count = (uint32_t)(limit - offset);
    return 0;
}

int size_limit_change(uint64_t before, uint64_t after) {
    return after > before && after > process_limit(RLIMIT_FSIZE) ? refuse() : 0;
}
