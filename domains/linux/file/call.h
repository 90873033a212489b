// SPDX-License-Identifier: MIT
/*
 * How the file calls are written: FILE_CALL_n(name, n parameters) is the head of handler sys_name
 * with the dispatcher's type; the parameters are in the order of ebx, ecx, edx, esi, edi, ebp.
 * Every handler runs with the manager's lock held.
 */
#ifndef DOMAINS_LINUX_FILE_CALL_H
#define DOMAINS_LINUX_FILE_CALL_H

#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/path.h"
#include "domains/linux/file/table.h"

#include <stdint.h>

#define FILE_CALL_0(name)                                                                          \
    int32_t sys_##name(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)
#define FILE_CALL_1(name, a)                                                                       \
    int32_t sys_##name(uint32_t a, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)
#define FILE_CALL_2(name, a, b)                                                                    \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t, uint32_t, uint32_t, uint32_t)
#define FILE_CALL_3(name, a, b, c)                                                                 \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t, uint32_t, uint32_t)
#define FILE_CALL_4(name, a, b, c, d)                                                              \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t, uint32_t)
#define FILE_CALL_5(name, a, b, c, d, e)                                                           \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t)
#define FILE_CALL_6(name, a, b, c, d, e, f)                                                        \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f)

#define CALL(number, name) FILE_CALL_0(name);
#include "domains/linux/file/calls.h"
#undef CALL

/* A 64-bit argument comes as two registers. */
static inline uint64_t pair(uint32_t low, uint32_t high) {
    return low | (uint64_t)high << 32;
}

/* The current process's descriptor, held; NULL: EBADF. */
static inline struct file *descriptor_file(uint32_t descriptor) {
    return file_get(current_process()->files, (int)descriptor);
}

static inline bool file_is_readable(const struct file *file) {
    return (file->flags & O_ACCMODE) != O_WRONLY && (file->flags & O_PATH) == 0;
}

static inline bool file_is_writable(const struct file *file) {
    return (file->flags & O_ACCMODE) != O_RDONLY && (file->flags & O_PATH) == 0;
}

/* The description's own offset for one reader or writer at a time (io.c). Two are taken in the order
 * of their addresses. */
void file_take_offset(struct file *file);
void file_give_offset(struct file *file);

/* Installs a new file under the lowest free descriptor, or lets go of it. */
static inline int32_t install_or_release(struct file *file, uint32_t flags) {
    int descriptor = file_install(current_process()->files, file, 0, (flags & O_CLOEXEC) != 0);

    if (descriptor < 0)
        file_release(file);
    return descriptor;
}

#endif
