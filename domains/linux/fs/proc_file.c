// SPDX-License-Identifier: MIT
/*
 * Texts of /proc as open files. A text is made whole when its file is read at offset 0, so that one pass of reads sees one state.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/fs/proc_inode.h"

static int make_text(struct file *file) {
    struct proc_text *text = file->private;
    struct proc_inode *proc = proc_of(file->inode);
    struct proc_subject subject;
    int error = proc_find_subject(proc, &subject);

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
    proc_text_free(file->private);
    heap_free(file->private);
}

const struct file_operations proc_text_operations = {
    .read = text_read,
    .write = text_write,
    .seek = text_seek,
    .release = text_release,
};
