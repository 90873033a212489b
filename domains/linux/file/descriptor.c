// SPDX-License-Identifier: MIT
/*
 * The calls on descriptors as such: close, dup, pipe, fcntl, ioctl, and advisory locks.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/record_lock.h"
#include "domains/linux/fs/pipe.h"

/* ---- close, dup, pipe ------------------------------------------------------------------------ */

FILE_CALL_1(close, descriptor) {
    return file_close(current_process()->files, (int)descriptor);
}

#define CLOSE_RANGE_CLOEXEC 4u

FILE_CALL_3(close_range, first, last, flags) {
    struct file_table *table = current_process()->files;

    if (first > last || (flags & ~CLOSE_RANGE_CLOEXEC) != 0)
        return -EINVAL;
    if (first >= FILE_TABLE_MAX)
        return 0;
    for (int at = file_table_next(table, (int)first); at >= 0 && (uint32_t)at <= last;
         at = file_table_next(table, at + 1))
        if ((flags & CLOSE_RANGE_CLOEXEC) != 0)
            file_set_close_on_exec(table, at, true);
        else
            file_close(table, at);
    return 0;
}

static int32_t duplicate(struct file *file, uint32_t from, bool close_on_exec) {
    int descriptor;

    if (from >= process_limit(RLIMIT_NOFILE))
        return -EINVAL;
    file_hold(file);
    descriptor = file_install(current_process()->files, file, (int)from, close_on_exec);
    if (descriptor < 0)
        file_release(file);
    return descriptor;
}

FILE_CALL_1(dup, descriptor) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    result = duplicate(file, 0, false);
    file_release(file);
    return result;
}

static int32_t duplicate_to(uint32_t descriptor, uint32_t target, bool close_on_exec) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    result = file_replace(current_process()->files, (int)target, file, close_on_exec);
    if (result < 0)
        file_release(file);
    return result;
}

FILE_CALL_2(dup2, descriptor, target) {
    struct file *file = descriptor == target ? descriptor_file(descriptor) : NULL;

    if (file != NULL) {
        file_release(file);
        return (int32_t)target;
    }
    return duplicate_to(descriptor, target, false);
}

FILE_CALL_3(dup3, descriptor, target, flags) {
    if ((flags & ~(uint32_t)O_CLOEXEC) != 0 || descriptor == target)
        return -EINVAL;
    return duplicate_to(descriptor, target, flags != 0);
}

/* Installs both ends, or neither. */
static int install_ends(struct file *ends[2], uint32_t flags, int32_t descriptors[2]) {
    descriptors[0] = install_or_release(ends[0], flags);
    if (descriptors[0] < 0) {
        file_release(ends[1]);
        return descriptors[0];
    }
    descriptors[1] = install_or_release(ends[1], flags);
    if (descriptors[1] < 0) {
        file_close(current_process()->files, descriptors[0]);
        return descriptors[1];
    }
    return 0;
}

