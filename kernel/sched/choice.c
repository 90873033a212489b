// SPDX-License-Identifier: MIT
#include "kernel/sched/choice.h"

#include "kernel/abi/gate.h"
#include "kernel/cpu/remote.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/driver_choice.h"
#include "kernel/sched/ready.h"
#include "kernel/sched/seat.h"

#include <stddef.h>

/* How long the tenant of `share`, which was chosen for `cpu`, may go on: others with reserved time wait for the end of its
 * quantum. */
static uint64_t time_before_others(const struct cpu *cpu, const struct share *share) {
    bool is_short = share->standing == SHARE_RESERVED && share->quantum_left > 0;

    if (is_short && (ready.drivers.first || share_queue_reserved(&ready.tenants, cpu->number) > 1))
        return earlier(share->standing_left, share->quantum_left);
    return share->standing_left;
}

static enum cpu_duty duty_for(const struct tenant *tenant) {
    return tenant->share.standing == SHARE_RESERVED ? DUTY_RESERVED : DUTY_WEIGHTED;
}

/* Whoever may run anywhere lets go one of the same standing that waits for `cpu`, if another CPU is busy with less: it is offered
 * to that one. */
static struct tenant *best_tenant(const struct cpu *cpu, uint64_t now) {
    struct tenant *best = ready_best_tenant(cpu->number, now), *seated;

    if (ready.tenants.standing == 0 || best == NULL || best->share.chosen_at != SHARE_ANYWHERE)
        return best;
    for (uint32_t n = 0; n < cpu_count(); n++) {
        if (n == cpu->number || cpus[n]->duty >= duty_for(best))
            continue;
        seated = ready_seated_tenant(cpu->number, best);
        return seated ? seated : best;
    }
    return best;
}

struct thread *choose_thread(const struct cpu *cpu, uint64_t now, uint64_t *alarm,
                             enum cpu_duty *duty) {
    struct tenant *tenant = best_tenant(cpu, now);
    struct thread *driver = driver_choice(tenant, cpu->number, now, alarm);

    *duty = DUTY_DRIVER;
    if (driver)
        return driver;
    *alarm = earlier(*alarm, share_queue_next(&ready.tenants));
    if (tenant == NULL) {
        *duty = ready.drivers.first ? DUTY_SPARE_DRIVER : DUTY_IDLE;
        return ready.drivers.first;
    }
    *alarm = earlier(*alarm, now + time_before_others(cpu, &tenant->share));
    *duty = duty_for(tenant);
    return ready_next_thread(tenant, cpu->number, now);
}

bool choice_lets_go(const struct driver *driver, uint64_t now) {
    uint32_t cpu = this_cpu()->number;

    return driver_precedes(driver, ready_best_tenant(cpu, now), cpu, now);
}

bool choice_has_no_tenant(uint64_t now) {
    return ready_best_tenant(this_cpu()->number, now) == NULL;
}

/* ---- For other CPUs ---- */

/* Of the other CPUs the one with the least to do; `last`, if there is nothing to choose. */
static struct cpu *least_busy(uint32_t last) {
    struct cpu *best = NULL;

    for (uint32_t n = 0; n < cpu_count(); n++) {
        struct cpu *cpu = cpus[n];

        if (cpu_is_this(cpu))
            continue;
        if (best == NULL || cpu->duty < best->duty || (cpu->duty == best->duty && n == last))
            best = cpu;
    }
    return best;
}

/* Tenants by weight wait for a turn's end, unless a CPU has nothing to do: nobody need look at who is next. */
static bool may_take(const struct cpu *cpu) {
    return cpu->duty < DUTY_WEIGHTED || ready.drivers.first ||
           share_queue_reserved(&ready.tenants, cpu->number) > 0;
}

/* What is ready for `cpu` may be more than what it is busy with. NULL: nothing is ready for it. */
static struct thread *offer_to(struct cpu *cpu, uint64_t now, enum cpu_duty *duty) {
    uint64_t unused = DEADLINE_NEVER;

    return may_take(cpu) ? choose_thread(cpu, now, &unused, duty) : NULL;
}

/* What waits for another CPU in particular nobody else can take. */
static void offer_seated(uint64_t now) {
    for (uint32_t n = 0; n < cpu_count(); n++) {
        enum cpu_duty duty;

        if (!cpu_is_this(cpus[n]) && seats_stand_at(&ready.tenants, n) &&
            offer_to(cpus[n], now, &duty) && cpus[n]->duty < duty)
            remote_kick(cpus[n]);
    }
}

void offer_rest(uint64_t now) {
    struct cpu *cpu = least_busy(0);
    enum cpu_duty duty;
    struct thread *thread;

    if (ready.tenants.standing > 0)
        offer_seated(now);
    thread = cpu ? offer_to(cpu, now, &duty) : NULL;
    if (thread == NULL)
        return;
    if (thread->placement == NULL)
        cpu = least_busy(thread->cpu);
    if (cpu->duty < duty)
        remote_kick(cpu);
}
