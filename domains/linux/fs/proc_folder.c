// SPDX-License-Identifier: MIT
/*
 * Folders of /proc: the fixed entries first, then the numbered ones, in order. A number is looked up among processes, threads or
 * descriptors as they are now; a listing goes on at the next number, whatever has come or gone meanwhile.
 */
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/table.h"
#include "domains/linux/fs/proc_inode.h"
#include "domains/linux/process/thread.h"

#define NUMBERS_BASE 0x10000u /* listing offset of number 0 */

static bool parse_number(const char *name, uint32_t length, int *number) {
    uint32_t value = 0;

    if (length == 0 || length > 7 || (name[0] == '0' && length > 1))
        return false;
    for (uint32_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(name[i] - '0');
    }
    *number = (int)value;
    return true;
}

static bool has_descriptor(const struct proc_inode *proc, int descriptor) {
    const struct process *process = proc_process_of(proc);

    return process != NULL && process->files != NULL &&
           file_table_next(process->files, descriptor) == descriptor;
}

static bool has_thread(const struct proc_inode *proc, int32_t tid) {
    const struct thread *thread = thread_find(tid);

    return tid != 0 && thread != NULL && thread->process->pid == proc->pid;
}

/* Does the folder have this number? Then `numbers` says so, for the new inode. */
static bool take_number(const struct proc_inode *proc, int number, struct proc_inode *numbers) {
    const struct process *process;

    *numbers = (struct proc_inode){.pid = proc->pid, .tid = proc->tid, .started = proc->started};
    switch (proc->entry->folder->numbers) {
    case NUMBERS_ARE_PROCESSES:
        process = number == 0 ? NULL : process_find(number);
        if (process == NULL)
            return false;
        numbers->pid = number;
        numbers->started = process->started;
        return true;
    case NUMBERS_ARE_THREADS:
        numbers->tid = number;
        return has_thread(proc, number);
    case NUMBERS_ARE_FILES:
        numbers->descriptor = number;
        return has_descriptor(proc, number);
    default:
        return false;
    }
}

int proc_lookup(struct inode *directory, const char *name, uint32_t length, struct inode **found) {
    struct proc_inode *proc = proc_of(directory), numbers;
    const struct proc_folder *folder = proc->entry->folder;
    int number;

    if (length == 2 && name[0] == '.' && name[1] == '.') {
        *found = proc->parent == NULL ? directory : &proc->parent->inode;
        inode_hold(*found);
        return 0;
    }
    if (proc->pid != 0 && proc_process_of(proc) == NULL)
        return -ESRCH;
    for (uint32_t i = 0; i < folder->count; i++) {
        const char *own = folder->entries[i].name;

        if (strlen(own) == length && memcmp(own, name, length) == 0) {
            numbers =
                (struct proc_inode){.pid = proc->pid, .tid = proc->tid, .started = proc->started};
            return proc_make_inode(proc, &folder->entries[i], &numbers, found);
        }
    }
    if (!parse_number(name, length, &number) || !take_number(proc, number, &numbers))
        return -ENOENT;
    return proc_make_inode(proc, folder->numbered, &numbers, found);
}

int proc_name(struct inode *directory, char *buffer, uint32_t room) {
    const struct proc_inode *proc = proc_of(directory);
    const char *name = proc->entry->name;
    char number[12];

    if (proc->parent == NULL)
        return 0;
    if (name == NULL) {
        text_format(number, sizeof number, "%d", proc->tid != 0 ? proc->tid : proc->pid);
        name = number;
    }
    if (strlen(name) > room)
        return -ENAMETOOLONG;
    memcpy(buffer, name, strlen(name));
    return (int)strlen(name);
}

/* The next number of the folder at or after `from`; -1 at the end. */
static int next_number(const struct proc_inode *proc, int from) {
    const struct process *process = proc_process_of(proc);
    int best = -1;

    switch (proc->entry->folder->numbers) {
    case NUMBERS_ARE_PROCESSES:
        for (process = process_list; process != NULL && process->pid < from;)
            process = process->next;
        return process == NULL ? -1 : process->pid;
    case NUMBERS_ARE_THREADS:
        for (const struct thread *thread = process == NULL ? NULL : process->threads;
             thread != NULL; thread = thread->next)
            if (thread->tid >= from && (best < 0 || thread->tid < best))
                best = thread->tid;
        return best;
    case NUMBERS_ARE_FILES:
        return process == NULL || process->files == NULL ? -1
                                                         : file_table_next(process->files, from);
    default:
        return -1;
    }
}

static bool list_one(const struct proc_inode *proc, const struct proc_entry *entry,
                     const char *name, uint64_t next, directory_visit *visit, void *context) {
    struct directory_entry shown = {
        .inode = proc_inode_number(&(struct proc_inode){.entry = entry, .pid = proc->pid}),
        .type = MODE_DIRENT_TYPE(entry->mode),
        .length = (uint8_t)strlen(name),
        .name = name,
    };

    return visit(context, &shown, next);
}

static bool list_numbers(struct proc_inode *proc, uint64_t offset, directory_visit *visit,
                         void *context) {
    const struct proc_folder *folder = proc->entry->folder;
    int number = offset < NUMBERS_BASE ? 0 : (int)(offset - NUMBERS_BASE);

    for (number = next_number(proc, number); number >= 0; number = next_number(proc, number + 1)) {
        char name[12];

        text_format(name, sizeof name, "%d", number);
        if (!list_one(proc, folder->numbered, name, NUMBERS_BASE + (uint64_t)number + 1, visit,
                      context))
            return false;
    }
    return true;
}

int proc_list(struct file *file, uint64_t offset, directory_visit *visit, void *context) {
    struct proc_inode *proc = proc_of(file->inode);
    const struct proc_folder *folder = proc->entry->folder;

    for (; offset < 2; offset++) {
        struct directory_entry dot = {file->inode->number, 4, (uint8_t)(offset + 1), ".."};

        if (!visit(context, &dot, offset + 1))
            return 0;
    }
    for (; offset < folder->count + 2; offset++) {
        const struct proc_entry *entry = &folder->entries[offset - 2];

        if (!list_one(proc, entry, entry->name, offset + 1, visit, context))
            return 0;
    }
    (void)list_numbers(proc, offset, visit, context);
    return 0;
}