static int32_t make_pipe(uint32_t user, uint32_t flags) {
    struct file *ends[2];
    int32_t descriptors[2];
    int error;

    if ((flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0)
        return -EINVAL;
    error = pipe_make(ends, flags & ~(uint32_t)O_CLOEXEC);
    if (error == 0)
        error = install_ends(ends, flags, descriptors);
    if (error == 0 && copy_out(user, descriptors, sizeof descriptors) != 0) {
        file_close(current_process()->files, descriptors[0]);
        file_close(current_process()->files, descriptors[1]);
        error = -EFAULT;
    }
    return error;
}

FILE_CALL_1(pipe, user) {
    return make_pipe(user, 0);
}

FILE_CALL_2(pipe2, user, flags) {
    return make_pipe(user, flags);
}

/* ---- Locks ----------------------------------------------------------------------------------- */

struct flock64 {
    int16_t type, whence;
    int64_t start, length;
    int32_t pid;
} __attribute__((packed));

struct flock32 {
    int16_t type, whence;
    int32_t start, length;
    int32_t pid;
} __attribute__((packed));

static int copy_lock_in(struct flock64 *lock, uint32_t user, bool wide) {
    struct flock32 narrow;

    if (wide)
        return copy_in(lock, user, sizeof *lock);
    if (copy_in(&narrow, user, sizeof narrow) != 0)
        return -EFAULT;
    *lock = (struct flock64){narrow.type, narrow.whence, narrow.start, narrow.length, narrow.pid};
    return 0;
}

static int copy_lock_out(uint32_t user, const struct flock64 *lock, bool wide) {
    struct flock32 narrow = {lock->type, lock->whence, (int32_t)lock->start, (int32_t)lock->length,
                             lock->pid};

    return wide ? copy_out(user, lock, sizeof *lock) : copy_out(user, &narrow, sizeof narrow);
}

/* The bytes that a struct flock names, first and last included. */
static int range_of(const struct file *file, const struct flock64 *lock,
                    struct record_lock *range) {
    int64_t start = lock->start;

    if (lock->whence == SEEK_CUR)
        start += (int64_t)file->offset;
    else if (lock->whence == SEEK_END)
        start += (int64_t)file->inode->size;
    else if (lock->whence != SEEK_SET)
        return -EINVAL;
    if (lock->length < 0) {
        range->last = (uint64_t)(start - 1);
        start += lock->length;
    } else {
        range->last = lock->length == 0 ? INT64_MAX : (uint64_t)(start + lock->length - 1);
    }
    range->start = (uint64_t)start;
    if (start < 0 || range->last > INT64_MAX)
        return -EINVAL;
    return lock->type < 0 || lock->type > LOCK_NONE ? -EINVAL : 0;
}

static int report_conflict(const struct file *file, const struct record_lock *wanted,
                           struct flock64 *lock) {
    const struct record_lock *conflict = record_lock_conflict(file->inode, wanted);

    lock->type = LOCK_NONE;
    if (conflict != NULL) {
        lock->type = (int16_t)conflict->type;
        lock->whence = SEEK_SET;
        lock->start = (int64_t)conflict->start;
        lock->length =
            conflict->last == INT64_MAX ? 0 : (int64_t)(conflict->last - conflict->start + 1);
        lock->pid = conflict->pid;
    }
    return 0;
}

enum { GET, SET, SET_WAIT };

/* `owner`: the process's file table, or the description itself (OFD locks). */
static int32_t record_lock_call(struct file *file, uint32_t action, uint32_t user, bool wide,
                                bool by_description) {
    struct record_lock wanted = {.kind = LOCK_RECORD};
    struct flock64 lock;
    int error;

    if (copy_lock_in(&lock, user, wide) != 0)
        return -EFAULT;
    error = range_of(file, &lock, &wanted);
    if (error != 0 || (by_description && lock.pid != 0))
        return -EINVAL;
    wanted.type = (enum lock_type)lock.type;
    wanted.owner = by_description ? (const void *)file : current_process()->files;
    wanted.pid = by_description ? -1 : current_process()->pid;
    if (action == GET) {
        error = wanted.type == LOCK_NONE ? -EINVAL : report_conflict(file, &wanted, &lock);
        return error != 0 ? error : copy_lock_out(user, &lock, wide);
    }
    if ((wanted.type == LOCK_READ && !file_is_readable(file)) ||
        (wanted.type == LOCK_WRITE && !file_is_writable(file)))
        return -EBADF;
    return record_lock_set(file->inode, &wanted, action == SET_WAIT);
}

#define FLOCK_SHARED    1u
#define FLOCK_EXCLUSIVE 2u
#define FLOCK_DONT_WAIT 4u
#define FLOCK_UNLOCK    8u

FILE_CALL_2(flock, descriptor, operation) {
    struct file *file = descriptor_file(descriptor);
    struct record_lock wanted = {.owner = file, .kind = LOCK_FLOCK, .pid = -1, .last = INT64_MAX};
    int error = 0;

    if (file == NULL)
        return -EBADF;
    switch (operation & ~FLOCK_DONT_WAIT) {
    case FLOCK_SHARED:
        wanted.type = LOCK_READ;
        break;
    case FLOCK_EXCLUSIVE:
        wanted.type = LOCK_WRITE;
        break;
    case FLOCK_UNLOCK:
        wanted.type = LOCK_NONE;
        break;
    default:
        error = -EINVAL;
        break;
    }
    if (error == 0)
        error = record_lock_set(file->inode, &wanted, (operation & FLOCK_DONT_WAIT) == 0);
    file_release(file);
    return error;
}

/* ---- fcntl ----------------------------------------------------------------------------------- */

enum {
    F_DUPFD = 0,
    F_GETFD = 1,
    F_SETFD = 2,
    F_GETFL = 3,
    F_SETFL = 4,
    F_GETLK = 5,
    F_SETLKW = 7,
    F_SETOWN = 8,
    F_GETOWN = 9,
    F_SETSIG = 10,
    F_GETSIG = 11,
    F_GETLK64 = 12,
    F_SETLKW64 = 14,
    F_OFD_GETLK = 36,
    F_OFD_SETLKW = 38,
    F_DUPFD_CLOEXEC = 1030,
    F_SETPIPE_SZ = 1031,
    F_GETPIPE_SZ = 1032
};

#define FLAGS_SETTABLE ((uint32_t)(O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME))

static int32_t pipe_call(struct file *file, uint32_t command, uint32_t argument) {
    if (!file_is_pipe(file))
        return -EBADF;
    return command == F_GETPIPE_SZ ? pipe_size(file) : pipe_resize(file, argument);
}

/* What an O_PATH descriptor may do, too; -ENOSYS: another command. */
static int32_t control_descriptor(struct file *file, uint32_t descriptor, uint32_t command,
                                  uint32_t argument) {
    struct file_table *table = current_process()->files;

    switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return duplicate(file, argument, command == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return file_close_on_exec(table, (int)descriptor);
    case F_SETFD:
        return file_set_close_on_exec(table, (int)descriptor, (argument & 1) != 0);
    case F_GETFL:
        return (int32_t)file->flags;
    default:
        return -ENOSYS;
    }
}

static int32_t control_description(struct file *file, uint32_t command, uint32_t argument,
                                   bool wide) {
    if (command >= F_GETLK && command <= F_SETLKW)
        return record_lock_call(file, command - F_GETLK, argument, false, false);
    if (wide && command >= F_GETLK64 && command <= F_SETLKW64)
        return record_lock_call(file, command - F_GETLK64, argument, true, false);
    if (wide && command >= F_OFD_GETLK && command <= F_OFD_SETLKW)
        return record_lock_call(file, command - F_OFD_GETLK, argument, true, true);
    switch (command) {
    case F_SETFL:
        file->flags = (file->flags & ~FLAGS_SETTABLE) | (argument & FLAGS_SETTABLE);
        return 0;
    case F_SETOWN: /* SIGIO is never sent, so nobody can tell */
    case F_GETOWN:
    case F_SETSIG:
    case F_GETSIG:
        return 0;
    case F_SETPIPE_SZ:
    case F_GETPIPE_SZ:
        return pipe_call(file, command, argument);
    default:
        return -EINVAL;
    }
}

static int32_t control(uint32_t descriptor, uint32_t command, uint32_t argument, bool wide) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    result = control_descriptor(file, descriptor, command, argument);
    if (result == -ENOSYS) {
        result = (file->flags & O_PATH) != 0 ? -EBADF
                                             : control_description(file, command, argument, wide);
    }
    file_release(file);
    return result;
}

