// SPDX-License-Identifier: MIT
// Calls: sched_get_priority_max, sched_get_priority_min, sched_rr_get_interval
/* Which priorities a policy has. */
#include "tests/abi/calls/show.h"

#include <sched.h>

int main(void) {
    for (int policy = 0; policy < 7; policy++) {
        printf("policy %d: ", policy);
        SHOW(sched_get_priority_min(policy));
        SHOW(sched_get_priority_max(policy));
    }
    struct {
        int seconds, nanoseconds;
    } slice;
    SHOW(syscall(SYS_sched_rr_get_interval, 0, &slice));
    SHOW(syscall(SYS_sched_rr_get_interval, 99999, &slice));
    return 0;
}
