// SPDX-License-Identifier: MIT
/*
 * Who follows whom is asked of the mount table, whose mounts bear the numbers of their groups.
 */
#include "domains/linux/file/mount_peers.h"

#include "domains/linux/errno.h"

static uint32_t last_group;

static const struct mount *member_of(uint32_t group) {
    const struct mount *mount = mount_table;

    while (mount != NULL && mount->group != group)
        mount = mount->next;
    return mount;
}

/* All members of a group have the same master. */
static uint32_t master_of(uint32_t group) {
    const struct mount *member = member_of(group);

    return member == NULL ? 0 : member->master;
}

static bool follows(const struct mount *mount, uint32_t group) {
    uint32_t above = mount->group == group ? group : mount->master;

    while (above != 0 && above != group)
        above = master_of(above);
    return above == group;
}

/* ---- Groups are joined and left ---------------------------------------------------------------- */

/* true: there are members left. */
static bool leave_group(struct mount *mount) {
    uint32_t group = mount->group;

    mount->group = 0;
    if (group == 0)
        return false;
    if (member_of(group) != NULL)
        return true;
    for (struct mount *other = mount_table; other != NULL; other = other->next)
        if (other->master == group)
            other->master = mount->master;
    return false;
}

void mount_change_peers(struct mount *mount, uint32_t type) {
    uint32_t group = mount->group;

    if (type == MS_SHARED) {
        if (group == 0)
            mount->group = ++last_group;
        mount->unbindable = false;
        return;
    }
    if (leave_group(mount))
        mount->master = group;
    if (type == MS_SLAVE)
        return;
    mount->master = 0;
    mount->unbindable = type == MS_UNBINDABLE;
}

/* ---- Copies ------------------------------------------------------------------------------------ */

/* Does the mount show the place? Of a file only this is known: it does if it shows all that `like` shows. */
static bool shows(const struct mount *mount, struct inode *place, const struct mount *like) {
    bool found = same_inode(mount->root, like->root), climbs = !found;
    struct inode *parent;

    inode_hold(place);
    while (climbs && MODE_IS(place->mode, S_IFDIR) &&
           place->operations->lookup(place, "..", 2, &parent) == 0) {
        found = same_inode(place, mount->root);
        climbs = !found && !same_inode(place, parent);
        inode_release(place);
        place = parent;
    }
    inode_release(place);
    return found;
}

static bool gets_copy(const struct mount *peer, const struct mount *mount) {
    return peer != mount && peer != mount->parent && follows(peer, mount->parent->group) &&
           shows(peer, mount->point, mount->parent);
}

/* What lies there already lies on the copy then. */
static int copy_to(struct mount *peer, const struct mount *mount) {
    const struct path place = {peer, mount->point};
    struct mount *above = mount_covering(&place), *copy;
    int error = mount_make(mount->system, mount->root, &place, mount->source, mount->flags, &copy);

    if (error == 0 && above != NULL)
        mount_move(above, &(struct path){copy, copy->root});
    return error;
}

/* The group of the copies, which begin with `first`, at the members of `group`; 0: it is not known yet, or there are none. */
static uint32_t copied_group(const struct mount *first, uint32_t group) {
    const struct mount *copy = first;

    while (copy != NULL && (copy->parent->group != group || copy->group == 0))
        copy = copy->next;
    return copy == NULL ? 0 : copy->group;
}

/* Peers get peers. */
static void group_copies(struct mount *first, const struct mount *mount) {
    for (struct mount *copy = first; copy != NULL; copy = copy->next) {
        uint32_t group = copy->parent->group;

        if (group == mount->parent->group)
            copy->group = mount->group;
        else if (group != 0 && (copy->group = copied_group(first, group)) == 0)
            copy->group = ++last_group;
    }
}

/* A copy follows those at the nearest group that its place follows. */
static uint32_t master_of_copy(const struct mount *copy, const struct mount *first,
                               const struct mount *mount) {
    uint32_t above = copy->parent->master, origin = mount->parent->group;

    if (copy->parent->group == origin)
        return mount->master;
    while (above != origin && copied_group(first, above) == 0)
        above = master_of(above);
    return above == origin ? mount->group : copied_group(first, above);
}

static struct mount *last_of_table(void) {
    struct mount *last = mount_table;

    while (last->next != NULL)
        last = last->next;
    return last;
}

int mount_repeat(struct mount *mount) {
    struct mount *last = last_of_table(), *peer = mount_table;
    int error = 0;

    if (mount->parent == NULL || mount->parent->group == 0)
        return 0;
    while (error == 0 && peer != last->next) {
        error = gets_copy(peer, mount) ? copy_to(peer, mount) : 0;
        peer = peer->next;
    }
    if (error != 0) {
        while (last->next != NULL)
            mount_withdraw(last->next);
        return error;
    }
    mount_change_peers(mount, MS_SHARED);
    group_copies(last->next, mount);
    for (struct mount *copy = last->next; copy != NULL; copy = copy->next)
        copy->master = master_of_copy(copy, last->next, mount);
    return 0;
}

struct mount *mount_next_copy(const struct mount *mount, struct mount **peer) {
    if (mount->parent->group == 0)
        return NULL;
    while ((*peer = *peer == NULL ? mount_table : (*peer)->next) != NULL) {
        const struct path place = {*peer, mount->point};
        struct mount *copy = gets_copy(*peer, mount) ? mount_covering(&place) : NULL;

        if (copy != NULL && !mount_holds_others(copy, mount_cover(copy)))
            return copy;
    }
    return NULL;
}
