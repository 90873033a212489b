// SPDX-License-Identifier: MIT
/*
 * /dev/kmsg: each write is a line, or several, of the core's log, marked with this tenant's name.
 * Reading it back is the operator's, by `rfctl log`.
 */
#include "domains/lib/gate.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"

#define LOG_LINE 160

static void log_lines(const char *text, uint32_t bytes) {
    while (bytes) {
        const char *end = memchr(text, '\n', bytes);
        uint32_t length = end ? (uint32_t)(end - text) : bytes;
        if (length)
            manager_log(text, length);
        length += end != NULL;
        text += length;
        bytes -= length;
    }
}

static int write_log(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)file, (void)offset;
    char text[LOG_LINE];
    int done = 0;
    while (from->total) {
        uint32_t count = from->total < LOG_LINE ? from->total : LOG_LINE;
        int taken = transfer_take(from, text, count);
        if (taken <= 0)
            return done ? done : taken;
        log_lines(text, (uint32_t)taken);
        done += taken;
    }
    return done;
}

static int refuse_read(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)file, (void)to, (void)offset;
    return -EPERM;
}

static int open_log(struct inode *inode, struct file *file) {
    static const struct file_operations operations = {.read = refuse_read, .write = write_log};
    (void)inode;
    file->operations = &operations;
    return 0;
}

int log_device_start(void) {
    static struct device_node node = {
        .name = "kmsg", .mode = S_IFCHR | 0622, .device = 1 << 8 | 11, .open = open_log};
    return device_register(&node);
}
