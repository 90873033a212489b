// SPDX-License-Identifier: MIT
/*
 * unshare and setns: a process stops sharing with others what clone let it share, and is told that there are no namespaces.
 *
 * Threads of a process share its table of descriptors and its place in the tree for good, so one that is not alone may
 * unshare neither.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/path.h"
#include "domains/linux/file/table.h"
#include "domains/linux/process/clone.h"

#define OF_THREADS (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)
#define UNSHARE_KNOWN                                                                              \
    (OF_THREADS | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_NAMESPACES | CLONE_NEWTIME)

static int check(const struct process *process, uint32_t flags) {
    bool is_alone = process->thread_count == 1;
    if (flags & ~UNSHARE_KNOWN)
        return -EINVAL;
    if (flags & (OF_THREADS | CLONE_FS | CLONE_FILES) && !is_alone)
        return -EINVAL;
    return flags & (CLONE_NAMESPACES | CLONE_NEWTIME) ? no_namespaces(flags) : 0;
}

static int own_paths(struct process *process) {
    struct path_context *own = path_context_copy(process->paths);
    if (own == NULL)
        return -ENOMEM;
    path_context_release(process->paths);
    process->paths = own;
    return 0;
}

static int own_files(struct process *process) {
    struct file_table *own = file_table_copy(process->files);
    if (own == NULL)
        return -ENOMEM;
    file_table_release(process->files);
    process->files = own;
    return 0;
}

SYSTEM_CALL_1(unshare, flags) {
    struct process *process = current_process();
    int error = check(process, flags);
    if (error == 0 && flags & CLONE_FS)
        error = own_paths(process);
    if (error == 0 && flags & CLONE_FILES && file_table_is_shared(process->files))
        error = own_files(process);
    return error;
}

/* Nothing that can be opened stands for a namespace. */
SYSTEM_CALL_2(setns, descriptor, kind) {
    (void)kind;
    struct file *file = file_get(current_process()->files, (int)descriptor);
    if (file == NULL)
        return -EBADF;
    file_release(file);
    return -EINVAL;
}
