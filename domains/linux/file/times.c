// SPDX-License-Identifier: MIT
/*
 * The calls that set when a file was accessed and modified, from the first of them, in seconds, to the last, in nanoseconds of 64 bits.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/file/target.h"

#define CWD ((uint32_t)AT_FDCWD)

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
    struct attributes wanted = inode_attributes(inode);
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
    return target_change(target, &wanted,
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
    error = path == 0 ? target_find_descriptor(directory, &target)
                      : target_find_path(directory, path, flags, &target);
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
