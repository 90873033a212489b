// SPDX-License-Identifier: MIT
/*
 * User and group ids. Root is effective uid 0; there are no finer capabilities.
 *
 *   setuid(u):   root sets real, effective and saved; others set effective to real or saved
 *   setreuid, setresuid: others choose among real, effective and saved; -1 keeps
 *
 * Files are asked for with the file ids, which follow the effective ones unless setfsuid(2) sets them apart.
 * The old calls have ids of 16 bits: KEEP_16 keeps, and what does not fit is shown as OVERFLOW_16.
 */
#include "domains/lib/memory.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/process.h"

#define KEEP        0xFFFFFFFFu
#define KEEP_16     0xFFFFu
#define OVERFLOW_16 65534u
#define GROUPS_MOST 32u

/* One kind of id: uid or gid of the current process. */
struct ids {
    uint32_t *real, *effective, *saved, *file;
};

static struct ids users(void) {
    struct process *process = current_process();
    return (struct ids){&process->uid, &process->euid, &process->suid, &process->fsuid};
}

static struct ids groups(void) {
    struct process *process = current_process();
    return (struct ids){&process->gid, &process->egid, &process->sgid, &process->fsgid};
}

static bool is_root(void) {
    return current_process()->euid == 0;
}

static bool may_take(const struct ids *ids, uint32_t id) {
    return id == KEEP || is_root() || id == *ids->real || id == *ids->effective ||
           id == *ids->saved;
}

static int32_t set_three(struct ids ids, uint32_t real, uint32_t effective, uint32_t saved) {
    if (!may_take(&ids, real) || !may_take(&ids, effective) || !may_take(&ids, saved))
        return -EPERM;
    if (real != KEEP)
        *ids.real = real;
    if (effective != KEEP)
        *ids.effective = effective;
    if (saved != KEEP)
        *ids.saved = saved;
    *ids.file = *ids.effective;
    return 0;
}

static int32_t set_one(struct ids ids, uint32_t id) {
    if (is_root())
        return set_three(ids, id, id, id);
    if (id != *ids.real && id != *ids.saved)
        return -EPERM;
    *ids.effective = *ids.file = id;
    return 0;
}

/* The saved id follows the effective one if the real one is set, or the effective one to another
 * value. */
static int32_t set_two(struct ids ids, uint32_t real, uint32_t effective) {
    bool save = real != KEEP || (effective != KEEP && effective != *ids.real);
    if (!is_root() && effective != KEEP && effective != *ids.real && effective != *ids.effective &&
        effective != *ids.saved)
        return -EPERM;
    if (!is_root() && real != KEEP && real != *ids.real && real != *ids.effective)
        return -EPERM;
    uint32_t new_effective = effective != KEEP ? effective : *ids.effective;
    if (real != KEEP)
        *ids.real = real;
    *ids.effective = *ids.file = new_effective;
    if (save)
        *ids.saved = new_effective;
    return 0;
}

static int32_t show_three(struct ids ids, uint32_t real, uint32_t effective, uint32_t saved) {
    const uint32_t values[3] = {*ids.real, *ids.effective, *ids.saved};
    if (copy_out(real, &values[0], 4) != 0 || copy_out(effective, &values[1], 4) != 0 ||
        copy_out(saved, &values[2], 4) != 0)
        return -EFAULT;
    return 0;
}

SYSTEM_CALL_0(getuid) {
    return (int32_t)current_process()->uid;
}

SYSTEM_CALL_0(geteuid) {
    return (int32_t)current_process()->euid;
}

SYSTEM_CALL_0(getgid) {
    return (int32_t)current_process()->gid;
}

SYSTEM_CALL_0(getegid) {
    return (int32_t)current_process()->egid;
}

SYSTEM_CALL_1(setuid, id) {
    return id == KEEP ? -EINVAL : set_one(users(), id);
}

SYSTEM_CALL_1(setgid, id) {
    return id == KEEP ? -EINVAL : set_one(groups(), id);
}

