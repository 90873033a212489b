// SPDX-License-Identifier: MIT
#include "kernel/sched/account.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/placed_queue.h"
#include "kernel/sched/ready.h"

/* The tenant that pays for the time of `thread`: for a driver, the one it serves. */
static struct tenant *payer(struct thread *thread) {
    return thread->tenant ? thread->tenant : thread->driver->serving;
}

static void charge_driver(struct driver *driver, uint64_t now, uint64_t spent, bool idling) {
    enum payment payment = driver->serving ? PAID_BY_TENANT : PAID_BY_NOBODY;

    budget_charge(driver, now, spent, idling ? PAID_BY_IDLING : payment);
}

void account_begin(struct cpu *cpu, uint64_t now) {
    cpu->accounted = cpu->counted = now;
}

void account_count(struct cpu *cpu, struct thread *thread, uint64_t now) {
    uint64_t spent = now > cpu->counted ? now - cpu->counted : 0;

    cpu->counted = now;
    if (thread->state == THREAD_RUNNING)
        thread->slice_left -= spent < thread->slice_left ? spent : thread->slice_left;
    if ((thread->frame.cs & 3) == 3)
        thread->app_time += spent;
    else
        thread->manager_time += spent;
}

void account_charge(struct cpu *cpu, uint64_t now) {
    struct thread *thread = cpu->current;
    uint64_t spent = now > cpu->accounted ? now - cpu->accounted : 0;
    struct tenant *tenant = thread ? payer(thread) : cpu->cause;

    if (thread && thread->tenant)
        share_queue_charge_run(&ready.tenants, &tenant->share, now, spent, cpu->number,
                               cpu->chosen_at);
    else if (tenant)
        share_queue_charge(&ready.tenants, &tenant->share, now, spent, cpu->number);
    if (thread && thread->driver)
        charge_driver(thread->driver, now, spent, cpu->idling);
    if (thread && thread_priority(thread) > 0)
        placed_ran(thread->tenant->seating, cpu->number, now, spent);
    if (thread)
        account_count(cpu, thread, now);
    account_begin(cpu, now);
}
