// SPDX-License-Identifier: MIT
/*
 * fork, vfork and clone: a new process or a new thread of this one.
 *
 * All that may sleep (reading and writing the app's memory) comes first; from then on the new
 * thread is built in one go under the lock, so nobody sees it half made.
 */
#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/table.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/clone.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/tls.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/tty/terminal.h"

#define CLONE_KNOWN                                                                                \
    (CLONE_SIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE |             \
     CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |                    \
     CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED |                \
     CLONE_CHILD_SETTID | CLONE_IO)

/* What a process needs at least, beside the memory that it will copy: a directory, two page tables, a stack in ring 2,
 * and what is cut from frames. */
#define FRAMES_OF_PROCESS 6

struct request {
    uint32_t flags, stack, parent_tid, tls, child_tid;
    int32_t tid;
    uint32_t tls_slot;
    uint64_t tls_descriptor;
};

static int check(const struct request *request) {
    uint32_t flags = request->flags;
    if (flags & CLONE_NAMESPACES)
        return no_namespaces(flags);
    if (flags & ~CLONE_KNOWN)
        return -EINVAL;
    if (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND))
        return -EINVAL;
    if (flags & CLONE_SIGHAND && !(flags & CLONE_VM))
        return -EINVAL;
    if ((flags & CLONE_SIGNAL) > SIGNAL_COUNT)
        return -EINVAL;
    return 0;
}

static bool is_within_limits(const struct request *request) {
    uint32_t count = 0;
    const struct process *self = current_process();
    if (request->flags & CLONE_THREAD)
        return thread_total < process_limit(RLIMIT_NPROC);
    for (struct process *process = process_list; process != NULL; process = process->next)
        count += process->uid == self->uid;
    return self->uid == 0 || count < process_limit(RLIMIT_NPROC);
}

/* ---- Parts of a process ---------------------------------------------------------------------- */

static void copy_identity(struct process *child, const struct process *parent) {
    child->process_group = parent->process_group;
    child->session = parent->session;
    child->uid = parent->uid;
    child->euid = parent->euid;
    child->fsuid = parent->fsuid;
    child->suid = parent->suid;
    child->gid = parent->gid;
    child->egid = parent->egid;
    child->fsgid = parent->fsgid;
    child->sgid = parent->sgid;
    child->group_count = parent->group_count;
    memcpy(child->groups, parent->groups, sizeof(child->groups));
    memcpy(child->limits, parent->limits, sizeof(child->limits));
    memcpy(child->name, parent->name, sizeof(child->name));
    child->nice = parent->nice;
    child->no_new_privileges = parent->no_new_privileges;
    child->expects_barriers = parent->expects_barriers;
    child->personality = parent->personality;
    child->shortage_adjustment = parent->shortage_adjustment;
    child->shortage_least = parent->shortage_least;
    child->core_filter = parent->core_filter;
    child->not_dumpable = parent->not_dumpable;
    child->started = clock_nanoseconds();
    child->terminal = parent->terminal;
    if (child->terminal != NULL)
        terminal_hold(child->terminal);
    child->executable = parent->executable;
    if (child->executable != NULL)
        file_hold(child->executable);
}

static struct address_space *share_or_copy_space(const struct process *parent, uint32_t flags) {
    if (!(flags & CLONE_VM))
        return address_space_fork(parent->space);
    address_space_hold(parent->space);
    return parent->space;
}

static struct file_table *share_or_copy_files(const struct process *parent, uint32_t flags) {
    if (!(flags & CLONE_FILES))
        return file_table_copy(parent->files);
    file_table_hold(parent->files);
    return parent->files;
}

static struct path_context *share_or_copy_paths(const struct process *parent, uint32_t flags) {
    if (!(flags & CLONE_FS))
        return path_context_copy(parent->paths);
    path_context_hold(parent->paths);
    return parent->paths;
}

static struct signal_table *share_or_copy_signals(const struct process *parent, uint32_t flags) {
    if (!(flags & CLONE_SIGHAND))
        return signal_table_copy(parent->signals);
    signal_table_hold(parent->signals);
    return parent->signals;
}

static bool copy_parts(struct process *child, const struct process *parent, uint32_t flags) {
    child->files = share_or_copy_files(parent, flags);
    child->paths = share_or_copy_paths(parent, flags);
    child->signals = share_or_copy_signals(parent, flags);
    child->space = share_or_copy_space(parent, flags);
    return child->files != NULL && child->paths != NULL && child->signals != NULL &&
           child->space != NULL;
}