SYSTEM_CALL_2(setreuid, real, effective) {
    return set_two(users(), real, effective);
}

SYSTEM_CALL_2(setregid, real, effective) {
    return set_two(groups(), real, effective);
}

SYSTEM_CALL_3(setresuid, real, effective, saved) {
    return set_three(users(), real, effective, saved);
}

SYSTEM_CALL_3(setresgid, real, effective, saved) {
    return set_three(groups(), real, effective, saved);
}

SYSTEM_CALL_3(getresuid, real, effective, saved) {
    return show_three(users(), real, effective, saved);
}

SYSTEM_CALL_3(getresgid, real, effective, saved) {
    return show_three(groups(), real, effective, saved);
}

/* Sets the id for files if it may be taken. Answers the old one in any case, and never an error. */
static int32_t set_file_id(struct ids ids, uint32_t id) {
    uint32_t before = *ids.file;
    if (id != KEEP && (id == before || may_take(&ids, id)))
        *ids.file = id;
    return (int32_t)before;
}

SYSTEM_CALL_1(setfsuid, id) {
    return set_file_id(users(), id);
}

SYSTEM_CALL_1(setfsgid, id) {
    return set_file_id(groups(), id);
}

/* ---- Ids of 16 bits ---- */

static uint32_t from_16(uint32_t id) {
    return (uint16_t)id == KEEP_16 ? KEEP : (uint16_t)id;
}

static uint16_t to_16(uint32_t id) {
    return (uint16_t)(id > UINT16_MAX ? OVERFLOW_16 : id);
}

static int32_t show_three_16(struct ids ids, uint32_t real, uint32_t effective, uint32_t saved) {
    const uint16_t values[3] = {to_16(*ids.real), to_16(*ids.effective), to_16(*ids.saved)};
    if (copy_out(real, &values[0], 2) != 0 || copy_out(effective, &values[1], 2) != 0 ||
        copy_out(saved, &values[2], 2) != 0)
        return -EFAULT;
    return 0;
}

SYSTEM_CALL_2(setreuid16, real, effective) {
    return set_two(users(), from_16(real), from_16(effective));
}

SYSTEM_CALL_2(setregid16, real, effective) {
    return set_two(groups(), from_16(real), from_16(effective));
}

SYSTEM_CALL_3(setresuid16, real, effective, saved) {
    return set_three(users(), from_16(real), from_16(effective), from_16(saved));
}

SYSTEM_CALL_3(setresgid16, real, effective, saved) {
    return set_three(groups(), from_16(real), from_16(effective), from_16(saved));
}

SYSTEM_CALL_3(getresuid16, real, effective, saved) {
    return show_three_16(users(), real, effective, saved);
}

SYSTEM_CALL_3(getresgid16, real, effective, saved) {
    return show_three_16(groups(), real, effective, saved);
}

/* ---- Further groups ---- */

SYSTEM_CALL_2(getgroups, room, result) {
    const struct process *process = current_process();
    uint32_t count = process->group_count;
    if ((int32_t)room < 0)
        return -EINVAL;
    if (room == 0)
        return (int32_t)count;
    if (room < count)
        return -EINVAL;
    uint32_t copy[GROUPS_MOST];
    memcpy(copy, process->groups, sizeof(copy));
    int error = copy_out(result, copy, count * sizeof(copy[0]));
    return error != 0 ? error : (int32_t)count;
}

SYSTEM_CALL_2(setgroups, count, list) {
    uint32_t copy[GROUPS_MOST] = {0};
    if (!is_root())
        return -EPERM;
    if (count > GROUPS_MOST)
        return -EINVAL;
    if (copy_in(copy, list, count * sizeof(copy[0])) != 0)
        return -EFAULT;
    struct process *process = current_process();
    memcpy(process->groups, copy, sizeof(copy));
    process->group_count = count;
    return 0;
}
