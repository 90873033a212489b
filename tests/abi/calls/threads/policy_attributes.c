// SPDX-License-Identifier: MIT
// Calls: sched_setattr, sched_getattr
/* Policy and nice value in one structure, which may be shorter or longer than the kernel's. */
#include "tests/abi/calls/attributes.h"
#include "tests/abi/calls/show.h"

#include <sched.h>
#include <sys/resource.h>

static struct attributes now;

static void show(void) {
    memset(&now, 0x55, sizeof now);
    SHOW(syscall(SYS_sched_getattr, 0, &now, FIRST_BYTES, 0));
    printf("%u bytes: policy %u, nice %d, priority %u; behind them %#x\n", now.bytes, now.policy,
           now.nice, now.priority, now.least_use);
}

int main(void) {
    struct attributes wanted = {.bytes = FIRST_BYTES, .policy = SCHED_BATCH, .nice = 7};
    setpriority(PRIO_PROCESS, 0, 0);
    show();
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    show();
    SHOW(getpriority(PRIO_PROCESS, 0));
    wanted = (struct attributes){.bytes = 0, .policy = SCHED_OTHER, .nice = 100};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    show();
    wanted =
        (struct attributes){.bytes = ALL_BYTES, .policy = 77, .flags = KEEP_POLICY, .nice = 19};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted =
        (struct attributes){.bytes = ALL_BYTES, .policy = SCHED_BATCH, .flags = KEEP_PARAMETERS};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    show();
    /* longer ones, with zeroes behind what is known and with something else */
    wanted = (struct attributes){.bytes = sizeof wanted, .nice = 19};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted.beyond[70] = 1;
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = 47};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = ALL_BYTES, .priority = 1};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = ALL_BYTES, .policy = 77};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = ALL_BYTES, .policy = SCHED_FIFO, .priority = 100};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = ALL_BYTES, .flags = 1ull << 40};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    wanted = (struct attributes){.bytes = ALL_BYTES, .nice = 19};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 1));
    SHOW(syscall(SYS_sched_setattr, -1, &wanted, 0));
    SHOW(syscall(SYS_sched_setattr, 99999, &wanted, 0));
    SHOW(syscall(SYS_sched_setattr, 0, NULL, 0));
    SHOW(syscall(SYS_sched_setattr, 0, nowhere, 0));
    SHOW(syscall(SYS_sched_getattr, 0, &now, 47, 0));
    SHOW(syscall(SYS_sched_getattr, 0, &now, 5000, 0));
    SHOW(syscall(SYS_sched_getattr, 0, &now, ALL_BYTES, 1));
    SHOW(syscall(SYS_sched_getattr, 0, nowhere, ALL_BYTES, 0));
    SHOW(syscall(SYS_sched_getattr, 99999, &now, ALL_BYTES, 0));
    /* who is not root goes down only */
    SHOW(setuid(1000));
    wanted = (struct attributes){.bytes = ALL_BYTES, .nice = 18};
    SHOW(syscall(SYS_sched_setattr, 0, &wanted, 0));
    return 0;
}
