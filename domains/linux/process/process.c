// SPDX-License-Identifier: MIT
/*
 * The list of all processes, in order of their ids, and the tree over it.
 */
#include "domains/linux/process/process.h"

#include "domains/lib/heap.h"
#include "domains/linux/file/file.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/tree.h"

#define ID_MOST           32768
#define CORE_FILTER_USUAL 0x33u /* as Linux's first process has it */

struct process *process_list;

struct thread *current_thread(void) {
    return thread_control()->self;
}

struct process *current_process(void) {
    struct thread *thread = current_thread();
    return thread != NULL ? thread->process : NULL;
}

struct process *process_find(int32_t pid) {
    struct process *process = process_list;
    while (process != NULL && process->pid < pid)
        process = process->next;
    return process != NULL && process->pid == pid ? process : NULL;
}

bool process_id_in_use(int32_t id) {
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (process->pid == id || process->process_group == id || process->session == id)
            return true;
    return thread_find(id) != NULL;
}

/* Number 1 is init's alone. */
int32_t thread_new_id(void) {
    static int32_t last = 1;
    do
        last = last < ID_MOST ? last + 1 : 2;
    while (process_id_in_use(last));
    return last;
}

static void list_insert(struct process *process) {
    struct process **link = &process_list;
    while (*link != NULL && (*link)->pid < process->pid)
        link = &(*link)->next;
    process->next = *link;
    *link = process;
}

static void list_remove(struct process *process) {
    struct process **link = &process_list;
    while (*link != process)
        link = &(*link)->next;
    *link = process->next;
}

static void leave_parent(struct process *process) {
    if (process->parent == NULL)
        return;
    struct process **link = &process->parent->first_child;
    while (*link != process)
        link = &(*link)->next_sibling;
    *link = process->next_sibling;
}

void process_set_parent(struct process *process, struct process *parent) {
    leave_parent(process);
    process->parent = parent;
    process->parent_pid = parent != NULL ? parent->pid : 0;
    process->next_sibling = NULL;
    if (parent == NULL)
        return;
    struct process **link = &parent->first_child;
    while (*link != NULL)
        link = &(*link)->next_sibling;
    *link = process;
}

struct process *process_make(struct process *parent, int32_t pid) {
    struct process *process = heap_allocate(sizeof(*process));
    if (process == NULL)
        return NULL;
    process->pid = pid;
    process->core_filter = CORE_FILTER_USUAL;
    list_insert(process);
    process_set_parent(process, parent);
    return process;
}

void process_free(struct process *process) {
    leave_parent(process);
    list_remove(process);
    signal_queue_discard(&process->pending, ~0ull);
    heap_free(process);
}
