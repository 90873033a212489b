// SPDX-License-Identifier: MIT
/*
 * inotify(7): events as a file. An instance has watches, by number, and a queue of what they were told.
 *
 *   inotify_tell() ──> same as the last one? ──> nothing
 *                  ──> queue full, or no memory ──> "lost" goes to its end, if it is not in the queue yet
 *                  ──> queued, to be read whole
 */
#include "domains/linux/file/inotify.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "kernel/abi/gate.h"

#define EVENTS_MOST    16384u /* that wait in an instance, as /proc/sys/fs/inotify has it on Linux */
#define INSTANCES_MOST 128u
#define WATCHES_MOST   8192u
#define FIONREAD       0x541Bu
#define WATCH_BITS                                                                                 \
    (IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT) /* what a watch keeps of its mask */
#define MASK_BITS                                                                                  \
    (WATCH_BITS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW |          \
     IN_MASK_CREATE | IN_MASK_ADD | IN_ISDIR)

/* struct inotify_event, as read gives it. */
struct record {
    int32_t descriptor;
    uint32_t mask, cookie;
    uint32_t name_bytes; /* with NULs up to a multiple of this struct */
    char name[];
};

struct event {
    struct event *next;
    struct record record;
};

struct inotify {
    struct inotify *next; /* of all */
    struct inotify_watch *watches;
    struct event *first, *last;
    struct event *lost; /* IN_Q_OVERFLOW; NULL: it is in the queue */
    uint32_t events, bytes;
    int32_t last_descriptor;
    struct wait_queue changed;
};

static struct inotify *instances;
static uint32_t instance_count;
uint32_t inotify_watch_count;

/* ---- The queue --------------------------------------------------------------------------------- */

static uint32_t bytes_of(const struct event *event) {
    return (uint32_t)sizeof event->record + event->record.name_bytes;
}

static bool is_lost(const struct event *event) {
    return (event->record.mask & IN_Q_OVERFLOW) != 0;
}

static struct event *event_make(const struct record *record, struct inotify_name name) {
    uint32_t unit = sizeof *record, room = 0;
    if (name.length > 0)
        room = (name.length + 1 + unit - 1) / unit * unit;
    struct event *event = heap_allocate(sizeof *event + room);
    if (event == NULL)
        return NULL;
    event->record = *record;
    event->record.name_bytes = room;
    if (name.length > 0)
        memcpy(event->record.name, name.text, name.length);
    return event;
}

static void append(struct inotify *instance, struct event *event) {
    event->next = NULL;
    if (instance->first == NULL)
        instance->first = event;
    else
        instance->last->next = event;
    instance->last = event;
    instance->events++;
    instance->bytes += bytes_of(event);
    poll_wake(&instance->changed);
}

static struct event *take_first(struct inotify *instance) {
    struct event *event = instance->first;
    instance->first = event->next;
    instance->events--;
    instance->bytes -= bytes_of(event);
    return event;
}

/* What is no longer in the queue. */
static void event_release(struct inotify *instance, struct event *event) {
    if (is_lost(event))
        instance->lost = event;
    else
        heap_free(event);
}

static bool is_last(const struct inotify *instance, const struct record *record,
                    struct inotify_name name) {
    if (instance->first == NULL || (record->mask & IN_IGNORED) != 0)
        return false;
    const struct record *last = &instance->last->record;
    bool has_name = last->name_bytes > 0;
    return last->descriptor == record->descriptor && last->mask == record->mask &&
           has_name == (name.length > 0) &&
           (!has_name ||
            (strlen(last->name) == name.length && memcmp(last->name, name.text, name.length) == 0));
}

static void queue(struct inotify *instance, const struct record *record, struct inotify_name name) {
    bool is_full = instance->events >= EVENTS_MOST;
    if (!is_full && is_last(instance, record, name))
        return;
    struct event *event = is_full ? NULL : event_make(record, name);
    if (event == NULL) {
        event = instance->lost;
        instance->lost = NULL;
    }
    if (event != NULL)
        append(instance, event);
}

/* ---- Watches ------------------------------------------------------------------------------------- */

