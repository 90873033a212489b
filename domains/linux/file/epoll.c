// SPDX-License-Identifier: MIT
/*
 *   struct epoll ──> watch ──> watch …            by the epoll file
 *                      │
 *   file->watches ─────┴─> watch …                by the watched file
 *
 * Waiting is poll's: look at all that are watched, and sleep on the one queue that every change of readiness wakes.
 * With EPOLLET an event is told when it has come up, or when the file has changed since it was told.
 *
 * Epoll files may watch epoll files, NESTING_MOST deep from the topmost to the lowest, and in no ring: so no
 * walk recurses deeper. A walk keeps its answer for each epoll file that it comes by, under its own number: however
 * many ways lead to one, it is looked at once.
 */
#include "domains/linux/file/epoll.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/poll.h"
#include "domains/linux/signal/restart.h"

#include "kernel/abi/gate.h"

enum { EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL, EPOLL_CTL_MOD };

#define EPOLL_CLOEXEC   02000000u
#define EPOLL_ONE_SHOT  (1u << 30)
#define EPOLL_EDGE      (1u << 31)
#define EPOLL_WAKE_UP   (1u << 29)
#define EPOLL_EXCLUSIVE (1u << 28)
#define EPOLL_SETTINGS  (EPOLL_ONE_SHOT | EPOLL_EDGE | EPOLL_WAKE_UP | EPOLL_EXCLUSIVE)
#define POLLRDNORM      0x40u
#define POLLWRNORM      0x100u
#define NESTING_MOST    6
#define EVENTS_MOST     1024u /* told by one call */

struct event { /* struct epoll_event of i386 */
    uint32_t events;
    uint32_t data[2];
};

struct watch {
    struct epoll *epoll;
    struct file *file; /* not held */
    int descriptor;
    struct event wanted;
    uint32_t told;              /* events, last */
    uint32_t changes_then;      /* of the file, then */
    struct watch *next, **link; /* of the epoll file */
    struct watch *next_of_file, **link_of_file;
};

struct epoll {
    struct file *file; /* this one */
    struct watch *watches;
    uint32_t walk, answer; /* of the last walk that came by */
};

static const struct file_operations operations;
static uint32_t this_walk;
static bool walking;

/* ---- Walks ---- */

/* False: it goes on within one that has begun. */
static bool begin_walk(void) {
    if (walking)
        return false;
    this_walk++;
    return walking = true;
}

/* What the walk has found out here; at the first visit `first_answer`, and *is_new. */
static uint32_t *visit(struct epoll *epoll, uint32_t first_answer, bool *is_new) {
    *is_new = epoll->walk != this_walk;
    if (*is_new)
        epoll->answer = first_answer;
    epoll->walk = this_walk;
    return &epoll->answer;
}

/* ---- Watches ---- */

static void remove(struct watch *watch) {
    *watch->link = watch->next;
    if (watch->next != NULL)
        watch->next->link = watch->link;
    *watch->link_of_file = watch->next_of_file;
    if (watch->next_of_file != NULL)
        watch->next_of_file->link_of_file = watch->link_of_file;
    heap_free(watch);
}

void epoll_forget(struct file *file) {
    while (file->watches != NULL)
        remove(file->watches);
}

static struct watch *find(const struct epoll *epoll, const struct file *file, int descriptor) {
    struct watch *watch = epoll->watches;
    while (watch != NULL && (watch->file != file || watch->descriptor != descriptor))
        watch = watch->next;
    return watch;
}

static void enter(struct watch *watch, struct watch **list, struct watch **list_of_file) {
    watch->link = list;
    watch->next = *list;
    if (watch->next != NULL)
        watch->next->link = &watch->next;
    *list = watch;
    watch->link_of_file = list_of_file;
    watch->next_of_file = *list_of_file;
    if (watch->next_of_file != NULL)
        watch->next_of_file->link_of_file = &watch->next_of_file;
    *list_of_file = watch;
}

