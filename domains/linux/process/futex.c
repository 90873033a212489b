// SPDX-License-Identifier: MIT
/*
 * A sleeper lies on one list, in the order in which they are woken, with its key: if the memory is shared between address
 * spaces the file or object that it is a part of, else the address space, and where the word lies in that.
 *
 * A sleeper enters the list before it looks at the word. So either it sees the waker's new value,
 * or the waker, who changes the word first, sees the sleeper.
 */
#include "domains/linux/process/futex.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/futex_operation.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

enum {
    FUTEX_WAIT,
    FUTEX_WAKE,
    FUTEX_REQUEUE = 3,
    FUTEX_CMP_REQUEUE,
    FUTEX_WAKE_OP,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET
};

#define FUTEX_PRIVATE  0x80u
#define FUTEX_REALTIME 0x100u
#define ALL_BITS       0xFFFFFFFFu

#define ROBUST_OWNER_DIED 0x40000000u
#define ROBUST_WAITERS    0x80000000u
#define ROBUST_TID        0x3FFFFFFFu
#define ROBUST_MOST       2048

#define EXCHANGES_MOST 128 /* before one who always comes too late looks for signals */

struct key {
    const void *object; /* only compared: it may be gone */
    uint64_t place;
};

struct sleeper {
    struct key key;
    uint32_t bits;
    uint32_t priority; /* of a thread that is real-time */
    bool woken;
    struct wait_queue event;
    struct sleeper *next;
};

static struct sleeper *sleepers;

static struct key key_of(uint32_t address, bool private) {
    const struct address_space *space = current_process()->space;
    struct key key;
    if (!private && address_space_shared_place(space, address, &key.object, &key.place))
        return key;
    return (struct key){space, address};
}

static bool same(struct key left, struct key right) {
    return left.object == right.object && left.place == right.place;
}

/* The greatest priority first, then who came first. */
static void enter(struct sleeper *sleeper) {
    struct sleeper **link = &sleepers;
    while (*link != NULL && (*link)->priority >= sleeper->priority)
        link = &(*link)->next;
    sleeper->next = *link;
    *link = sleeper;
}

static void leave(struct sleeper *sleeper) {
    struct sleeper **link = &sleepers;
    while (*link != NULL && *link != sleeper)
        link = &(*link)->next;
    if (*link != NULL)
        *link = sleeper->next;
}

static int32_t wake(struct key key, uint32_t most, uint32_t bits) {
    int32_t count = 0;
    struct sleeper **link = &sleepers;
    while (*link != NULL && (uint32_t)count < most) {
        struct sleeper *sleeper = *link;
        if (!same(sleeper->key, key) || !(sleeper->bits & bits)) {
            link = &sleeper->next;
            continue;
        }
        *link = sleeper->next;
        sleeper->woken = true;
        wait_wake(&sleeper->event);
        count++;
    }
    return count;
}

static int32_t requeue(struct key from, struct key to, uint32_t most) {
    int32_t count = 0;
    for (struct sleeper *sleeper = sleepers; sleeper && (uint32_t)count < most;
         sleeper = sleeper->next)
        if (same(sleeper->key, from)) {
            sleeper->key = to;
            count++;
        }
    return count;
}

int32_t futex_wake(uint32_t address, uint32_t most) {
    int32_t woken = wake(key_of(address, true), most, ALL_BITS);
    return (uint32_t)woken < most
               ? woken + wake(key_of(address, false), most - (uint32_t)woken, ALL_BITS)
               : woken;
}

/* Who asks for none, or for less, has one woken, as on Linux. */
static uint32_t at_least_one(uint32_t most) {
    return (int32_t)most < 1 ? 1 : most;
}

static int read_word(uint32_t address, uint32_t *word) {
    return address % sizeof(*word) != 0 ? -EINVAL : copy_in(word, address, sizeof(*word));
}

/* As on Linux a private word is not looked at, and need not even be there; another must be, and be one that may change. */
static int find_key(uint32_t address, bool private, struct key *key) {
    uint32_t word;
    if (address % sizeof(word) != 0)
        return -EINVAL;
    if (!private && (read_word(address, &word) != 0 ||
                     address_space_is_constant(current_process()->space, address)))
        return -EFAULT;
    *key = key_of(address, private);
    return 0;
}

