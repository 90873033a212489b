// SPDX-License-Identifier: MIT
#include "kernel/sched/driver_choice.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/interrupt.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/device.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/ready.h"

#include <stddef.h>

#define DRIVER_PATIENCE 1000000ull /* a driver that waits behind tenants: when to compare again */

static uint64_t let_go_until; /* those that are ready let reserved work go till then */

void driver_choice_is_open(void) {
    let_go_until = 0;
}

bool driver_precedes(const struct driver *driver, const struct tenant *tenant, uint32_t cpu,
                     uint64_t now) {
    uint32_t at = 0;
    struct tenant *waiting = tenant ? io_next_waiting(driver, &at) : NULL;

    if (tenant == NULL || interrupt_is_shared(driver) || budget_is_urgent(driver))
        return true;
    if (waiting == NULL)
        return tenant->share.standing != SHARE_RESERVED || now >= budget_patience(driver);
    for (; waiting; waiting = io_next_waiting(driver, &at))
        if (share_queue_precedes(&ready.tenants, &waiting->share, &tenant->share, cpu, now))
            return true;
    return false;
}

uint64_t driver_compare_again(const struct driver *driver, uint64_t now) {
    uint64_t patience = budget_patience(driver);

    return earlier(now + DRIVER_PATIENCE, patience > now ? patience : DEADLINE_NEVER);
}

bool driver_can_wait(const struct driver *driver, const struct tenant *tenant, uint64_t now) {
    uint32_t at = 0;

    return tenant->share.standing == SHARE_RESERVED && io_next_waiting(driver, &at) == NULL &&
           !driver_precedes(driver, tenant, 0, now);
}

static struct thread *compare_all(const struct tenant *tenant, uint32_t cpu, uint64_t now,
                                  uint64_t *alarm) {
    uint64_t patience = DEADLINE_NEVER;

    for (struct thread *thread = ready.drivers.first; thread; thread = thread->queue_next) {
        struct driver *driver = thread->driver;
        uint64_t left = budget_left(driver, now, driver->serving ? PAID_BY_TENANT : PAID_BY_NOBODY);

        *alarm = earlier(*alarm, left > 0 ? now + left : budget_renewal(driver));
        if (left > 0 && driver_precedes(driver, tenant, cpu, now))
            return thread;
        if (left > 0)
            *alarm = earlier(*alarm, driver_compare_again(driver, now));
        patience = earlier(patience, budget_patience(driver));
    }
    if (tenant && tenant->share.standing == SHARE_RESERVED)
        let_go_until = patience;
    return NULL;
}

/* While a flood keeps a card's driver ready, those with reserved time are not to feel that it is compared with each of their
 * choices: nobody in particular waits for it, so until its patience ends the answer stays the same. */
struct thread *driver_choice(const struct tenant *tenant, uint32_t cpu, uint64_t now,
                             uint64_t *alarm) {
    if (ready.drivers.first == NULL)
        return NULL;
    if (tenant == NULL || tenant->share.standing != SHARE_RESERVED || now >= let_go_until)
        return compare_all(tenant, cpu, now, alarm);
    *alarm = earlier(*alarm, let_go_until);
    return NULL;
}
