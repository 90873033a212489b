// SPDX-License-Identifier: MIT
/*
 * What open files are called: a name in a directory, as it is now, wherever the directory lies by now.
 *
 *   opened by a name ──> directory and name ──moved──> another directory, another name
 *   directory itself ──> knows its place
 *   all else         ──> a text that stays: "pipe:[7]", or that of the link that led there
 *
 * A name that was removed stays what it was.
 */
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/open.h"

static char *copy_text(const char *text, size_t length) {
    char *copy = heap_allocate(length + 1);

    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

/* ---- Names in directories ---------------------------------------------------------------------- */

static void give_name(struct file *file, struct inode *directory, char *name) {
    struct inode *inode = file->inode;

    file->path = name;
    file->directory = directory;
    inode_hold(directory);
    file->next_named = inode->named;
    if (inode->named != NULL)
        inode->named->previous_named = file;
    inode->named = file;
}

void file_forget_name(struct file *file) {
    if (file->directory != NULL) {
        if (file->previous_named != NULL)
            file->previous_named->next_named = file->next_named;
        else
            file->inode->named = file->next_named;
        if (file->next_named != NULL)
            file->next_named->previous_named = file->previous_named;
        inode_release(file->directory);
    }
    heap_free(file->path);
    file->path = NULL;
    file->directory = NULL;
    file->next_named = file->previous_named = NULL;
}

static bool is_called(const struct file *file, const struct walk *walk) {
    return same_inode(file->directory, walk->at.inode) && strlen(file->path) == walk->length &&
           memcmp(file->path, walk->name, walk->length) == 0;
}

void file_names_moved(struct inode *moved, const struct walk *from, const struct walk *to) {
    struct file *next;

    for (struct file *file = moved->named; file != NULL; file = next) {
        char *name = is_called(file, from) ? copy_text(to->name, to->length) : NULL;

        next = file->next_named;
        if (name == NULL)
            continue;
        file_forget_name(file);
        give_name(file, to->at.inode, name);
    }
}

/* ---- Paths ------------------------------------------------------------------------------------- */

/* A file in the directory; where that was removed, the name is all that is known. */
static int path_in(const struct path *directory, const char *name, char *buffer, uint32_t room) {
    int length = path_string(directory, NULL, buffer, room);
    uint32_t bytes = (uint32_t)strlen(name) + 1;

    if (length == -ENOENT || length == 1)
        length = 0;
    if (length < 0)
        return length;
    if ((uint32_t)length + 1 + bytes > room)
        return -ENAMETOOLONG;
    buffer[length++] = '/';
    memcpy(buffer + length, name, bytes);
    return length + (int)bytes - 1;
}

/* Of a file that something is mounted on: it has a name only where the mount is. */
static char *covered_path(const struct walk *walk, const char *name) {
    char *buffer = path_buffer(), *text = NULL;
    int length = buffer != NULL ? path_in(&walk->at, name, buffer, PATH_BYTES) : 0;

    if (length > 0)
        text = copy_text(buffer, (size_t)length);
    path_buffer_free(buffer);
    return text;
}

void file_take_name(struct file *file, const struct walk *walk) {
    char *name;

    if (MODE_IS(file->inode->mode, S_IFDIR))
        return;
    if (walk->length == 0) {
        file->path = copy_text(walk->buffer, strlen(walk->buffer));
        return;
    }
    name = copy_text(walk->name, walk->length);
    if (name == NULL)
        return;
    if (file->mount == walk->at.mount && file->mount != NULL) {
        give_name(file, walk->at.inode, name);
        return;
    }
    file->path = covered_path(walk, name);
    heap_free(name);
}

void file_take_name_of(struct file *file, const struct file *from) {
    char *text = from->path != NULL ? copy_text(from->path, strlen(from->path)) : NULL;

    if (text != NULL && from->directory != NULL)
        give_name(file, from->directory, text);
    else
        file->path = text;
}

int file_path(const struct file *file, char *buffer, uint32_t room) {
    struct path place = {file->mount, file->inode};
    size_t length;

    if (MODE_IS(file->inode->mode, S_IFDIR) && file->mount != NULL)
        return path_string(&place, NULL, buffer, room);
    if (file->path == NULL)
        return -ENOENT;
    if (file->directory != NULL)
        return path_in(&(struct path){file->mount, file->directory}, file->path, buffer, room);
    length = strlen(file->path);
    if (length >= room)
        return -ENAMETOOLONG;
    memcpy(buffer, file->path, length + 1);
    return (int)length;
}
