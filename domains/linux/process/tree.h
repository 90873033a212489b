// SPDX-License-Identifier: MIT
/*
 * The tree of processes and its life cycle, for the parts of domains/linux/process alone.
 *
 *   made ──launch──> running ──last thread ends──> zombie ──parent waits, or does not care──> freed
 *
 * A process whose parent ends goes to the nearest subreaper, else to process 1, else to the
 * manager, which waits for nobody: such a process is freed as soon as it ends.
 */
#ifndef DOMAINS_LINUX_PROCESS_TREE_H
#define DOMAINS_LINUX_PROCESS_TREE_H

#include "domains/linux/process/process.h"

/* A process in the list, with `parent` (may be NULL), without threads. NULL: no memory. */
struct process *process_make(struct process *parent, int32_t pid);
/* Takes it out of list and tree and frees what is left of it. */
void process_free(struct process *process);
void process_set_parent(struct process *process, struct process *parent);
/* Is there a live process, or a thread, of this id, or does a group or session bear the number? */
bool process_id_in_use(int32_t id);

/* The last thread is about to go: everything but the zombie is given back. The calling thread may
 * use the address space no more afterwards. */
void process_release_resources(struct process *process);
/* The last thread is gone: a zombie, and its parent hears of it. */
void process_become_zombie(struct process *process);

/* Tells whoever asked by process_on_exit, and frees the zombie. */
void process_report_exit(struct process *process);
/* The parent that sleeps in vfork goes on. */
void process_vfork_done(struct process *process);

/* Is no member of the group able to be continued by a parent in another group of the session? */
bool group_is_orphaned(int32_t group, const struct process *except);
/* `process` ends or leaves: groups that its going orphans and that have stopped members are told.
 * */
void group_check_orphans(struct process *process);

#endif
