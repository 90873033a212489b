// SPDX-License-Identifier: MIT
/*
 * /proc as a file system: inodes are made at each lookup from an entry of the tables in
 * proc_entry.h and the numbers on the way to it, and are freed with their last user. A text is made
 * whole when its file is read at offset 0, so that one pass of reads sees one state.
 */
#include "domains/linux/fs/procfs.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/file/table.h"
#include "domains/linux/fs/proc_entry.h"

#define PROC_MAGIC   0x9FA0u
#define NUMBERS_BASE 0x10000u /* listing offset of number 0 */

struct proc_inode {
    struct inode inode; /* first */
    const struct proc_entry *entry;
    struct proc_inode *parent; /* held; NULL: the root */
    int32_t pid, tid;          /* 0: none on the way */
    uint64_t started;          /* when the process was: another one may have its number later */
    int descriptor;
};

static const struct inode_operations proc_operations, jump_operations;
static const struct file_operations folder_operations, text_operations;
static struct file_system proc_system;

static struct proc_inode *proc_of(struct inode *inode) {
    return (struct proc_inode *)inode;
}

/* ---- Subjects and inodes --------------------------------------------------------------------- */

/* NULL: it is gone meanwhile, or there was none on the way. */
static struct process *process_of(const struct proc_inode *proc) {
    struct process *process = process_find(proc->pid);

    return process != NULL && process->started == proc->started ? process : NULL;
}

/* 0, or -ESRCH if the process or thread is gone meanwhile. */
static int find_subject(const struct proc_inode *proc, struct proc_subject *subject) {
    *subject = (struct proc_subject){.descriptor = proc->descriptor};
    if (proc->pid == 0)
        return 0;
    subject->process = process_of(proc);
    if (subject->process == NULL)
        return -ESRCH;
    for (struct thread *thread = subject->process->threads; thread != NULL; thread = thread->next)
        if (thread->tid == proc->tid)
            subject->thread = thread;
    return proc->tid != 0 && subject->thread == NULL ? -ESRCH : 0;
}

/* Equal for the same object at each lookup. */
static uint32_t number_of(const struct proc_inode *proc) {
    uint32_t number = (uint32_t)(uintptr_t)proc->entry;

    number = number * 31 + (uint32_t)proc->pid;
    number = number * 31 + (uint32_t)proc->tid;
    number = number * 31 + (uint32_t)proc->descriptor;
    return number == 0 ? 1 : number;
}

static void set_attributes(struct proc_inode *proc) {
    struct inode *inode = &proc->inode;
    const struct process *process = process_of(proc);

    inode->references = 1;
    inode->number = number_of(proc);
    inode->mode = proc->entry->mode;
    inode->links = MODE_IS(inode->mode, S_IFDIR) ? 2 : 1;
    inode->uid = process == NULL ? 0 : process->euid;
    inode->gid = process == NULL ? 0 : process->egid;
    inode->accessed = inode->modified = inode->changed = timestamp_now();
    inode->file_system = &proc_system;
    inode->operations = proc->entry->follow == NULL ? &proc_operations : &jump_operations;
}

