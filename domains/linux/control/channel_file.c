// SPDX-License-Identifier: MIT
/*
 * A channel file holds the operator's end; so does each of its streams, and the last of them to be
 * closed closes the channel. It polls as readable at its end, so that a program can wait for the
 * exit status.
 */
#include "domains/linux/control/channel_file.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/linux/channel/end.h"
#include "domains/linux/control/request.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/table.h"
#include "domains/linux/process/process.h"

/* Takes over the file's reference in any case. */
static int install(struct file *file) {
    if (!file)
        return -ENOMEM;
    int descriptor = file_install(current_process()->files, file, 0, true);
    if (descriptor < 0)
        file_release(file);
    return descriptor;
}

static int open_stream(struct channel_end *end, uint32_t number) {
    if (number >= STREAM_COUNT)
        return -EINVAL;
    return install(channel_stream_open(end, (enum channel_stream)number,
                                       number == STREAM_INPUT ? O_WRONLY : O_RDONLY));
}

/* The command is the operator's own: it is not told again. */
static int describe(struct channel_end *end, uint32_t argument) {
    struct channel_view view = *channel_end_look(end);
    return copy_out(argument, &view, sizeof view);
}

static int channel_ioctl(struct file *file, uint32_t request, uint32_t argument) {
    struct channel_end *end = file->private;
    switch (request) {
    case CONTROL_STREAM:
        return open_stream(end, argument);
    case CONTROL_DESCRIBE:
        return describe(end, argument);
    case CONTROL_WINDOW:
        return channel_set_window(end->channel, argument) == STATUS_OK ? 0 : -EIO;
    default:
        return -ENOTTY;
    }
}

static uint32_t poll_channel(struct file *file) {
    return channel_end_look(file->private)->state == CHANNEL_ENDED ? POLLIN : 0;
}

static void release_channel(struct file *file) {
    channel_end_release(file->private);
}

static int errno_of(enum status status) {
    switch (status) {
    case STATUS_BAD_ARGUMENT:
        return -EINVAL;
    case STATUS_BAD_HANDLE:
        return -ESRCH;
    case STATUS_GONE:
    case STATUS_NOT_PERMITTED:
        return -ECONNREFUSED;
    case STATUS_NO_MEMORY:
        return -ENOMEM;
    case STATUS_AGAIN:
    case STATUS_FULL:
        return -EAGAIN;
    default:
        return -EIO;
    }
}

static int make_file(struct inode *inode, uint32_t channel) {
    static const struct file_operations operations = {
        .ioctl = channel_ioctl, .poll = poll_channel, .release = release_channel};
    struct channel_end *end = channel_end_make(channel);
    struct file *file = end ? file_make(inode, O_RDWR, &operations, end) : NULL;
    if (end && !file)
        channel_end_release(end);
    return install(file);
}

int channel_file_open(struct inode *inode, uint32_t argument) {
    struct channel_offer *offer = heap_allocate(sizeof *offer);
    if (!offer)
        return -ENOMEM;
    int result = copy_in(offer, argument, sizeof *offer);
    if (result == 0) {
        struct gate_answer answer =
            control_call(CONTROL_CHANNEL_OPEN, (uint32_t)(uintptr_t)offer, 0, 0, 0);
        result =
            answer.status == STATUS_OK ? make_file(inode, answer.value) : errno_of(answer.status);
    }
    heap_free(offer);
    return result;
}
