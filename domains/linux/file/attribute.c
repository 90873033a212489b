// SPDX-License-Identifier: MIT
/*
 * The calls that change a file's mode, and its owner and group.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/file/target.h"

#define CWD       ((uint32_t)AT_FDCWD)
#define UNCHANGED 0xFFFFFFFFu /* an owner or group of -1 */

/* ---- Mode ------------------------------------------------------------------------------------ */

static int32_t change_mode(struct target *target, uint32_t mode) {
    struct inode *inode = target->path.inode;
    struct attributes wanted = inode_attributes(inode);
    struct credentials who = current_credentials();
    int error = -EPERM;

    wanted.mode = (wanted.mode & S_IFMT) | (mode & MODE_PERMISSIONS);
    if (who.uid != 0 && !is_in_group(&who, wanted.gid))
        wanted.mode &= ~(uint32_t)S_ISGID;
    if (is_owner(inode))
        error = target_change(target, &wanted, IN_ATTRIB);
    target_release(target);
    return error;
}

FILE_CALL_2(chmod, path, mode) {
    struct target target;
    int error = target_find_path(CWD, path, 0, &target);

    return error != 0 ? error : change_mode(&target, mode);
}

FILE_CALL_2(fchmod, descriptor, mode) {
    struct target target;
    int error = target_find_descriptor(descriptor, &target);

    return error != 0 ? error : change_mode(&target, mode);
}

FILE_CALL_3(fchmodat, directory, path, mode) {
    struct target target;
    int error = target_find_path(directory, path, 0, &target);

    return error != 0 ? error : change_mode(&target, mode);
}

/* ---- Owner ----------------------------------------------------------------------------------- */

static bool may_change_owner(const struct inode *inode, const struct attributes *wanted) {
    struct credentials who = current_credentials();

    if (who.uid == 0)
        return true;
    return who.uid == inode->uid && wanted->uid == inode->uid &&
           (wanted->gid == inode->gid || is_in_group(&who, wanted->gid));
}

static int32_t change_owner(struct target *target, uint32_t uid, uint32_t gid) {
    struct inode *inode = target->path.inode;
    struct attributes wanted = inode_attributes(inode);
    int error = -EPERM;

    if (uid != UNCHANGED)
        wanted.uid = uid;
    if (gid != UNCHANGED)
        wanted.gid = gid;
    if (!MODE_IS(wanted.mode, S_IFDIR)) {
        wanted.mode &= ~(uint32_t)S_ISUID;
        if ((wanted.mode & 0010) != 0)
            wanted.mode &= ~(uint32_t)S_ISGID;
    }
    if (may_change_owner(inode, &wanted))
        error = target_change(target, &wanted, IN_ATTRIB);
    target_release(target);
    return error;
}

static int32_t change_owner_of(uint32_t directory, uint32_t path, uint32_t uid, uint32_t gid,
                               uint32_t flags) {
    struct target target;
    int error = target_find_path(directory, path, flags, &target);

    return error != 0 ? error : change_owner(&target, uid, gid);
}

static int32_t change_owner_of_descriptor(uint32_t descriptor, uint32_t uid, uint32_t gid) {
    struct target target;
    int error = target_find_descriptor(descriptor, &target);

    return error != 0 ? error : change_owner(&target, uid, gid);
}

/* The old calls have 16-bit ids; their -1 is 0xFFFF. */
static uint32_t wide_id(uint32_t id) {
    return (id & 0xFFFF) == 0xFFFF ? UNCHANGED : id & 0xFFFF;
}

FILE_CALL_3(chown, path, uid, gid) {
    return change_owner_of(CWD, path, uid, gid, 0);
}

FILE_CALL_3(lchown, path, uid, gid) {
    return change_owner_of(CWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

FILE_CALL_3(fchown, descriptor, uid, gid) {
    return change_owner_of_descriptor(descriptor, uid, gid);
}

FILE_CALL_3(chown16, path, uid, gid) {
    return change_owner_of(CWD, path, wide_id(uid), wide_id(gid), 0);
}

FILE_CALL_3(lchown16, path, uid, gid) {
    return change_owner_of(CWD, path, wide_id(uid), wide_id(gid), AT_SYMLINK_NOFOLLOW);
}

FILE_CALL_3(fchown16, descriptor, uid, gid) {
    return change_owner_of_descriptor(descriptor, wide_id(uid), wide_id(gid));
}

FILE_CALL_5(fchownat, directory, path, uid, gid, flags) {
    if ((flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    return change_owner_of(directory, path, uid, gid, flags);
}