/* Until when to sleep: since boot, or a time of the wall clock. */
struct limit {
    uint64_t time;
    bool is_wall;
};

static int32_t sleep(struct sleeper *sleeper, const struct limit *limit) {
    while (!sleeper->woken) {
        enum wait_result result = limit->is_wall ? wall_wait(&sleeper->event, limit->time)
                                                 : wait_on(&sleeper->event, limit->time);
        if (sleeper->woken)
            break;
        if (result == WAIT_TIMED_OUT)
            return -ETIMEDOUT;
        if (result == WAIT_INTERRUPTED)
            return limit->time == DEADLINE_NEVER ? -ERESTARTSYS : -EINTR;
    }
    return 0;
}

static int32_t futex_wait(uint32_t address, uint32_t expected, const struct limit *limit,
                          uint32_t bits, bool private) {
    uint32_t word;
    struct sleeper sleeper = {.bits = bits, .priority = current_thread()->schedule.priority};
    int error = find_key(address, private, &sleeper.key);
    if (error != 0)
        return error;
    enter(&sleeper);
    error = read_word(address, &word);
    if (error == 0 && word != expected)
        error = -EAGAIN;
    int32_t result = error == 0 ? sleep(&sleeper, limit) : error;
    if (!sleeper.woken)
        leave(&sleeper);
    return sleeper.woken ? 0 : result;
}

struct request {
    uint32_t address, operation, value, timeout, second_address, third_value;
    bool wide_time; /* 64-bit timespec */
};

static int read_limit(const struct request *request, bool absolute, struct limit *limit) {
    *limit = (struct limit){DEADLINE_NEVER, false};
    if (request->timeout == 0)
        return 0;
    int error = time_read(request->timeout, request->wide_time, &limit->time);
    if (error != 0)
        return error;
    if (absolute)
        limit->is_wall = request->operation & FUTEX_REALTIME;
    else
        limit->time = time_add(clock_nanoseconds(), limit->time);
    return 0;
}

static int32_t wait_call(const struct request *request, bool bitset, bool private) {
    struct limit limit;
    uint32_t bits = bitset ? request->third_value : ALL_BITS;
    int error = read_limit(request, bitset, &limit);
    if (error != 0)
        return error;
    if (bits == 0)
        return -EINVAL;
    return futex_wait(request->address, request->value, &limit, bits, private);
}

static int32_t wake_call(const struct request *request, uint32_t bits, bool private) {
    struct key key;
    if (bits == 0)
        return -EINVAL;
    int error = find_key(request->address, private, &key);
    return error != 0 ? error : wake(key, at_least_one(request->value), bits);
}

static int32_t requeue_call(const struct request *request, bool compare, bool private) {
    struct key from, to;
    uint32_t word, most = request->timeout; /* the count travels in the timeout's place */
    if ((int32_t)request->value < 0 || (int32_t)most < 0)
        return -EINVAL;
    int error = find_key(request->address, private, &from);
    if (error == 0)
        error = find_key(request->second_address, private, &to);
    if (error == 0 && compare)
        error = read_word(request->address, &word);
    if (error != 0)
        return error;
    if (compare && word != request->third_value)
        return -EAGAIN;
    int32_t woken = wake(from, request->value, ALL_BITS);
    return woken + requeue(from, to, most);
}

/* Does to the word what the operation says. 0, and what it was; -EFAULT, -EINVAL, -ENOSYS. */
static int change_word(uint32_t address, uint32_t operation, uint32_t *old) {
    int error = read_word(address, old);
    for (int count = 0; error == 0 && count < EXCHANGES_MOST; count++) {
        uint32_t changed, expected = *old;
        error = futex_operation_change(operation, expected, &changed);
        if (error == 0)
            error = exchange_out(address, old, changed);
        if (error == 0 && *old == expected)
            return 0;
    }
    return error != 0 ? error : -ERESTARTNOINTR;
}

