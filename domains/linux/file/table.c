// SPDX-License-Identifier: MIT
/*
 * A file table is up to GROUPS groups of 64 descriptors, made as they are needed.
 */
#include "domains/linux/file/table.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/record_lock.h"
#include "domains/linux/process/process.h"

#define GROUP  64u
#define GROUPS (FILE_TABLE_MAX / GROUP)

struct group {
    struct file *files[GROUP];
    uint64_t close_on_exec; /* bit n: descriptor n of the group */
};

struct file_table {
    uint32_t references;
    struct group *groups[GROUPS];
};

struct file_table *file_table_make(void) {
    struct file_table *table = heap_allocate(sizeof *table);

    if (table != NULL)
        table->references = 1;
    return table;
}

static struct group *copy_group(const struct group *from) {
    struct group *group = heap_allocate(sizeof *group);

    if (group == NULL)
        return NULL;
    *group = *from;
    for (uint32_t i = 0; i < GROUP; i++)
        if (group->files[i] != NULL)
            file_hold(group->files[i]);
    return group;
}

struct file_table *file_table_copy(const struct file_table *from) {
    struct file_table *table = file_table_make();

    if (table == NULL)
        return NULL;
    for (uint32_t i = 0; i < GROUPS; i++) {
        if (from->groups[i] == NULL)
            continue;
        table->groups[i] = copy_group(from->groups[i]);
        if (table->groups[i] == NULL) {
            file_table_release(table);
            return NULL;
        }
    }
    return table;
}

void file_table_hold(struct file_table *table) {
    table->references++;
}

bool file_table_is_shared(const struct file_table *table) {
    return table->references > 1;
}

void file_table_release(struct file_table *table) {
    if (--table->references > 0)
        return;
    for (int at = file_table_next(table, 0); at >= 0; at = file_table_next(table, at + 1))
        file_close(table, at);
    for (uint32_t i = 0; i < GROUPS; i++)
        heap_free(table->groups[i]);
    heap_free(table);
}

void file_table_exec(struct file_table *table) {
    for (int at = file_table_next(table, 0); at >= 0; at = file_table_next(table, at + 1))
        if (file_close_on_exec(table, at) == 1)
            file_close(table, at);
}

/* Where the descriptor's file stands; NULL if its group does not exist. */
static struct file **slot_of(const struct file_table *table, int descriptor) {
    uint32_t number = (uint32_t)descriptor;

    if (number >= FILE_TABLE_MAX || table->groups[number / GROUP] == NULL)
        return NULL;
    return &table->groups[number / GROUP]->files[number % GROUP];
}

static struct file **make_slot(struct file_table *table, int descriptor) {
    struct group **group = &table->groups[(uint32_t)descriptor / GROUP];

    if (*group == NULL)
        *group = heap_allocate(sizeof **group);
    return *group == NULL ? NULL : slot_of(table, descriptor);
}

/* Descriptors at and above it are refused to the current process. */
static uint32_t descriptor_limit(void) {
    uint64_t limit = process_limit(RLIMIT_NOFILE);

    return limit < FILE_TABLE_MAX ? (uint32_t)limit : FILE_TABLE_MAX;
}

int file_install(struct file_table *table, struct file *file, int from, bool close_on_exec) {
    struct file **slot;
    uint32_t limit = descriptor_limit();
    int descriptor = from;

    while ((uint32_t)descriptor < limit) {
        slot = slot_of(table, descriptor);
        if (slot == NULL || *slot == NULL)
            break;
        descriptor++;
    }
    if ((uint32_t)descriptor >= limit)
        return -EMFILE;
    slot = make_slot(table, descriptor);
    if (slot == NULL)
        return -ENOMEM;
    *slot = file;
    file_set_close_on_exec(table, descriptor, close_on_exec);
    return descriptor;
}

struct file *file_get(struct file_table *table, int descriptor) {
    struct file **slot = slot_of(table, descriptor);
    struct file *file = slot == NULL ? NULL : *slot;

    if (file != NULL)
        file_hold(file);
    return file;
}

struct file *file_remove(struct file_table *table, int descriptor) {
    struct file **slot = slot_of(table, descriptor);
    struct file *file = slot == NULL ? NULL : *slot;

    if (file != NULL)
        *slot = NULL;
    return file;
}

/* What the table's owner had of the file beside the descriptor goes with any descriptor of it. */
static void let_go(const struct file_table *table, struct file *file) {
    if (file->inode->locks != NULL)
        record_lock_drop(file->inode, table);
    if (file->operations->closed != NULL)
        file->operations->closed(file, table);
    file_release(file);
}

int file_close(struct file_table *table, int descriptor) {
    struct file *file = file_remove(table, descriptor);

    if (file == NULL)
        return -EBADF;
    let_go(table, file);
    return 0;
}

int file_replace(struct file_table *table, int descriptor, struct file *file, bool close_on_exec) {
    struct file **slot, *before;

    if (descriptor < 0 || (uint32_t)descriptor >= descriptor_limit())
        return -EBADF;
    slot = make_slot(table, descriptor);
    if (slot == NULL)
        return -ENOMEM;
    before = *slot;
    *slot = file;
    file_set_close_on_exec(table, descriptor, close_on_exec);
    if (before != NULL)
        let_go(table, before);
    return descriptor;
}

int file_close_on_exec(struct file_table *table, int descriptor) {
    struct file **slot = slot_of(table, descriptor);
    uint32_t number = (uint32_t)descriptor;

    if (slot == NULL || *slot == NULL)
        return -EBADF;
    return (int)(table->groups[number / GROUP]->close_on_exec >> number % GROUP & 1);
}

int file_set_close_on_exec(struct file_table *table, int descriptor, bool set) {
    struct file **slot = slot_of(table, descriptor);
    uint32_t number = (uint32_t)descriptor;
    uint64_t bit = (uint64_t)1 << number % GROUP;
    struct group *group;

    if (slot == NULL || *slot == NULL)
        return -EBADF;
    group = table->groups[number / GROUP];
    group->close_on_exec = set ? group->close_on_exec | bit : group->close_on_exec & ~bit;
    return 0;
}

int file_table_next(struct file_table *table, int from) {
    for (uint32_t at = (uint32_t)from; at < FILE_TABLE_MAX; at++)
        if (table->groups[at / GROUP] == NULL)
            at |= GROUP - 1;
        else if (table->groups[at / GROUP]->files[at % GROUP] != NULL)
            return (int)at;
    return -1;
}
