// SPDX-License-Identifier: MIT
/*
 * An inode of /proc, for the files that make the file system of the tables in proc_entry.h: an entry, and the numbers on the way to it.
 */
#ifndef DOMAINS_LINUX_FS_PROC_INODE_H
#define DOMAINS_LINUX_FS_PROC_INODE_H

#include "domains/linux/fs/proc_entry.h"

struct proc_inode {
    struct inode inode; /* first */
    const struct proc_entry *entry;
    struct proc_inode *parent; /* held; NULL: the root */
    int32_t pid, tid;          /* 0: none on the way */
    uint64_t started;          /* when the process was: another one may have its number later */
    int descriptor;
};

static inline struct proc_inode *proc_of(struct inode *inode) {
    return (struct proc_inode *)inode;
}

/* NULL: it is gone meanwhile, or there was none on the way. */
struct process *proc_process_of(const struct proc_inode *proc);
/* 0, or -ESRCH if the process or thread is gone meanwhile. */
int proc_find_subject(const struct proc_inode *proc, struct proc_subject *subject);
/* Equal for the same object at each lookup. */
uint32_t proc_inode_number(const struct proc_inode *proc);
/* A new one within `parent`, for the caller; `numbers` are those on the way. */
int proc_make_inode(struct proc_inode *parent, const struct proc_entry *entry,
                    const struct proc_inode *numbers, struct inode **made);

/* proc_folder.c */
int proc_lookup(struct inode *directory, const char *name, uint32_t length, struct inode **found);
int proc_name(struct inode *directory, char *buffer, uint32_t room);
int proc_list(struct file *file, uint64_t offset, directory_visit *visit, void *context);
/* proc_file.c */
extern const struct file_operations proc_text_operations;

#endif
