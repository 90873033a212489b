// SPDX-License-Identifier: MIT
/*
 * The links of /proc/N: they lead to the object itself, whatever has become of its name; their text
 * is where it was last known.
 */
#include "domains/linux/fs/proc_entry.h"

#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/table.h"

#define DELETED " (deleted)"

static int lead_to(const struct path *place, struct path *found) {
    *found = *place;
    path_hold(found);
    return 0;
}

/* Shows " (deleted)" behind the path of what has no name any more. */
static int mark_deleted(const struct inode *inode, char *buffer, int length, uint32_t room) {
    if (inode->links == 0 && (uint32_t)length + sizeof DELETED < room) {
        memcpy(buffer + length, DELETED, sizeof DELETED);
        length += (int)sizeof DELETED - 1;
    }
    return length;
}

static int text_of_file(const struct file *file, char *buffer, uint32_t room) {
    int length = file_path(file, buffer, room - 1);

    if (length == -ENOENT)
        length = (int)text_format(buffer, room, "anon_inode:[%u]", file->inode->number);
    return length < 0 ? length : mark_deleted(file->inode, buffer, length, room);
}

static int text_of_place(const struct path *place, char *buffer, uint32_t room) {
    int length = path_string(place, NULL, buffer, room - 1);

    if (length == -ENOENT)
        length = (int)text_format(buffer, room, "/" DELETED);
    return length;
}

int proc_exe_text(const struct proc_subject *subject, char *buffer, uint32_t room) {
    const struct file *file = subject->process->executable;

    return file == NULL ? -ENOENT : text_of_file(file, buffer, room);
}

int proc_exe_follow(const struct proc_subject *subject, struct path *found, struct file **file) {
    const struct file *executable = subject->process->executable;

    (void)file;
    if (executable == NULL)
        return -ENOENT;
    return lead_to(&(struct path){executable->mount, executable->inode}, found);
}

int proc_cwd_text(const struct proc_subject *subject, char *buffer, uint32_t room) {
    const struct path_context *paths = subject->process->paths;

    return paths == NULL ? -ENOENT : text_of_place(&paths->directory, buffer, room);
}

int proc_cwd_follow(const struct proc_subject *subject, struct path *found, struct file **file) {
    const struct path_context *paths = subject->process->paths;

    (void)file;
    return paths == NULL ? -ENOENT : lead_to(&paths->directory, found);
}

int proc_root_text(const struct proc_subject *subject, char *buffer, uint32_t room) {
    const struct path_context *paths = subject->process->paths;

    return paths == NULL ? -ENOENT : text_of_place(&paths->root, buffer, room);
}

int proc_root_follow(const struct proc_subject *subject, struct path *found, struct file **file) {
    const struct path_context *paths = subject->process->paths;

    (void)file;
    return paths == NULL ? -ENOENT : lead_to(&paths->root, found);
}

/* Held; NULL if the descriptor is closed meanwhile. */
static struct file *file_of(const struct proc_subject *subject) {
    struct file_table *files = subject->process->files;

    return files == NULL ? NULL : file_get(files, subject->descriptor);
}

int proc_file_text(const struct proc_subject *subject, char *buffer, uint32_t room) {
    struct file *file = file_of(subject);
    int length;

    if (file == NULL)
        return -ENOENT;
    length = text_of_file(file, buffer, room);
    file_release(file);
    return length;
}

int proc_file_follow(const struct proc_subject *subject, struct path *found, struct file **file) {
    *file = file_of(subject);
    if (*file == NULL)
        return -ENOENT;
    return lead_to(&(struct path){(*file)->mount, (*file)->inode}, found);
}
