// SPDX-License-Identifier: MIT
/*
 * /proc as a file system: inodes are made at each lookup from an entry of the tables in
 * proc_entry.h and the numbers on the way to it, and are freed with their last user.
 */
#include "domains/linux/fs/procfs.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/fs/proc_inode.h"
#include "domains/linux/process/thread.h"

#define PROC_MAGIC 0x9FA0u

static const struct inode_operations proc_operations, jump_operations;
static const struct file_operations folder_operations;
static struct file_system proc_system;

/* ---- Subjects and inodes --------------------------------------------------------------------- */

struct process *proc_process_of(const struct proc_inode *proc) {
    struct process *process = process_find(proc->pid);

    return process != NULL && process->started == proc->started ? process : NULL;
}

int proc_find_subject(const struct proc_inode *proc, struct proc_subject *subject) {
    *subject = (struct proc_subject){.descriptor = proc->descriptor};
    if (proc->pid == 0)
        return 0;
    subject->process = proc_process_of(proc);
    if (subject->process == NULL)
        return -ESRCH;
    for (struct thread *thread = subject->process->threads; thread != NULL; thread = thread->next)
        if (thread->tid == proc->tid)
            subject->thread = thread;
    return proc->tid != 0 && subject->thread == NULL ? -ESRCH : 0;
}

uint32_t proc_inode_number(const struct proc_inode *proc) {
    uint32_t number = (uint32_t)(uintptr_t)proc->entry;

    number = number * 31 + (uint32_t)proc->pid;
    number = number * 31 + (uint32_t)proc->tid;
    number = number * 31 + (uint32_t)proc->descriptor;
    return number == 0 ? 1 : number;
}

static void set_attributes(struct proc_inode *proc) {
    struct inode *inode = &proc->inode;
    const struct process *process = proc_process_of(proc);

    inode->references = 1;
    inode->number = proc_inode_number(proc);
    inode->mode = proc->entry->mode;
    inode->links = MODE_IS(inode->mode, S_IFDIR) ? 2 : 1;
    inode->uid = process == NULL ? 0 : process->euid;
    inode->gid = process == NULL ? 0 : process->egid;
    inode->accessed = inode->modified = inode->changed = timestamp_now();
    inode->file_system = &proc_system;
    inode->operations = proc->entry->follow == NULL ? &proc_operations : &jump_operations;
}

int proc_make_inode(struct proc_inode *parent, const struct proc_entry *entry,
                    const struct proc_inode *numbers, struct inode **made) {
    struct proc_inode *proc = heap_allocate(sizeof *proc);

    if (proc == NULL)
        return -ENOMEM;
    *proc = *numbers;
    proc->inode = (struct inode){0};
    proc->entry = entry;
    proc->parent = parent;
    set_attributes(proc);
    inode_hold(&parent->inode);
    *made = &proc->inode;
    return 0;
}

static void free_inode(struct inode *inode) {
    struct proc_inode *proc = proc_of(inode);

    inode_release(&proc->parent->inode);
    heap_free(proc);
}

/* ---- Links ----------------------------------------------------------------------------------- */

/* Whose program, folders and files these are is nobody else's business. */
static int check_owner(const struct proc_subject *subject) {
    struct credentials who = current_credentials();

    return subject->process == NULL || who.uid == 0 || who.uid == subject->process->uid ? 0
                                                                                        : -EACCES;
}

static int proc_readlink(struct inode *inode, char *buffer, uint32_t room) {
    struct proc_inode *proc = proc_of(inode);
    struct proc_subject subject;
    int result = proc_find_subject(proc, &subject) != 0 ? -ENOENT : 0;

    if (result == 0 && proc->entry->follow != NULL)
        result = check_owner(&subject);
    return result != 0 ? result : proc->entry->text(&subject, buffer, room);
}

static int proc_follow(struct inode *inode, struct path *found, struct file **file) {
    struct proc_inode *proc = proc_of(inode);
    struct proc_subject subject;
    int result = proc_find_subject(proc, &subject) != 0 ? -ENOENT : check_owner(&subject);

    return result != 0 ? result : proc->entry->follow(&subject, found, file);
}

/* ---- The file system ------------------------------------------------------------------------- */

static int proc_open(struct inode *inode, struct file *file) {
    bool writes = (file->flags & O_ACCMODE) != O_RDONLY;

    if (writes && proc_of(inode)->entry->is_setting && (inode->mode & 0222) == 0)
        return -EACCES;
    if (MODE_IS(inode->mode, S_IFDIR)) {
        file->operations = &folder_operations;
        return 0;
    }
    file->operations = &proc_text_operations;
    return 0;
}

static const struct file_operations folder_operations = {.list = proc_list};

/* Two tables, because a link that is text must not have a follow operation: the walk asks for
 * it. */
static const struct inode_operations proc_operations = {
    .lookup = proc_lookup,
    .open = proc_open,
    .free = free_inode,
    .name = proc_name,
    .readlink = proc_readlink,
};

static const struct inode_operations jump_operations = {
    .free = free_inode,
    .readlink = proc_readlink,
    .follow = proc_follow,
};

static const struct proc_entry root_entry = {.mode = S_IFDIR | 0555, .folder = &proc_root_folder};

static struct file_system proc_system = {.references = 1, .type = "proc", .magic = PROC_MAGIC};

struct file_system *procfs(void) {
    return &proc_system;
}

int procfs_start(void) {
    struct proc_inode *root = heap_allocate(sizeof *root);

    if (root == NULL)
        return -ENOMEM;
    root->entry = &root_entry;
    set_attributes(root);
    proc_system.root = &root->inode;
    proc_system.device = file_system_number();
    return 0;
}
