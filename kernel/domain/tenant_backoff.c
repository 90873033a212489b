// SPDX-License-Identifier: MIT
/*
 * How long a tenant that keeps dying has to wait: the first restart comes at once, the second in a row that
 * lived less than a second waits 50 ms, each further one twice as long, up to a second. Pure.
 */
#include "kernel/domain/tenant_parts.h"

#define FIRST_BACKOFF 50000000ull
#define LAST_BACKOFF  1000000000ull
#define GOOD_LIFE     1000000000ull

uint64_t restart_backoff(uint64_t previous, uint64_t lived, bool first) {
    if (first || lived >= GOOD_LIFE)
        return 0;
    if (previous == 0)
        return FIRST_BACKOFF;
    return previous < LAST_BACKOFF / 2 ? previous * 2 : LAST_BACKOFF;
}
