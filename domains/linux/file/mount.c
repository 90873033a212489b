// SPDX-License-Identifier: MIT
/*
 * The mount table is a short list; a walk asks it at each component.
 */
#include "domains/linux/file/mount.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount_peers.h"
#include "domains/linux/file/notify.h"

#define MOUNTS_MOST 512u /* also those that are detached and still used: lookups go through all */

struct mount *mount_table;
static uint32_t mount_count;

uint32_t file_system_number(void) {
    static uint32_t last;

    return ++last;
}

bool same_inode(const struct inode *left, const struct inode *right) {
    return left == right || (left->file_system != NULL && left->number == right->number &&
                             left->file_system == right->file_system);
}

void mount_hold(struct mount *mount) {
    mount->references++;
}

void file_system_release(struct file_system *system) {
    if (--system->references > 0 || system->free == NULL)
        return;
    notify_unmounted(system);
    system->free(system);
}

/* Answers what it lay in, which it held. */
static struct mount *free_mount(struct mount *mount) {
    struct mount *parent = mount->parent;

    inode_release(mount->root);
    file_system_release(mount->system);
    if (parent != NULL)
        inode_release(mount->point);
    heap_free(mount->source);
    heap_free(mount);
    mount_count--;
    return parent;
}

void mount_release(struct mount *mount) {
    while (mount != NULL && --mount->references == 0)
        mount = free_mount(mount);
}

struct mount *mount_covering(const struct path *place) {
    for (struct mount *mount = mount_table; mount != NULL; mount = mount->next)
        if (mount->parent == place->mount && mount->parent != NULL &&
            same_inode(mount->point, place->inode))
            return mount;
    return NULL;
}

bool mount_covers_inode(const struct inode *inode) {
    for (struct mount *mount = mount_table; mount != NULL; mount = mount->next)
        if (mount->point != NULL && same_inode(mount->point, inode))
            return true;
    return false;
}

static char *copy_text(const char *text) {
    size_t bytes = strlen(text) + 1;
    char *copy = heap_allocate(bytes);

    return copy == NULL ? NULL : memcpy(copy, text, bytes);
}

void mount_target(struct mount *mount, char *buffer, uint32_t room) {
    const struct path place = {mount, mount->root};

    if (!MODE_IS(mount->root->mode, S_IFDIR) || path_string(&place, NULL, buffer, room) < 0)
        memcpy(buffer, "/", 2);
}

int mount_make(struct file_system *system, struct inode *root, const struct path *place,
               const char *source, uint32_t flags, struct mount **made) {
    static uint32_t last_number;
    struct mount *mount, **end = &mount_table;

    if (mount_count >= MOUNTS_MOST)
        return -ENOSPC;
    mount = heap_allocate(sizeof *mount);
    if (mount == NULL)
        return -ENOMEM;
    mount->source = copy_text(source);
    if (mount->source == NULL) {
        heap_free(mount);
        return -ENOMEM;
    }
    mount_count++;
    mount->references = 1;
    mount->number = ++last_number;
    mount->system = system;
    system->references++;
    mount->root = root;
    inode_hold(root);
    mount->flags = flags;
    if (place != NULL) {
        mount->parent = place->mount;
        mount_hold(place->mount);
        mount->point = place->inode;
        inode_hold(place->inode);
    }
    while (*end != NULL)
        end = &(*end)->next;
    *end = *made = mount;
    return 0;
}

static int attach(struct mount *mount) {
    int error = mount_repeat(mount);

    if (error != 0)
        mount_withdraw(mount);
    return error;
}

int mount_attach(struct file_system *system, struct inode *root, const struct path *place,
                 const char *source, uint32_t flags) {
    struct mount *mount;
    int error = mount_make(system, root, place, source, flags, &mount);

    return error != 0 ? error : attach(mount);
}

int mount_attach_bound(const struct path *source, const struct path *place, uint32_t flags) {
    const struct mount *shown = source->mount;
    struct mount *mount;
    int error = mount_make(shown->system, source->inode, place, shown->source, flags | shown->flags,
                           &mount);

    if (error != 0)
        return error;
    mount->group = shown->group;
    mount->master = shown->master;
    return attach(mount);
}

