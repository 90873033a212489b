// SPDX-License-Identifier: MIT
/*
 * Texts of /proc as open files. A text is made whole when its file is read at offset 0, so that one pass of reads sees one state.
 *
 * Copying a text out releases the manager's lock, and another read of the file may make the next one meanwhile: so a text stays
 * while somebody reads it.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/fs/proc_inode.h"

/* Private to a file from the first read on. */
struct made {
    struct proc_text text;
    uint32_t users; /* the file, while it is its last one, and those who read it */
};

static void release(struct made *made) {
    if (made == NULL || --made->users > 0)
        return;
    proc_text_free(&made->text);
    heap_free(made);
}

static void replace(struct file *file, struct made *made) {
    struct made *before = file->private;

    file->private = made;
    release(before);
}

static int make_text(struct file *file) {
    struct proc_inode *proc = proc_of(file->inode);
    struct proc_subject subject;
    struct made *made;
    int error = proc_find_subject(proc, &subject);

    if (error != 0)
        return error;
    replace(file, NULL); /* first: memory may be short */
    made = heap_allocate(sizeof *made);
    if (made == NULL)
        return -ENOMEM;
    made->users = 1;
    proc->entry->show(&made->text, &subject);
    replace(file, made);
    return made->text.no_memory && made->text.length == 0 ? -ENOMEM : 0;
}

static int copy_text(struct made *made, struct transfer *to, uint64_t *offset) {
    const struct proc_text *text = &made->text;
    int moved;

    if (*offset >= text->length)
        return 0;
    made->users++;
    moved = transfer_put(to, text->bytes + *offset, text->length - (uint32_t)*offset);
    if (moved > 0)
        *offset += (uint32_t)moved;
    release(made);
    return moved;
}

static int text_read(struct file *file, struct transfer *to, uint64_t *offset) {
    const struct made *made = file->private;

    if (*offset == 0 || made == NULL || made->text.bytes == NULL) {
        int error = make_text(file);

        if (error != 0)
            return error;
    }
    return copy_text(file->private, to, offset);
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
    error = proc_find_subject(proc, &subject);
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
    release(file->private);
}

const struct file_operations proc_text_operations = {
    .read = text_read,
    .write = text_write,
    .seek = text_seek,
    .release = text_release,
};
