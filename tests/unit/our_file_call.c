// SPDX-License-Identifier: MIT
/*
 * A drawn call, made with the manager's code: its path and its bytes are in the fake app's memory.
 */
#include "tests/unit/random_file_call.h"
#include "tests/unit/tenant_files.h"

static int32_t stat_here(const struct call *call, uint32_t path, struct answer *answer) {
    uint32_t user = fake_app_room(96);
    const char *at = fake_app_pointer(user);
    int32_t result =
        CALL_4(fstatat64, AT_FDCWD, path, user, call->flags % 2 != 0 ? AT_SYMLINK_NOFOLLOW : 0);

    if (result == 0) {
        memcpy(&answer->mode, at + 16, 4);
        memcpy(&answer->links, at + 20, 4);
        memcpy(&answer->size, at + 44, 8);
        if (MODE_IS(answer->mode, S_IFDIR))
            answer->size = 0;
    }
    return result;
}

static int32_t open_here(const struct call *call, uint32_t path) {
    int32_t opened = CALL_3(open, path, call->flags, 0777);

    if (opened < 0)
        return opened;
    CALL_2(dup2, opened, call->descriptor);
    CALL_1(close, opened);
    return 0;
}

static int32_t made_here(const struct call *call, struct answer *answer) {
    uint32_t path = fake_app_text(call->path), other = fake_app_text(call->other);
    uint32_t text = fake_app_room(100), bytes = fake_app_room(20000);
    int32_t result;

    switch (call->kind) {
    case OPEN:
        return open_here(call, path);
    case CLOSE:
        return CALL_1(close, call->descriptor);
    case MKDIR:
        return CALL_2(mkdir, path, 0777);
    case RMDIR:
        return CALL_1(rmdir, path);
    case UNLINK:
        return CALL_1(unlink, path);
    case RENAME:
        return CALL_2(rename, path, other);
    case RENAME_FLAGS:
        return CALL_5(renameat2, AT_FDCWD, path, AT_FDCWD, other, call->flags);
    case LINK:
        return CALL_2(link, path, other);
    case SYMLINK:
        return CALL_2(symlink, path, other);
    case READLINK:
        result = CALL_3(readlink, path, text, 100);
        memcpy(answer->text, fake_app_pointer(text), 100);
        return result;
    case STAT:
        return stat_here(call, path, answer);
    case CHMOD:
        return CALL_2(chmod, path, call->flags);
    case TRUNCATE:
        return CALL_2(truncate64, path, call->number);
    case FTRUNCATE:
        return CALL_2(ftruncate64, call->descriptor, call->number);
    case WRITE:
        return CALL_3(write, call->descriptor, bytes, call->number);
    case READ:
        return CALL_3(read, call->descriptor, bytes, call->number);
    case SEEK:
        return CALL_3(lseek, call->descriptor, (int)call->number - 5000, call->flags % 3);
    case CHDIR:
        return CALL_1(chdir, path);
    case GETCWD:
        result = CALL_2(getcwd, text, 100);
        memcpy(answer->text, fake_app_pointer(text), 100);
        return result;
    case ACCESS:
        return CALL_2(access, path, call->flags % 9);
    case MKNOD:
        return CALL_3(mknod, path, (call->flags % 2 != 0 ? S_IFREG : S_IFSOCK) | 0666, 0);
    default:
        return CALL_2(dup2, call->descriptor, FIRST_DESCRIPTOR + (int)(call->number % DESCRIPTORS));
    }
}

void call_here(const struct call *call, struct answer *answer) {
    memset(answer, 0, sizeof *answer);
    answer->result = made_here(call, answer);
}