static int32_t wake_and_change_call(const struct request *request, bool private) {
    struct key first;
    uint32_t old;
    int error = find_key(request->address, private, &first);
    if (error == 0)
        error = change_word(request->second_address, request->third_value, &old);
    if (error != 0)
        return error;
    int fulfilled = futex_operation_test(request->third_value, old);
    if (fulfilled < 0)
        return fulfilled;
    int32_t woken = wake(first, at_least_one(request->value), ALL_BITS);
    if (fulfilled)
        woken += wake(key_of(request->second_address, private), at_least_one(request->timeout),
                      ALL_BITS);
    return woken;
}

static int32_t futex(const struct request *request) {
    bool private = request->operation & FUTEX_PRIVATE;
    if ((request->operation & FUTEX_REALTIME) != 0 &&
        (request->operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)) != FUTEX_WAIT_BITSET)
        return -ENOSYS;
    switch (request->operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)) {
    case FUTEX_WAIT:
        return wait_call(request, false, private);
    case FUTEX_WAIT_BITSET:
        return wait_call(request, true, private);
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        return wake_call(
            request, (request->operation & 0x7F) == FUTEX_WAKE ? ALL_BITS : request->third_value,
            private);
    case FUTEX_REQUEUE:
        return requeue_call(request, false, private);
    case FUTEX_CMP_REQUEUE:
        return requeue_call(request, true, private);
    case FUTEX_WAKE_OP:
        return wake_and_change_call(request, private);
    default:
        return -ENOSYS;
    }
}

SYSTEM_CALL_6(futex, address, operation, value, timeout, second_address, third_value) {
    const struct request request = {address,        operation,   value, timeout,
                                    second_address, third_value, false};
    return futex(&request);
}

SYSTEM_CALL_6(futex_time64, address, operation, value, timeout, second_address, third_value) {
    const struct request request = {address,        operation,   value, timeout,
                                    second_address, third_value, true};
    return futex(&request);
}

/* ---- Robust mutexes -------------------------------------------------------------------------- */

struct robust_head {
    uint32_t first;
    int32_t offset; /* from a list entry to its futex word */
    uint32_t pending;
};

SYSTEM_CALL_2(set_robust_list, head, bytes) {
    if (bytes != sizeof(struct robust_head))
        return -EINVAL;
    current_thread()->robust_list = head;
    return 0;
}

SYSTEM_CALL_3(get_robust_list, tid, head, bytes) {
    static const uint32_t length = sizeof(struct robust_head);
    const struct thread *thread = tid == 0 ? current_thread() : thread_find((int32_t)tid);
    if (thread == NULL)
        return -ESRCH;
    const uint32_t list = thread->robust_list;
    if (copy_out(head, &list, sizeof(list)) != 0)
        return -EFAULT;
    return copy_out(bytes, &length, sizeof(length));
}

static void mark_ownerless(const struct thread *thread, uint32_t address) {
    uint32_t word;
    if (read_word(address, &word) != 0 || (word & ROBUST_TID) != (uint32_t)thread->tid)
        return;
    bool waiters = word & ROBUST_WAITERS;
    word = (word & ROBUST_WAITERS) | ROBUST_OWNER_DIED;
    if (copy_out(address, &word, sizeof(word)) == 0 && waiters)
        futex_wake(address, 1);
}

void robust_list_exit(struct thread *thread) {
    struct robust_head head;
    if (thread->robust_list == 0 || thread->process->space == NULL ||
        copy_in(&head, thread->robust_list, sizeof(head)) != 0)
        return;
    uint32_t entry = head.first & ~1u;
    for (int count = 0; count < ROBUST_MOST && entry != thread->robust_list; count++) {
        uint32_t next;
        if (copy_in(&next, entry, sizeof(next)) != 0)
            return;
        if (entry != (head.pending & ~1u))
            mark_ownerless(thread, entry + (uint32_t)head.offset);
        entry = next & ~1u;
    }
    if (head.pending != 0)
        mark_ownerless(thread, (head.pending & ~1u) + (uint32_t)head.offset);
}
