// SPDX-License-Identifier: MIT
/*
 * /dev/vsock, by which a program finds out its own context id (vsock(7)).
 */
#include "domains/linux/link/device.h"

#include "domains/linux/device/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/link/vsock.h"

#define GET_LOCAL_CID 0x7B9u
#define MISC_MAJOR    10
#define MINOR         121

static int tell_context(struct file *file, uint32_t request, uint32_t argument) {
    (void)file;
    uint32_t context = vsock_own_context();
    return request == GET_LOCAL_CID ? copy_out(argument, &context, sizeof context) : -ENOTTY;
}

static const struct file_operations operations = {.ioctl = tell_context};

static int open_device(struct inode *inode, struct file *file) {
    (void)inode;
    file->operations = &operations;
    return 0;
}

int vsock_device_start(void) {
    static struct device_node node = {.name = "vsock",
                                      .mode = S_IFCHR | 0666,
                                      .device = MISC_MAJOR << 8 | MINOR,
                                      .open = open_device};
    return device_register(&node);
}
