// SPDX-License-Identifier: MIT
/*
 * /proc/N/oom_score, oom_score_adj and oom_adj: whom a shortage of memory ends, and what programs have to say in it. The last one is
 * the older scale, from -17 to 15.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/fs/proc_entry.h"
#include "domains/linux/fs/proc_number.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/memory_shortage.h"

#define MOST      SHORTAGE_ADJUSTMENT_MOST
#define OLD_MOST  15
#define OLD_NEVER (-17)

/* In thousandths of all memory, moved so that nothing is below 0, as Linux shows it. */
void proc_show_shortage_score(struct proc_text *text, const struct proc_subject *subject) {
    const struct process *process = subject->process;
    int32_t thousandths = 0;

    if (process->space != NULL && process->shortage_adjustment > -MOST)
        thousandths =
            (MOST + (int32_t)(address_space_resident(process->space) * MOST / frames_total()) +
             process->shortage_adjustment) *
            2 / 3;
    proc_text_add(text, "%d\n", thousandths);
}

void proc_show_adjustment(struct proc_text *text, const struct proc_subject *subject) {
    proc_text_add(text, "%d\n", subject->process->shortage_adjustment);
}

void proc_show_old_adjustment(struct proc_text *text, const struct proc_subject *subject) {
    int32_t adjustment = subject->process->shortage_adjustment;

    proc_text_add(text, "%d\n", adjustment == MOST ? OLD_MOST : adjustment * -OLD_NEVER / MOST);
}

/* Who ends together is protected together; but who has borrowed the memory until it execs speaks for itself alone. */
static bool is_meant(const struct process *process, const struct process *told) {
    return process == told ||
           (process->space == told->space && told->space != NULL && !told->vfork_waits);
}

/* Root may protect a process, and then nobody else may protect it more. */
static int set(const struct process *told, int32_t adjustment, int32_t least) {
    bool is_root = current_credentials().uid == 0;

    if (adjustment < least && !is_root)
        return -EACCES;
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (is_meant(process, told)) {
            process->shortage_adjustment = adjustment;
            if (is_root)
                process->shortage_least = adjustment;
        }
    return 0;
}

int proc_take_adjustment(const struct proc_subject *subject, char *text) {
    struct process *process = subject->process;
    int32_t adjustment;
    int error = proc_number(text, &adjustment);

    if (error == 0 && (adjustment < -MOST || adjustment > MOST))
        error = -EINVAL;
    return error != 0 ? error : set(process, adjustment, process->shortage_least);
}

int proc_take_old_adjustment(const struct proc_subject *subject, char *text) {
    struct process *process = subject->process;
    int32_t old;
    int error = proc_number(text, &old);

    if (error == 0 && (old < OLD_NEVER || old > OLD_MOST))
        error = -EINVAL;
    if (error != 0)
        return error;
    return set(process, old == OLD_MOST ? MOST : old * MOST / -OLD_NEVER,
               process->shortage_adjustment);
}