/* The end of an object, and its own move, are told without its kind, as Linux always did. */
void inotify_tell(const struct inotify_watch *watch, uint32_t events, uint32_t cookie,
                  struct inotify_name name) {
    if ((events & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0)
        events &= ~(uint32_t)IN_ISDIR;
    const struct record record = {watch->descriptor, events, cookie, 0};
    queue(watch->instance, &record, name);
}

static struct inotify_watch *watch_on(const struct inotify *instance, const struct inode *inode) {
    struct inotify_watch *watch = inode->watches;
    while (watch != NULL && watch->instance != instance)
        watch = watch->next_of_inode;
    return watch;
}

static int watch_make(struct inotify *instance, struct inode *inode, uint32_t mask) {
    if (inotify_watch_count >= WATCHES_MOST)
        return -ENOSPC;
    struct inotify_watch *watch = heap_allocate(sizeof *watch);
    if (watch == NULL)
        return -ENOMEM;
    inode_hold(inode);
    *watch = (struct inotify_watch){.next = instance->watches,
                                    .next_of_inode = inode->watches,
                                    .instance = instance,
                                    .inode = inode,
                                    .descriptor = ++instance->last_descriptor,
                                    .mask = mask & WATCH_BITS};
    instance->watches = inode->watches = watch;
    inotify_watch_count++;
    return watch->descriptor;
}

/* Its inode is let go of last: others who watch it may hear of its end then. */
static void watch_free(struct inotify_watch *watch) {
    struct inotify_watch **link = &watch->instance->watches;
    while (*link != watch)
        link = &(*link)->next;
    *link = watch->next;
    link = &watch->inode->watches;
    while (*link != watch)
        link = &(*link)->next_of_inode;
    *link = watch->next_of_inode;
    inotify_watch_count--;
    inode_release(watch->inode);
    heap_free(watch);
}

void inotify_end(struct inotify_watch *watch) {
    inotify_tell(watch, IN_IGNORED, 0, (struct inotify_name){0});
    watch_free(watch);
}

struct inotify_watch *inotify_watch_in(const struct file_system *system) {
    for (const struct inotify *instance = instances; instance != NULL; instance = instance->next)
        for (struct inotify_watch *watch = instance->watches; watch != NULL; watch = watch->next)
            if (watch->inode->file_system == system)
                return watch;
    return NULL;
}

static int watch_set(struct inotify *instance, struct inode *inode, uint32_t mask) {
    struct inotify_watch *watch = watch_on(instance, inode);
    if (watch == NULL)
        return watch_make(instance, inode, mask);
    if ((mask & IN_MASK_CREATE) != 0)
        return -EEXIST;
    uint32_t before = (mask & IN_MASK_ADD) != 0 ? watch->mask : 0;
    watch->mask = before | (mask & WATCH_BITS);
    return watch->descriptor;
}

/* ---- The file ------------------------------------------------------------------------------------ */

/* As many events as there is room for; an event that does not arrive is lost. */
static int inotify_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct inotify *instance = file->private;
    int done = 0, error = 0;
    (void)offset;
    while (instance->first == NULL && error == 0)
        error = file_await(file, &instance->changed, DEADLINE_NEVER);
    while (instance->first != NULL) {
        struct event *event = instance->first;
        uint32_t bytes = bytes_of(event);
        if (bytes > to->total)
            return done > 0 ? done : -EINVAL;
        (void)take_first(instance);
        bool has_arrived = transfer_put(to, &event->record, bytes) == (int)bytes;
        event_release(instance, event);
        if (!has_arrived)
            return -EFAULT;
        done += (int)bytes;
    }
    return done > 0 ? done : error;
}

static uint32_t inotify_poll(struct file *file) {
    const struct inotify *instance = file->private;
    return instance->first != NULL ? POLLIN : 0u;
}

static uint32_t inotify_changes(struct file *file) {
    const struct inotify *instance = file->private;
    return instance->changed.sequence;
}

