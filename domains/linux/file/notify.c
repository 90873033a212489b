// SPDX-License-Identifier: MIT
/*
 * From what has happened to those who watch it.
 *
 * A description of a file knows its name in a directory (file_path.c): there its events are told with the name, also when
 * that is gone (but for IN_EXCL_UNLINK). A directory knows its parent and its name by itself.
 */
#include "domains/linux/file/notify.h"

#include "domains/lib/memory.h"
#include "domains/linux/file/inotify.h"
#include "domains/linux/file/mount.h"

struct happening {
    uint32_t events, cookie;
    struct inotify_name name;
    const struct file *file; /* through which it happened, or NULL */
};

static uint32_t kind_of(uint32_t mode) {
    return MODE_IS(mode, S_IFDIR) ? (uint32_t)IN_ISDIR : 0;
}

/* Does the name by which it was opened no longer lead to it? */
static bool is_nameless(const struct file *file) {
    struct inode *directory = file->directory, *found;
    if (directory == NULL)
        return file->inode->links == 0;
    uint32_t length = (uint32_t)strlen(file->path);
    if (directory->operations->lookup(directory, file->path, length, &found) != 0)
        return true;
    bool is_another = !same_inode(found, file->inode);
    inode_release(found);
    return is_another;
}

static bool is_wanted(const struct inotify_watch *watch, const struct happening *what) {
    if ((watch->mask & what->events & IN_ALL_EVENTS) == 0)
        return false;
    return what->file == NULL || (watch->mask & IN_EXCL_UNLINK) == 0 || !is_nameless(what->file);
}

static void tell(struct inode *inode, const struct happening *what) {
    struct inotify_watch *next;
    for (struct inotify_watch *watch = inode->watches; watch != NULL; watch = next) {
        next = watch->next_of_inode;
        if (!is_wanted(watch, what))
            continue;
        inotify_tell(watch, what->events, what->cookie, what->name);
        if ((watch->mask & IN_ONESHOT) != 0)
            inotify_end(watch);
    }
}

/* ---- To files ---------------------------------------------------------------------------------- */

void notify_inode(struct inode *inode, uint32_t events) {
    if (inode->watches != NULL)
        tell(inode, &(struct happening){.events = events | kind_of(inode->mode)});
}

static struct inotify_name name_in(const struct walk *walk) {
    return (struct inotify_name){walk->name, walk->length};
}

void notify_found(const struct walk *walk, const struct path *found, uint32_t events) {
    struct happening what = {.events = events | kind_of(found->inode->mode), .name = name_in(walk)};
    if (walk->length > 0 && found->mount == walk->at.mount)
        tell(walk->at.inode, &what);
    notify_inode(found->inode, events);
}

static void tell_directory(const struct file *file, struct happening what) {
    what.name = (struct inotify_name){file->path, (uint32_t)strlen(file->path)};
    tell(file->directory, &what);
}

/* Of a directory; the root of a mount has none. */
static void tell_parent(const struct file *file, struct happening what) {
    struct inode *inode = file->inode, *parent;
    char name[NAME_BYTES];
    if (inode->operations->name == NULL || same_inode(inode, file->mount->root) ||
        inode->operations->lookup(inode, "..", 2, &parent) != 0)
        return;
    int length = parent->watches == NULL ? 0 : inode->operations->name(inode, name, sizeof name);
    if (length > 0) {
        what.name = (struct inotify_name){name, (uint32_t)length};
        tell(parent, &what);
    }
    inode_release(parent);
}

void notify_watched(struct file *file, uint32_t events) {
    struct happening what = {.events = events | kind_of(file->inode->mode), .file = file};
    if (MODE_IS(file->inode->mode, S_IFDIR))
        tell_parent(file, what);
    else if (file->directory != NULL)
        tell_directory(file, what);
    tell(file->inode, &what);
}

/* ---- To names ---------------------------------------------------------------------------------- */

static void tell_name(const struct walk *walk, uint32_t mode, uint32_t event, uint32_t cookie) {
    if (walk->at.inode->watches != NULL)
        tell(walk->at.inode, &(struct happening){.events = event | kind_of(mode),
                                                 .cookie = cookie,
                                                 .name = name_in(walk)});
}

void notify_name(const struct walk *walk, uint32_t mode, uint32_t event) {
    tell_name(walk, mode, event, 0);
}

void notify_rename(const struct walk *from, const struct walk *to, struct inode *moved,
                   struct inode *replaced) {
    static uint32_t last_cookie;
    last_cookie = last_cookie == UINT32_MAX ? 1 : last_cookie + 1;
    tell_name(from, moved->mode, IN_MOVED_FROM, last_cookie);
    tell_name(to, moved->mode, IN_MOVED_TO, last_cookie);
    if (replaced != NULL)
        notify_inode(replaced, IN_ATTRIB);
    notify_inode(moved, IN_MOVE_SELF);
}

/* ---- To what is watched -------------------------------------------------------------------------- */

static uint32_t watches_on(const struct inode *inode) {
    uint32_t count = 0;
    for (const struct inotify_watch *watch = inode->watches; watch != NULL;
         watch = watch->next_of_inode)
        count++;
    return count;
}

/* Watches hold it too: where nobody else does, they see its end. */
void notify_unused(struct inode *inode) {
    if (inode->references > watches_on(inode))
        return;
    inode_hold(inode);
    notify_inode(inode, IN_DELETE_SELF);
    while (inode->watches != NULL)
        inotify_end(inode->watches);
    inode_release(inode);
}

void notify_unmounted(const struct file_system *system) {
    struct inotify_watch *watch;
    while ((watch = inotify_watch_in(system)) != NULL) {
        inotify_tell(watch, IN_UNMOUNT | kind_of(watch->inode->mode), 0, (struct inotify_name){0});
        inotify_end(watch);
    }
}