static int add(struct epoll *epoll, struct file *file, int descriptor, const struct event *wanted) {
    struct watch *watch = heap_allocate(sizeof *watch);
    if (watch == NULL)
        return -ENOMEM;
    watch->epoll = epoll;
    watch->file = file;
    watch->descriptor = descriptor;
    watch->wanted = *wanted;
    enter(watch, &epoll->watches, &file->watches);
    return 0;
}

/* ---- Readiness ---- */

static uint32_t events_of(const struct watch *watch) {
    uint32_t events = watch->file->operations->poll(watch->file);
    events |= (events & POLLIN) != 0 ? POLLRDNORM : 0;
    events |= (events & POLLOUT) != 0 ? POLLWRNORM : 0;
    return events & (watch->wanted.events | POLLERR | POLLHUP);
}

static uint32_t changes_of(const struct file *file) {
    return file->operations->changes != NULL ? file->operations->changes((struct file *)file) : 0;
}

static bool is_disabled(const struct watch *watch) {
    return (watch->wanted.events & ~EPOLL_SETTINGS) == 0;
}

/* What is to be told of it now; 0: nothing. */
static uint32_t news(const struct watch *watch) {
    uint32_t events = is_disabled(watch) ? 0 : events_of(watch);
    bool is_old = (watch->wanted.events & EPOLL_EDGE) != 0 && (events & ~watch->told) == 0 &&
                  changes_of(watch->file) == watch->changes_then;
    return is_old ? 0 : events;
}

static void note_told(struct watch *watch, uint32_t events) {
    watch->told = events;
    watch->changes_then = changes_of(watch->file);
    if ((watch->wanted.events & EPOLL_ONE_SHOT) != 0)
        watch->wanted.events &= EPOLL_SETTINGS;
}

static uint32_t collect(struct epoll *epoll, struct event *to, uint32_t most) {
    bool began = begin_walk();
    uint32_t count = 0;
    for (struct watch *watch = epoll->watches; watch != NULL && count < most; watch = watch->next) {
        uint32_t events = news(watch);
        if (events == 0) {
            watch->told &= is_disabled(watch) ? 0 : events_of(watch);
            continue;
        }
        to[count] = watch->wanted;
        to[count++].events = events;
        note_told(watch, events);
    }
    walking = walking && !began;
    return count;
}

/* ---- As a file ---- */

static uint32_t poll(struct file *file) {
    struct epoll *epoll = file->private;
    bool is_new, began = begin_walk();
    uint32_t *answer = visit(epoll, 0, &is_new);
    for (const struct watch *watch = epoll->watches; is_new && *answer == 0 && watch != NULL;
         watch = watch->next)
        *answer = news(watch) != 0 ? POLLIN : 0;
    walking = walking && !began;
    return *answer;
}

static void release(struct file *file) {
    struct epoll *epoll = file->private;
    while (epoll->watches != NULL)
        remove(epoll->watches);
    heap_free(epoll);
}

static const struct file_operations operations = {.poll = poll, .release = release};

/* ---- Nesting ---- */

static struct epoll *epoll_of(const struct file *file) {
    return file->operations == &operations ? file->private : NULL;
}

/* Does `file` watch `other`, through however many others? */
static uint32_t leads_to(const struct file *file, const struct file *other) {
    struct epoll *epoll = epoll_of(file);
    bool is_new = false;
    uint32_t *answer = epoll != NULL ? visit(epoll, 0, &is_new) : NULL;
    for (const struct watch *watch = is_new ? epoll->watches : NULL; watch != NULL && *answer == 0;
         watch = watch->next)
        *answer = watch->file == other || leads_to(watch->file, other);
    return answer != NULL ? *answer : 0;
}