/* Of a process that never had a thread. */
static void discard(struct process *child) {
    if (child->files != NULL)
        file_table_release(child->files);
    if (child->paths != NULL)
        path_context_release(child->paths);
    if (child->signals != NULL)
        signal_table_release(child->signals);
    if (child->space != NULL)
        address_space_release(child->space);
    if (child->terminal != NULL)
        terminal_release(child->terminal);
    if (child->executable != NULL)
        file_release(child->executable);
    process_free(child);
}

static struct process *make_process(const struct request *request) {
    struct process *self = current_process();
    struct process *parent = request->flags & CLONE_PARENT ? self->parent : self;
    struct process *child = process_make(parent, request->tid);
    if (child == NULL)
        return NULL;
    child->exit_signal = (int32_t)(request->flags & CLONE_SIGNAL);
    copy_identity(child, self);
    if (copy_parts(child, self, request->flags))
        return child;
    discard(child);
    return NULL;
}

/* ---- The thread ------------------------------------------------------------------------------ */

static void set_up_thread(struct thread *thread, const struct request *request) {
    struct thread *self = current_thread();
    struct registers *registers = app_registers(thread);
    thread->tid = request->tid;
    memcpy(thread->name, self->name, sizeof(thread->name));
    schedule_inherit(thread, self);
    thread->blocked = self->blocked;
    if (!(request->flags & CLONE_VM) || request->flags & CLONE_VFORK)
        thread->alternate = self->alternate;
    memcpy(thread->tls, self->tls, sizeof(thread->tls));
    __asm__ volatile("movl %%fs, %0" : "=r"(thread->fs));
    __asm__ volatile("movl %%gs, %0" : "=r"(thread->gs));
    *registers = *app_registers(self);
    registers->eax = 0;
    if (request->stack != 0)
        registers->esp = request->stack;
    if (request->flags & CLONE_SETTLS) {
        thread->tls[request->tls_slot] = request->tls_descriptor;
        thread->tls_to_load = 1u << request->tls_slot;
    }
    if (request->flags & CLONE_CHILD_CLEARTID)
        thread->clear_tid = request->child_tid;
    if (request->flags & CLONE_CHILD_SETTID)
        thread->set_tid = request->child_tid;
}

static struct thread *make_thread(const struct request *request) {
    bool of_this_process = request->flags & CLONE_THREAD;
    struct process *process = of_this_process ? current_process() : make_process(request);
    struct thread *thread = process != NULL ? thread_make(process) : NULL;
    if (thread != NULL)
        set_up_thread(thread, request);
    if (thread != NULL && thread_launch(thread))
        return thread;
    if (thread != NULL)
        thread_discard(thread);
    if (process != NULL && !of_this_process)
        discard(process);
    return NULL;
}

/* The child has borrowed the address space until it execs or ends; a kill ends the wait. */
static void wait_for_vfork(int32_t pid) {
    struct process *self = current_process();
    for (;;) {
        struct process *child = process_find(pid);
        if (child == NULL || !child->vfork_waits)
            return;
        if (self->ending) {
            child->vfork_waits = false;
            return;
        }
        wait_uninterrupted(&self->child_event, DEADLINE_NEVER);
    }
}

static int32_t clone(struct request request) {
    int error = check(&request);
    if (error != 0)
        return error;
    if (!is_within_limits(&request))
        return -EAGAIN;
    if (!memory_is_available(FRAMES_OF_PROCESS))
        return -ENOMEM;
    if (request.flags & CLONE_SETTLS) {
        error = tls_read(request.tls, &request.tls_slot, &request.tls_descriptor);
        if (error != 0)
            return error;
    }
    request.tid = thread_new_id();
    if (request.flags & CLONE_PARENT_SETTID &&
        copy_out(request.parent_tid, &request.tid, sizeof(request.tid)) != 0)
        return -EFAULT;
    struct thread *thread = make_thread(&request);
    if (thread == NULL)
        return -ENOMEM;
    if (request.flags & CLONE_VFORK && !(request.flags & CLONE_THREAD)) {
        thread->process->vfork_waits = true;
        wait_for_vfork(request.tid);
    }
    return request.tid;
}

SYSTEM_CALL_0(fork) {
    return clone((struct request){.flags = SIGCHLD});
}

SYSTEM_CALL_0(vfork) {
    return clone((struct request){.flags = CLONE_VM | CLONE_VFORK | SIGCHLD});
}

SYSTEM_CALL_5(clone, flags, stack, parent_tid, tls, child_tid) {
    return clone((struct request){flags, stack, parent_tid, tls, child_tid, 0, 0, 0});
}