static int inotify_ioctl(struct file *file, uint32_t request, uint32_t argument) {
    const struct inotify *instance = file->private;
    uint32_t bytes = instance->bytes;
    return request == FIONREAD ? copy_out(argument, &bytes, sizeof bytes) : -ENOTTY;
}

static void instance_free(struct inotify *instance) {
    struct inotify **link = &instances;
    while (*link != instance)
        link = &(*link)->next;
    *link = instance->next;
    instance_count--;
    while (instance->watches != NULL)
        watch_free(instance->watches);
    while (instance->first != NULL)
        event_release(instance, take_first(instance));
    heap_free(instance->lost);
    heap_free(instance);
}

static void inotify_release(struct file *file) {
    instance_free(file->private);
}

static const struct file_operations operations = {.read = inotify_read,
                                                  .ioctl = inotify_ioctl,
                                                  .poll = inotify_poll,
                                                  .changes = inotify_changes,
                                                  .release = inotify_release};

/* ---- The calls ----------------------------------------------------------------------------------- */

static struct inotify *instance_make(void) {
    const struct record lost = {-1, IN_Q_OVERFLOW, 0, 0};
    struct inotify *instance = heap_allocate(sizeof *instance);
    if (instance == NULL)
        return NULL;
    *instance =
        (struct inotify){.next = instances, .lost = event_make(&lost, (struct inotify_name){0})};
    if (instance->lost == NULL) {
        heap_free(instance);
        return NULL;
    }
    instances = instance;
    instance_count++;
    return instance;
}

FILE_CALL_1(inotify_init1, flags) {
    if ((flags & ~(uint32_t)(O_NONBLOCK | O_CLOEXEC)) != 0)
        return -EINVAL;
    if (instance_count >= INSTANCES_MOST)
        return -EMFILE;
    struct inotify *instance = instance_make();
    if (instance == NULL)
        return -ENOMEM;
    struct file *file = file_make_anonymous("anon_inode", 0600, O_RDONLY | (flags & O_NONBLOCK),
                                            &operations, instance);
    if (file == NULL) {
        instance_free(instance);
        return -ENOMEM;
    }
    return install_or_release(file, flags);
}

FILE_CALL_0(inotify_init) {
    return sys_inotify_init1(0, 0, 0, 0, 0, 0);
}

/* The instance's file, held; or an errno. */
static int instance_file(uint32_t descriptor, struct file **file) {
    *file = descriptor_file(descriptor);
    if (*file == NULL)
        return -EBADF;
    if ((*file)->operations == &operations)
        return 0;
    file_release(*file);
    return -EINVAL;
}

static int32_t watch_path(struct inotify *instance, uint32_t path, uint32_t mask) {
    struct path found;
    uint32_t follow = (mask & IN_DONT_FOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
    int32_t result = path_resolve(AT_FDCWD, path, follow, &found);
    if (result != 0)
        return result;
    if ((mask & IN_ONLYDIR) != 0 && !MODE_IS(found.inode->mode, S_IFDIR))
        result = -ENOTDIR;
    else
        result = permission_check(found.inode, MAY_READ);
    if (result == 0)
        result = watch_set(instance, found.inode, mask);
    path_release(&found);
    return result;
}

FILE_CALL_3(inotify_add_watch, descriptor, path, mask) {
    struct file *file;
    if ((mask & ~MASK_BITS) != 0 || mask == 0)
        return -EINVAL;
    int32_t result = instance_file(descriptor, &file);
    if (result != 0)
        return result;
    if ((mask & IN_MASK_ADD) != 0 && (mask & IN_MASK_CREATE) != 0)
        result = -EINVAL;
    else
        result = watch_path(file->private, path, mask);
    file_release(file);
    return result;
}

FILE_CALL_2(inotify_rm_watch, descriptor, number) {
    struct file *file;
    int error = instance_file(descriptor, &file);
    if (error != 0)
        return error;
    struct inotify_watch *watch = ((struct inotify *)file->private)->watches;
    while (watch != NULL && watch->descriptor != (int32_t)number)
        watch = watch->next;
    if (watch != NULL)
        inotify_end(watch);
    file_release(file);
    return watch != NULL ? 0 : -EINVAL;
}
