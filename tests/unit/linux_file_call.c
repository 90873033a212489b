// SPDX-License-Identifier: MIT
/*
 * A drawn call, made with the host's kernel: with the numbers and structs of 64 bits, and flags that i386 has alike.
 */
#include "domains/linux/file/flags.h"
#include "tests/unit/random_file_call.h"

#include <errno.h>
#include <string.h>

#include <sys/syscall.h>
#include <unistd.h>

struct linux_stat {
    uint64_t device, inode, links;
    uint32_t mode, uid, gid, padding;
    uint64_t special, size;
    uint64_t rest[12];
};

static long stat_on_linux(const struct call *call, struct answer *answer) {
    struct linux_stat status;
    long result = syscall(SYS_newfstatat, AT_FDCWD, call->path, &status,
                          call->flags % 2 != 0 ? AT_SYMLINK_NOFOLLOW : 0);

    if (result == 0) {
        answer->mode = status.mode;
        answer->links = (uint32_t)status.links;
        answer->size = MODE_IS(status.mode, S_IFDIR) ? 0 : status.size;
    }
    return result;
}

static long open_on_linux(const struct call *call) {
    long opened = syscall(SYS_open, call->path, call->flags, 0777);

    if (opened < 0)
        return opened;
    syscall(SYS_dup2, opened, call->descriptor);
    syscall(SYS_close, opened);
    return 0;
}

static long made_on_linux(const struct call *call, struct answer *answer) {
    char bytes[20000];

    memset(bytes, 'x', sizeof bytes);
    switch (call->kind) {
    case OPEN:
        return open_on_linux(call);
    case CLOSE:
        return syscall(SYS_close, call->descriptor);
    case MKDIR:
        return syscall(SYS_mkdir, call->path, 0777);
    case RMDIR:
        return syscall(SYS_rmdir, call->path);
    case UNLINK:
        return syscall(SYS_unlink, call->path);
    case RENAME:
        return syscall(SYS_rename, call->path, call->other);
    case RENAME_FLAGS:
        return syscall(SYS_renameat2, AT_FDCWD, call->path, AT_FDCWD, call->other, call->flags);
    case LINK:
        return syscall(SYS_link, call->path, call->other);
    case SYMLINK:
        return syscall(SYS_symlink, call->path, call->other);
    case READLINK:
        return syscall(SYS_readlink, call->path, answer->text, 100);
    case STAT:
        return stat_on_linux(call, answer);
    case CHMOD:
        return syscall(SYS_chmod, call->path, call->flags);
    case TRUNCATE:
        return syscall(SYS_truncate, call->path, (long)call->number);
    case FTRUNCATE:
        return syscall(SYS_ftruncate, call->descriptor, (long)call->number);
    case WRITE:
        return syscall(SYS_write, call->descriptor, bytes, call->number);
    case READ:
        return syscall(SYS_read, call->descriptor, bytes, call->number);
    case SEEK:
        return syscall(SYS_lseek, call->descriptor, (long)call->number - 5000, call->flags % 3);
    case CHDIR:
        return syscall(SYS_chdir, call->path);
    case GETCWD:
        return syscall(SYS_getcwd, answer->text, 100);
    case ACCESS:
        return syscall(SYS_access, call->path, call->flags % 9);
    case MKNOD:
        return syscall(SYS_mknod, call->path, (call->flags % 2 != 0 ? S_IFREG : S_IFSOCK) | 0666,
                       0);
    default:
        return syscall(SYS_dup2, call->descriptor,
                       FIRST_DESCRIPTOR + (int)(call->number % DESCRIPTORS));
    }
}

void call_linux(const struct call *call, struct answer *answer) {
    long result;

    memset(answer, 0, sizeof *answer);
    result = made_on_linux(call, answer);
    answer->result = result < 0 ? -errno : (int32_t)result;
}
