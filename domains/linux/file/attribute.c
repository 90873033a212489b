// SPDX-License-Identifier: MIT
/*
 * The calls that change what an inode says about itself: mode, owner, times, size. What the file
 * system refuses is set back.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/permission.h"

#define CWD       ((uint32_t)AT_FDCWD)
#define UNCHANGED 0xFFFFFFFFu /* an owner or group of -1 */

/* What a call is about. */
struct target {
    struct path path;
    struct walk walk;  /* that has found it … */
    struct file *file; /* … unless it is this one's, held */
};

struct attributes {
    uint32_t mode, uid, gid;
    struct timestamp accessed, modified;
};

static struct attributes attributes_of(const struct inode *inode) {
    return (struct attributes){inode->mode, inode->uid, inode->gid, inode->accessed,
                               inode->modified};
}

static void assign(struct inode *inode, const struct attributes *attributes) {
    inode->mode = attributes->mode;
    inode->uid = attributes->uid;
    inode->gid = attributes->gid;
    inode->accessed = attributes->accessed;
    inode->modified = attributes->modified;
}

static void tell(const struct target *target, uint32_t events) {
    if (target->file != NULL)
        notify_file(target->file, events);
    else
        notify_found(&target->walk, &target->path, events);
}

/* `events`: what is told of it. */
static int apply(const struct target *target, const struct attributes *wanted, uint32_t events) {
    const struct path *path = &target->path;
    struct inode *inode = path->inode;
    struct attributes before = attributes_of(inode);
    int error;

    if (path->mount != NULL && (path->mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    if (inode->operations->changed == NULL)
        return -EPERM;
    assign(inode, wanted);
    error = inode->operations->changed(inode);
    if (error != 0) {
        assign(inode, &before);
        return error;
    }
    inode->changed = timestamp_now();
    tell(target, events);
    return 0;
}

static int find_path(uint32_t directory, uint32_t path, uint32_t flags, struct target *target) {
    target->file = NULL;
    return path_find(&target->walk, (int)directory, path, flags, &target->path);
}

/* One that is open for more than its path. */
static int find_descriptor(uint32_t descriptor, struct target *target) {
    struct file *file = descriptor_file(descriptor);

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0) {
        file_release(file);
        return -EBADF;
    }
    target->file = file;
    target->path = (struct path){file->mount, file->inode};
    path_hold(&target->path);
    return 0;
}

static void target_release(struct target *target) {
    if (target->file != NULL)
        file_release(target->file);
    else
        walk_end(&target->walk);
    path_release(&target->path);
}

/* ---- Mode ------------------------------------------------------------------------------------ */

static int32_t change_mode(struct target *target, uint32_t mode) {
    struct inode *inode = target->path.inode;
    struct attributes wanted = attributes_of(inode);
    struct credentials who = current_credentials();
    int error = -EPERM;

    wanted.mode = (wanted.mode & S_IFMT) | (mode & MODE_PERMISSIONS);
    if (who.uid != 0 && !is_in_group(&who, wanted.gid))
        wanted.mode &= ~(uint32_t)S_ISGID;
    if (is_owner(inode))
        error = apply(target, &wanted, IN_ATTRIB);
    target_release(target);
    return error;
}

FILE_CALL_2(chmod, path, mode) {
    struct target target;
    int error = find_path(CWD, path, 0, &target);

    return error != 0 ? error : change_mode(&target, mode);
}

FILE_CALL_2(fchmod, descriptor, mode) {
    struct target target;
    int error = find_descriptor(descriptor, &target);

    return error != 0 ? error : change_mode(&target, mode);
}

FILE_CALL_3(fchmodat, directory, path, mode) {
    struct target target;
    int error = find_path(directory, path, 0, &target);

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
    struct attributes wanted = attributes_of(inode);
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
        error = apply(target, &wanted, IN_ATTRIB);
    target_release(target);
    return error;
}

static int32_t change_owner_of(uint32_t directory, uint32_t path, uint32_t uid, uint32_t gid,
                               uint32_t flags) {
    struct target target;
    int error = find_path(directory, path, flags, &target);

    return error != 0 ? error : change_owner(&target, uid, gid);
}

static int32_t change_owner_of_descriptor(uint32_t descriptor, uint32_t uid, uint32_t gid) {
    struct target target;
    int error = find_descriptor(descriptor, &target);

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

/* ---- Times ----------------------------------------------------------------------------------- */

#define TIME_NOW  0x3FFFFFFFu /* UTIME_NOW and UTIME_OMIT, in the nanoseconds */
#define TIME_OMIT 0x3FFFFFFEu

static bool is_valid_time(const struct timestamp *time) {
    return time->nanoseconds < 1000000000u || time->nanoseconds == TIME_NOW ||
           time->nanoseconds == TIME_OMIT;
}

static void choose(struct timestamp *slot, const struct timestamp *wanted) {
    if (wanted->nanoseconds == TIME_NOW)
        *slot = timestamp_now();
    else if (wanted->nanoseconds != TIME_OMIT)
        *slot = *wanted;
}

/* times[0] accessed, times[1] modified. Whoever may write may set both to now; all else is the
 * owner's. */
static int change_times(const struct target *target, const struct timestamp times[2]) {
    const struct inode *inode = target->path.inode;
    struct attributes wanted = attributes_of(inode);
    bool both_now = times[0].nanoseconds == TIME_NOW && times[1].nanoseconds == TIME_NOW;
    bool accessed = times[0].nanoseconds != TIME_OMIT, modified = times[1].nanoseconds != TIME_OMIT;

    if (!accessed && !modified)
        return 0;
    if (!is_owner(inode)) {
        if (!both_now)
            return -EPERM;
        if (permission_check(inode, MAY_WRITE) != 0)
            return -EACCES;
    }
    choose(&wanted.accessed, &times[0]);
    choose(&wanted.modified, &times[1]);
    return apply(target, &wanted,
                 accessed && modified ? IN_ATTRIB
                 : accessed           ? IN_ACCESS
                                      : IN_MODIFY);
}

static const struct timestamp both_times_now[2] = {{0, TIME_NOW}, {0, TIME_NOW}};

static int32_t set_times(uint32_t directory, uint32_t path, const struct timestamp times[2],
                         uint32_t flags) {
    struct target target;
    int error;

    if ((flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0 ||
        !is_valid_time(&times[0]) || !is_valid_time(&times[1]))
        return -EINVAL;
    if (path == 0 && (int)directory == AT_FDCWD)
        return -EFAULT;
    error = path == 0 ? find_descriptor(directory, &target)
                      : find_path(directory, path, flags, &target);
    if (error == 0) {
        error = change_times(&target, times);
        target_release(&target);
    }
    return error;
}

FILE_CALL_4(utimensat, directory, path, user, flags) {
    struct {
        int32_t seconds;
        uint32_t nanoseconds;
    } given[2];
    struct timestamp times[2] = {both_times_now[0], both_times_now[1]};

    if (user != 0) {
        if (copy_in(given, user, sizeof given) != 0)
            return -EFAULT;
        times[0] = (struct timestamp){given[0].seconds, given[0].nanoseconds};
        times[1] = (struct timestamp){given[1].seconds, given[1].nanoseconds};
    }
    return set_times(directory, path, times, flags);
}

FILE_CALL_4(utimensat_time64, directory, path, user, flags) {
    struct {
        int64_t seconds;
        uint32_t nanoseconds, unused;
    } given[2];
    struct timestamp times[2] = {both_times_now[0], both_times_now[1]};

    if (user != 0) {
        if (copy_in(given, user, sizeof given) != 0)
            return -EFAULT;
        times[0] = (struct timestamp){given[0].seconds, given[0].nanoseconds};
        times[1] = (struct timestamp){given[1].seconds, given[1].nanoseconds};
    }
    return set_times(directory, path, times, flags);
}

/* struct timeval[2]; NULL: the present time. */
static int32_t set_times_in_microseconds(uint32_t directory, uint32_t path, uint32_t user) {
    struct {
        int32_t seconds, microseconds;
    } given[2];
    struct timestamp times[2];

    if (user == 0)
        return set_times(directory, path, both_times_now, 0);
    if (copy_in(given, user, sizeof given) != 0)
        return -EFAULT;
    for (uint32_t i = 0; i < 2; i++) {
        if (given[i].microseconds < 0 || given[i].microseconds >= 1000000)
            return -EINVAL;
        times[i] = (struct timestamp){given[i].seconds, (uint32_t)given[i].microseconds * 1000};
    }
    return set_times(directory, path, times, 0);
}

FILE_CALL_2(utimes, path, user) {
    return set_times_in_microseconds(CWD, path, user);
}

FILE_CALL_3(futimesat, directory, path, user) {
    return set_times_in_microseconds(directory, path, user);
}

FILE_CALL_2(utime, path, user) {
    struct {
        int32_t accessed, modified;
    } given;
    struct timestamp times[2];

    if (user == 0)
        return set_times(CWD, path, both_times_now, 0);
    if (copy_in(&given, user, sizeof given) != 0)
        return -EFAULT;
    times[0] = (struct timestamp){given.accessed, 0};
    times[1] = (struct timestamp){given.modified, 0};
    return set_times(CWD, path, times, 0);
}

/* ---- Size ------------------------------------------------------------------------------------ */

static int set_size(const struct path *path, uint64_t size) {
    struct inode *inode = path->inode;

    if (MODE_IS(inode->mode, S_IFDIR))
        return -EISDIR;
    if (!MODE_IS(inode->mode, S_IFREG) || inode->operations->truncate == NULL || (int64_t)size < 0)
        return -EINVAL;
    if (path->mount != NULL && (path->mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    return inode->operations->truncate(inode, size);
}

static int32_t truncate_path(uint32_t path, uint64_t size) {
    struct target target;
    int error;

    if ((int64_t)size < 0)
        return -EINVAL;
    error = find_path(CWD, path, 0, &target);
    if (error != 0)
        return error;
    error = permission_check(target.path.inode, MAY_WRITE);
    if (error == 0 && target.path.inode->programs > 0)
        error = -ETXTBSY;
    if (error == 0)
        error = set_size(&target.path, size);
    if (error == 0)
        tell(&target, IN_MODIFY);
    target_release(&target);
    return error;
}

static int32_t truncate_descriptor(uint32_t descriptor, uint64_t size) {
    struct file *file = descriptor_file(descriptor);
    int error;

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0)
        error = -EBADF;
    else if (!file_is_writable(file) || MODE_IS(file->inode->mode, S_IFDIR))
        error = -EINVAL;
    else
        error = set_size(&(struct path){file->mount, file->inode}, size);
    if (error == 0)
        notify_file(file, IN_MODIFY);
    file_release(file);
    return error;
}

FILE_CALL_2(truncate, path, size) {
    return truncate_path(path, (uint64_t)(int32_t)size);
}

FILE_CALL_2(ftruncate, descriptor, size) {
    return truncate_descriptor(descriptor, (uint64_t)(int32_t)size);
}

FILE_CALL_3(truncate64, path, low, high) {
    return truncate_path(path, pair(low, high));
}

FILE_CALL_3(ftruncate64, descriptor, low, high) {
    return truncate_descriptor(descriptor, pair(low, high));
}

FILE_CALL_6(fallocate, descriptor, flags, low, high, length_low, length_high) {
    struct file *file = descriptor_file(descriptor);
    uint64_t offset = pair(low, high), length = pair(length_low, length_high);
    int error = 0;

    if (file == NULL)
        return -EBADF;
    if ((int64_t)offset < 0 || (int64_t)length <= 0)
        error = -EINVAL;
    else if (!file_is_writable(file))
        error = -EBADF;
    else if (MODE_IS(file->inode->mode, S_IFIFO))
        error = -ESPIPE;
    else if (!MODE_IS(file->inode->mode, S_IFREG))
        error = -ENODEV;
    else if (file->inode->operations->allocate == NULL)
        error = -EOPNOTSUPP;
    else
        error = file->inode->operations->allocate(file->inode, flags, offset, length);
    if (error == 0)
        notify_file(file, IN_MODIFY);
    file_release(file);
    return error;
}