static int make_inode(struct proc_inode *parent, const struct proc_entry *entry,
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

/* ---- Folders --------------------------------------------------------------------------------- */

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
    const struct process *process = process_of(proc);

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

static int proc_lookup(struct inode *directory, const char *name, uint32_t length,
                       struct inode **found) {
    struct proc_inode *proc = proc_of(directory), numbers;
    const struct proc_folder *folder = proc->entry->folder;
    int number;

    if (length == 2 && name[0] == '.' && name[1] == '.') {
        *found = proc->parent == NULL ? directory : &proc->parent->inode;
        inode_hold(*found);
        return 0;
    }
    if (proc->pid != 0 && process_of(proc) == NULL)
        return -ESRCH;
    for (uint32_t i = 0; i < folder->count; i++) {
        const char *own = folder->entries[i].name;

        if (strlen(own) == length && memcmp(own, name, length) == 0) {
            numbers =
                (struct proc_inode){.pid = proc->pid, .tid = proc->tid, .started = proc->started};
            return make_inode(proc, &folder->entries[i], &numbers, found);
        }
    }
    if (!parse_number(name, length, &number) || !take_number(proc, number, &numbers))
        return -ENOENT;
    return make_inode(proc, folder->numbered, &numbers, found);
}

static int proc_name(struct inode *directory, char *buffer, uint32_t room) {
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
    const struct process *process = process_of(proc);
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
        .inode = number_of(&(struct proc_inode){.entry = entry, .pid = proc->pid}),
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

static int proc_list(struct file *file, uint64_t offset, directory_visit *visit, void *context) {
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
    int result = find_subject(proc, &subject) != 0 ? -ENOENT : 0;

    if (result == 0 && proc->entry->follow != NULL)
        result = check_owner(&subject);
    return result != 0 ? result : proc->entry->text(&subject, buffer, room);
}

static int proc_follow(struct inode *inode, struct path *found, struct file **file) {
    struct proc_inode *proc = proc_of(inode);
    struct proc_subject subject;
    int result = find_subject(proc, &subject) != 0 ? -ENOENT : check_owner(&subject);

    return result != 0 ? result : proc->entry->follow(&subject, found, file);
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static int make_text(struct file *file) {
    struct proc_text *text = file->private;
    struct proc_inode *proc = proc_of(file->inode);
    struct proc_subject subject;
    int error = find_subject(proc, &subject);

    if (error != 0)
        return error;
    proc_text_free(text);
    proc->entry->show(text, &subject);
    return text->no_memory && text->length == 0 ? -ENOMEM : 0;
}

static int text_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct proc_text *text = file->private;
    int moved;

    if (*offset == 0 || text->bytes == NULL) {
        int error = make_text(file);

        if (error != 0)
            return error;
    }
    if (*offset >= text->length)
        return 0;
    moved = transfer_put(to, text->bytes + *offset, text->length - (uint32_t)*offset);
    if (moved > 0)
        *offset += (uint32_t)moved;
    return moved;
}

/* All of a write is taken, whatever its offset is. The subject is looked for when the bytes are here. */
static int text_write(struct file *file, struct transfer *from, uint64_t *offset) {
    const struct proc_inode *proc = proc_of(file->inode);
    struct proc_subject subject;
    char taken[PROC_TAKEN_MOST + 1] = "";
    uint32_t total = from->total, most = total < PROC_TAKEN_MOST ? total : PROC_TAKEN_MOST;
    int error;

    if (proc->entry->take == NULL)
        return proc->pid != 0 ? -EINVAL : -EIO;
    if (most > 0 && transfer_take(from, taken, most) != (int)most)
        return -EFAULT;
    error = find_subject(proc, &subject);
    if (error == 0)
        error = proc->entry->take(&subject, taken);
    if (error != 0)
        return error;
    *offset += total;
    return (int)total;
}

static int text_seek(struct file *file, int64_t offset, int whence, uint64_t *result) {
    if (whence == SEEK_CUR)
        offset += (int64_t)file->offset;
    else if (whence != SEEK_SET)
        return -EINVAL;
    *result = (uint64_t)offset;
    return offset < 0 ? -EINVAL : 0;
}

static void text_release(struct file *file) {
    proc_text_free(file->private);
    heap_free(file->private);
}

static int proc_open(struct inode *inode, struct file *file) {
    bool writes = (file->flags & O_ACCMODE) != O_RDONLY;

    if (writes && proc_of(inode)->entry->is_setting && (inode->mode & 0222) == 0)
        return -EACCES;
    if (MODE_IS(inode->mode, S_IFDIR)) {
        file->operations = &folder_operations;
        return 0;
    }
    file->private = heap_allocate(sizeof(struct proc_text));
    if (file->private == NULL)
        return -ENOMEM;
    file->operations = &text_operations;
    return 0;
}

/* ---- The file system ------------------------------------------------------------------------- */

static const struct file_operations folder_operations = {.list = proc_list};

static const struct file_operations text_operations = {
    .read = text_read,
    .write = text_write,
    .seek = text_seek,
    .release = text_release,
};

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