FILE_CALL_3(fcntl, descriptor, command, argument) {
    return control(descriptor, command, argument, false);
}

FILE_CALL_3(fcntl64, descriptor, command, argument) {
    return control(descriptor, command, argument, true);
}

/* ---- ioctl ----------------------------------------------------------------------------------- */

#define FIONREAD 0x541Bu
#define FIONBIO  0x5421u
#define FIONCLEX 0x5450u
#define FIOCLEX  0x5451u
#define FIOASYNC 0x5452u

static int32_t set_flag(struct file *file, uint32_t flag, uint32_t user) {
    uint32_t on;

    if (copy_in(&on, user, sizeof on) != 0)
        return -EFAULT;
    file->flags = on != 0 ? file->flags | flag : file->flags & ~flag;
    return 0;
}

static int32_t bytes_left(const struct file *file, uint32_t user) {
    uint64_t left = file->inode->size > file->offset ? file->inode->size - file->offset : 0;
    uint32_t shown = left > INT32_MAX ? INT32_MAX : (uint32_t)left;

    return copy_out(user, &shown, sizeof shown);
}

static int32_t device_control(struct file *file, uint32_t descriptor, uint32_t request,
                              uint32_t argument) {
    switch (request) {
    case FIOCLEX:
    case FIONCLEX:
        return file_set_close_on_exec(current_process()->files, (int)descriptor,
                                      request == FIOCLEX);
    case FIONBIO:
        return set_flag(file, O_NONBLOCK, argument);
    case FIOASYNC:
        return set_flag(file, O_ASYNC, argument);
    default:
        break;
    }
    if (request == FIONREAD && MODE_IS(file->inode->mode, S_IFREG))
        return bytes_left(file, argument);
    return file->operations->ioctl == NULL ? -ENOTTY
                                           : file->operations->ioctl(file, request, argument);
}

FILE_CALL_3(ioctl, descriptor, request, argument) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    result =
        (file->flags & O_PATH) != 0 ? -EBADF : device_control(file, descriptor, request, argument);
    file_release(file);
    return result;
}
