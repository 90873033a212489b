// SPDX-License-Identifier: MIT
/*
 * Who may do what to an inode: the classic owner, group, others; root may do everything, except
 * execute what nobody may.
 */
#include "domains/linux/file/permission.h"

#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"

struct credentials current_credentials(void) {
    const struct process *process = current_process();

    if (process == NULL)
        return (struct credentials){0};
    return (struct credentials){process->fsuid, process->fsgid, process->group_count,
                                process->groups};
}

bool is_in_group(const struct credentials *who, uint32_t gid) {
    if (who->gid == gid)
        return true;
    for (uint32_t i = 0; i < who->group_count; i++)
        if (who->groups[i] == gid)
            return true;
    return false;
}

int permission_check_as(const struct credentials *who, const struct inode *inode, uint32_t may) {
    uint32_t granted = inode->mode & 7;

    if (who->uid == 0) {
        bool nobody_executes = (inode->mode & 0111) == 0 && !MODE_IS(inode->mode, S_IFDIR);

        return (may & MAY_EXECUTE) != 0 && nobody_executes ? -EACCES : 0;
    }
    if (who->uid == inode->uid)
        granted = inode->mode >> 6 & 7;
    else if (is_in_group(who, inode->gid))
        granted = inode->mode >> 3 & 7;
    return (may & ~granted) != 0 ? -EACCES : 0;
}

int permission_check(const struct inode *inode, uint32_t may) {
    struct credentials who = current_credentials();

    return permission_check_as(&who, inode, may);
}

bool is_owner(const struct inode *inode) {
    struct credentials who = current_credentials();

    return who.uid == 0 || who.uid == inode->uid;
}

void drop_set_ids(struct inode *inode) {
    struct credentials who = current_credentials();

    if ((inode->mode & (S_ISUID | S_ISGID)) == 0 || who.uid == 0)
        return;
    inode->mode &= ~(uint32_t)S_ISUID;
    if ((inode->mode & 0010) != 0 || !is_in_group(&who, inode->gid))
        inode->mode &= ~(uint32_t)S_ISGID;
}
