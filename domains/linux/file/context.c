// SPDX-License-Identifier: MIT
/*
 * A process's place in the tree: working directory, root, umask, and the calls that change them.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"

struct path_context *path_context_make(void) {
    struct path_context *context = heap_allocate(sizeof *context);

    if (context != NULL) {
        context->references = 1;
        context->umask = 022;
        context->root = (struct path){mount_table, mount_table->root};
        context->directory = context->root;
        path_hold(&context->root);
        path_hold(&context->directory);
    }
    return context;
}

struct path_context *path_context_copy(const struct path_context *from) {
    struct path_context *context = heap_allocate(sizeof *context);

    if (context != NULL) {
        *context = *from;
        context->references = 1;
        path_hold(&context->root);
        path_hold(&context->directory);
    }
    return context;
}

void path_context_hold(struct path_context *context) {
    context->references++;
}

void path_context_release(struct path_context *context) {
    if (--context->references == 0) {
        path_release(&context->root);
        path_release(&context->directory);
        heap_free(context);
    }
}

/* Moves to a place, which is taken over; refuses what is no directory or may not be searched. */
static int32_t enter(struct path *slot, struct path *place) {
    int error = -ENOTDIR;

    if (MODE_IS(place->inode->mode, S_IFDIR))
        error = permission_check(place->inode, MAY_EXECUTE);
    if (error != 0) {
        path_release(place);
        return error;
    }
    path_release(slot);
    *slot = *place;
    return 0;
}

static bool is_place(const struct path *slot, const struct path *place) {
    return slot->mount == place->mount && same_inode(slot->inode, place->inode);
}

static void replace(struct path *slot, const struct path *from, const struct path *to) {
    if (!is_place(slot, from))
        return;
    path_hold(to);
    path_release(slot);
    *slot = *to;
}

void path_contexts_move(const struct path *from, const struct path *to) {
    for (struct process *process = process_list; process != NULL; process = process->next) {
        if (process->paths == NULL)
            continue;
        replace(&process->paths->root, from, to);
        replace(&process->paths->directory, from, to);
    }
}

FILE_CALL_1(chdir, path) {
    struct path place;
    int error = path_resolve(AT_FDCWD, path, 0, &place);

    return error != 0 ? error : enter(&current_process()->paths->directory, &place);
}

FILE_CALL_1(fchdir, descriptor) {
    struct file *file = descriptor_file(descriptor);
    struct path place;

    if (file == NULL)
        return -EBADF;
    place = (struct path){file->mount, file->inode};
    path_hold(&place);
    file_release(file);
    return enter(&current_process()->paths->directory, &place);
}

FILE_CALL_1(chroot, path) {
    struct path place;
    int error = path_resolve(AT_FDCWD, path, 0, &place);

    if (error == 0 && current_process()->euid != 0) {
        path_release(&place);
        error = -EPERM;
    }
    return error != 0 ? error : enter(&current_process()->paths->root, &place);
}

FILE_CALL_2(getcwd, buffer, room) {
    struct path_context *context = current_process()->paths;
    char *text = path_buffer();
    int32_t length;

    if (text == NULL)
        return -ENOMEM;
    length = path_string(&context->directory, &context->root, text, PATH_BYTES);
    if (length >= 0) {
        length++;
        length = (uint32_t)length > room                       ? -ERANGE
                 : copy_out(buffer, text, (size_t)length) != 0 ? -EFAULT
                                                               : length;
    }
    path_buffer_free(text);
    return length;
}

FILE_CALL_1(umask, mask) {
    struct path_context *context = current_process()->paths;
    uint32_t before = context->umask;

    context->umask = mask & 0777;
    return (int32_t)before;
}