static uint32_t deeper(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* The most epoll files one below the other, this one counted. */
static uint32_t levels_down(const struct file *file) {
    struct epoll *epoll = epoll_of(file);
    bool is_new = false;
    uint32_t *answer = epoll != NULL ? visit(epoll, 1, &is_new) : NULL;
    for (const struct watch *watch = is_new ? epoll->watches : NULL; watch != NULL;
         watch = watch->next)
        *answer = deeper(*answer, 1 + levels_down(watch->file));
    return answer != NULL ? *answer : 0;
}

/* The same, upwards. */
static uint32_t levels_up(struct epoll *epoll) {
    bool is_new;
    uint32_t *answer = visit(epoll, 1, &is_new);
    for (const struct watch *watch = is_new ? epoll->file->watches : NULL; watch != NULL;
         watch = watch->next_of_file)
        *answer = deeper(*answer, 1 + levels_up(watch->epoll));
    return *answer;
}

static bool may_watch(struct epoll *epoll, const struct file *target) {
    this_walk++;
    if (leads_to(target, epoll->file) != 0)
        return false;
    this_walk++;
    uint32_t levels = levels_down(target);
    this_walk++;
    return levels == 0 || levels + levels_up(epoll) <= NESTING_MOST;
}

/* ---- Calls ---- */

static int32_t create(uint32_t flags) {
    struct epoll *epoll = heap_allocate(sizeof *epoll);
    if (epoll == NULL)
        return -ENOMEM;
    struct file *file = file_make_anonymous("anon_inode", 0600, O_RDWR, &operations, epoll);
    if (file == NULL) {
        heap_free(epoll);
        return -ENOMEM;
    }
    epoll->file = file;
    return install_or_release(file, flags);
}

FILE_CALL_1(epoll_create, size) {
    return (int32_t)size <= 0 ? -EINVAL : create(0);
}

FILE_CALL_1(epoll_create1, flags) {
    return (flags & ~EPOLL_CLOEXEC) != 0 ? -EINVAL : create(flags);
}

static int change(struct file *file, uint32_t operation, struct file *target, int descriptor,
                  const struct event *wanted) {
    struct epoll *epoll = file->private;
    struct watch *watch = find(epoll, target, descriptor);
    if (operation == EPOLL_CTL_ADD && watch == NULL)
        return may_watch(epoll, target) ? add(epoll, target, descriptor, wanted) : -ELOOP;
    if (operation == EPOLL_CTL_ADD)
        return -EEXIST;
    if (watch == NULL)
        return -ENOENT;
    if (operation == EPOLL_CTL_DEL) {
        remove(watch);
        return 0;
    }
    if ((watch->wanted.events & EPOLL_EXCLUSIVE) != 0)
        return -EINVAL;
    watch->wanted = *wanted;
    watch->told = 0;
    return 0;
}

/* What is always ready is not worth watching, says Linux. */
static bool can_be_watched(const struct file *file) {
    uint32_t mode = file->inode->mode;
    return file->operations->poll != NULL && !MODE_IS(mode, S_IFREG) && !MODE_IS(mode, S_IFDIR);
}

/* EPOLLEXCLUSIVE is said when a file is added, of no epoll file, and with few other things. */
static bool exclusive_fits(uint32_t operation, const struct file *target,
                           const struct event *wanted) {
    const uint32_t known =
        EPOLL_EXCLUSIVE | EPOLL_EDGE | EPOLL_WAKE_UP | POLLIN | POLLOUT | POLLERR | POLLHUP;
    if (operation == EPOLL_CTL_DEL || (wanted->events & EPOLL_EXCLUSIVE) == 0)
        return true;
    return operation == EPOLL_CTL_ADD && target->operations != &operations &&
           (wanted->events & ~known) == 0;
}

static int32_t control(struct file *file, uint32_t operation, struct file *target,
                       uint32_t descriptor, const struct event *wanted) {
    if (!can_be_watched(target))
        return -EPERM;
    if (file->operations != &operations || file == target ||
        !exclusive_fits(operation, target, wanted) ||
        (operation != EPOLL_CTL_ADD && operation != EPOLL_CTL_DEL && operation != EPOLL_CTL_MOD))
        return -EINVAL;
    int32_t result = change(file, operation, target, (int)descriptor, wanted);
    poll_wake(NULL); /* who waits looks at it, too */
    return result;
}

FILE_CALL_4(epoll_ctl, epoll, operation, descriptor, user) {
    struct event wanted = {0};
    if (operation != EPOLL_CTL_DEL && copy_in(&wanted, user, sizeof wanted) != 0)
        return -EFAULT;
    struct file *file = descriptor_file(epoll), *target = descriptor_file(descriptor);
    int32_t result = -EBADF;
    if (file != NULL && target != NULL)
        result = control(file, operation, target, descriptor, &wanted);
    if (file != NULL)
        file_release(file);
    if (target != NULL)
        file_release(target);
    return result;
}

/* ---- Waiting ---- */

static int32_t wait_for_news(struct epoll *epoll, struct event *to, uint32_t most,
                             uint64_t deadline) {
    for (;;) {
        uint32_t count = collect(epoll, to, most);
        if (count > 0 || (deadline != DEADLINE_NEVER && clock_nanoseconds() >= deadline))
            return (int32_t)count;
        enum wait_result result = wait_on(&poll_queue, deadline);
        if (result == WAIT_INTERRUPTED)
            return -EINTR;
    }
}

static int32_t wait_with_file(struct file *file, uint32_t user, uint32_t most, uint64_t deadline) {
    if (file->operations != &operations)
        return -EINVAL;
    most = most < EVENTS_MOST ? most : EVENTS_MOST;
    struct event *events = heap_allocate(most * sizeof *events);
    if (events == NULL)
        return -ENOMEM;
    int32_t count = wait_for_news(file->private, events, most, deadline);
    if (count > 0 && copy_out(user, events, (uint32_t)count * sizeof *events) != 0)
        count = -EFAULT;
    heap_free(events);
    return count;
}

static int32_t wait(uint32_t epoll, uint32_t user, uint32_t most, uint64_t deadline) {
    if ((int32_t)most <= 0 || most > INT32_MAX / sizeof(struct event))
        return -EINVAL;
    struct file *file = descriptor_file(epoll);
    if (file == NULL)
        return -EBADF;
    int32_t result = wait_with_file(file, user, most, deadline);
    file_release(file);
    return result;
}

static uint64_t deadline_in(int32_t milliseconds) {
    return milliseconds < 0 ? DEADLINE_NEVER
                            : clock_nanoseconds() + (uint64_t)milliseconds * 1000000u;
}

FILE_CALL_4(epoll_wait, epoll, user, most, milliseconds) {
    return wait(epoll, user, most, deadline_in((int32_t)milliseconds));
}

/* The handler of a signal that ends the wait runs under the temporary mask, and the call is not begun again. */
static int32_t wait_masked(uint32_t epoll, uint32_t user, uint32_t most, uint64_t deadline,
                           uint32_t mask, uint32_t mask_bytes) {
    struct temporary_mask temporary;
    int32_t result = mask_begin(&temporary, mask, mask_bytes);
    if (result != 0)
        return result;
    result = wait(epoll, user, most, deadline);
    mask_end(&temporary, result == -EINTR ? -ERESTARTNOHAND : result);
    return result;
}

FILE_CALL_6(epoll_pwait, epoll, user, most, milliseconds, mask, mask_bytes) {
    return wait_masked(epoll, user, most, deadline_in((int32_t)milliseconds), mask, mask_bytes);
}

FILE_CALL_6(epoll_pwait2, epoll, user, most, timeout, mask, mask_bytes) {
    uint64_t deadline;
    int32_t error = deadline_of(timeout, true, &deadline);
    return error != 0 ? error : wait_masked(epoll, user, most, deadline, mask, mask_bytes);
}
