// SPDX-License-Identifier: MIT
/*
 * One victim at a time: while it is on its way out, all others that find no frame wait for it. Not for ever: it may itself wait for
 * something that a waiting one has. When its time is over the next one is chosen, and as there are less and less, the last is who
 * asks.
 */
#include "domains/linux/process/memory_shortage.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/log.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/shortage_choice.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/state.h"

#define PATIENCE (NANOSECONDS / 2) /* for the end of a victim */
#define INIT     1                 /* the operator's first process: without it there is no shell */

uint32_t shortage_ends;

static struct wait_queue memory_event;
static int32_t victim_id; /* 0: none */
static uint64_t patient_until;

uint32_t shortage_score(const struct process *process) {
    if (process->zombie || process->space == NULL || process->pid == INIT)
        return 0;
    return shortage_points(address_space_resident(process->space), process->shortage_adjustment,
                           frames_total());
}

/* Ends of memory come in storms (a fork bomb of writers): the log gets a line a second. */
static void log_end(const struct process *process, uint32_t address) {
    static uint64_t quiet_until;
    static uint32_t unmentioned;
    uint64_t now = clock_nanoseconds();
    if (now < quiet_until) {
        unmentioned++;
        return;
    }
    log_line("process %d (%s) killed: no frame left for %08x of %d; %u others since the last line",
             process->pid, process->name, address, current_process()->pid, unmentioned);
    quiet_until = now + NANOSECONDS;
    unmentioned = 0;
}

/* Not who has borrowed its parent's memory: it goes with the parent, if that may be ended. */
static struct process *choose(void) {
    struct process *chosen = current_process();
    uint32_t most = 0;
    for (struct process *process = process_list; process != NULL; process = process->next) {
        uint32_t score = process->ending || process->vfork_waits ? 0 : shortage_score(process);
        if (score > most || (score == most && score > 0 && process == current_process())) {
            most = score;
            chosen = process;
        }
    }
    return chosen;
}

/* Its memory goes with the last process that has it. The first process ends for itself alone. */
static void end_with_space(const struct process *victim) {
    const struct address_space *space = victim->space;
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (process->space == space && !process->zombie && !process->ending &&
            (process == victim || process->pid != INIT)) {
            process_end(process, SIGKILL);
            shortage_ends++;
        }
}

static bool victim_is_ending(void) {
    const struct process *victim = victim_id != 0 ? process_find(victim_id) : NULL;
    return victim != NULL && victim->ending && victim->space != NULL &&
           clock_nanoseconds() < patient_until;
}

bool shortage_end_one(uint32_t address) {
    struct process *self = current_process();
    if (self->ending)
        return false;
    if (!victim_is_ending()) {
        struct process *victim = choose();
        log_end(victim, address);
        victim_id = victim->pid;
        patient_until = clock_nanoseconds() + PATIENCE;
        end_with_space(victim);
    }
    while (!self->ending && victim_is_ending())
        wait_uninterrupted(&memory_event, patient_until);
    return !self->ending;
}

void shortage_is_over(void) {
    wait_wake(&memory_event);
}