bool is_mount_root(const struct path *place) {
    return place->mount != NULL && same_inode(place->inode, place->mount->root);
}

bool mount_is_attached(const struct mount *mount) {
    const struct mount *attached = mount_table;

    while (attached != NULL && attached != mount)
        attached = attached->next;
    return attached != NULL;
}

bool mount_is_below(const struct path *place, const struct mount *above) {
    const struct mount *mount = place->mount;

    while (mount != NULL && mount != above)
        mount = mount->parent;
    return mount != NULL;
}

static void unlink(struct mount *mount) {
    struct mount **link = &mount_table;

    while (*link != mount)
        link = &(*link)->next;
    *link = mount->next;
}

static void put_first(struct mount *mount) {
    unlink(mount);
    mount->next = mount_table;
    mount_table = mount;
}

void mount_move(struct mount *mount, const struct path *place) {
    struct path before = {mount->parent, mount->point};

    if (place != NULL)
        path_hold(place);
    mount->parent = place != NULL ? place->mount : NULL;
    mount->point = place != NULL ? place->inode : NULL;
    path_release(&before);
    if (place == NULL)
        put_first(mount);
}

/* ---- Out of the table ---------------------------------------------------------------------------- */

struct mount *mount_cover(struct mount *mount) {
    return mount_covering(&(struct path){mount, mount->root});
}

bool mount_holds_others(const struct mount *mount, const struct mount *except) {
    for (const struct mount *other = mount_table; other != NULL; other = other->next)
        if (other->parent == mount && other != except)
            return true;
    return false;
}

/* Nobody follows it any more, nothing covers its point, and who still uses it keeps it alive. */
static void let_go(struct mount *mount) {
    unlink(mount);
    mount_change_peers(mount, MS_PRIVATE);
    mount_release(mount);
}

void mount_withdraw(struct mount *mount) {
    struct mount *cover = mount_cover(mount);

    if (cover != NULL)
        mount_move(cover, &(struct path){mount->parent, mount->point});
    let_go(mount);
}

/* A list of a mount and all that lie in it, each before what it lies in. */
static struct mount *list_tree(struct mount *top) {
    struct mount *last = top, *list = NULL;

    top->listed = NULL;
    for (const struct mount *mount = top; mount != NULL; mount = mount->listed)
        for (struct mount *other = mount_table; other != NULL; other = other->next)
            if (other->parent == mount) {
                other->listed = NULL;
                last = last->listed = other;
            }
    for (struct mount *mount = top, *next; mount != NULL; mount = next) {
        next = mount->listed;
        mount->listed = list;
        list = mount;
    }
    return list;
}

/* But for those that lie in `top` themselves. */
static void withdraw_copies(const struct mount *mount, const struct mount *top) {
    struct mount *peer = NULL, *copy;

    while ((copy = mount_next_copy(mount, &peer)) != NULL)
        if (!mount_is_below(&(struct path){.mount = copy}, top))
            mount_withdraw(copy);
}

static bool has_users(struct mount *mount) {
    struct mount *peer = NULL, *copy;

    if (mount->references > 1 || mount_holds_others(mount, NULL))
        return true;
    while ((copy = mount_next_copy(mount, &peer)) != NULL)
        if (copy->references > (mount_cover(copy) != NULL ? 2u : 1u))
            return true;
    return false;
}

int mount_detach(struct mount *mount, bool lazily) {
    struct mount *taken;

    if (mount->parent == NULL)
        return -EBUSY; /* the tenant's root */
    if (!lazily && has_users(mount))
        return -EBUSY;
    taken = list_tree(mount);
    for (struct mount *each = taken; each != NULL; each = each->listed)
        withdraw_copies(each, mount);
    for (struct mount *next; taken != NULL; taken = next) {
        next = taken->listed;
        let_go(taken);
    }
    return 0;
}
