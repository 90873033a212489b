// SPDX-License-Identifier: MIT
/*
 * The lock word:
 *
 *   FREE ──lock──> HELD ──somebody sleeps──> AWAITED ──who slept was passed too often──> OWED
 *     ^             │                           │                                         │
 *     └──unlock─────┴──unlock, wakes a sleeper──┘          unlock, wakes a sleeper ──> HANDED ──> AWAITED
 *
 * Whoever comes first has a free lock. So a short call after another of the same thread needs no switch; but who runs
 * takes the lock again before a thread that it has just woken, and if the calls are long, every time. Who was woken
 * in vain PASSES_MOST times is therefore owed the lock: from then on it is handed over, to sleepers only, longest
 * asleep first, until nobody is owed it any more.
 *
 * What must hold: the word is AWAITED or more while somebody sleeps for it in the core; whoever takes it behind the fast
 * path leaves it so, because it cannot know whether it was the last sleeper. HANDED is nobody's, and not lost: who was
 * woken for it takes it, or if nobody slept just then, who is owed it and about to look at the word. Neither ends before.
 * A thread whose process is being killed is poked out of its sleep like any other, takes the lock and ends later, on its way back.
 *
 * A poke that ends the sleep for the lock is not lost: whoever pokes has set thread_control.pending
 * before, and that is looked at under the lock in wait_on() and on the way back to ring 3.
 */
#include "domains/lib/lock.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/thread.h"

#define PASSES_MOST 2

enum lock_state { FREE, HELD, AWAITED, OWED, HANDED };

static struct {
    uint32_t word; /* enum lock_state */
    struct thread_control *owner;
    uint32_t owed; /* threads that are owed the lock and do not have it yet */
} lock;

struct wait_queue poll_queue;

static bool change(uint32_t from, uint32_t to) {
    return __atomic_compare_exchange_n(&lock.word, &from, to, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

/* The word says so much at least; answers what it says, or FREE if it has changed meanwhile. */
static uint32_t demand(uint32_t seen, uint32_t least) {
    if (seen >= least)
        return seen;
    return change(seen, least) ? least : FREE;
}

/* Until the lock is this thread's. */
static void sleep_for_lock(void) {
    uint32_t passes = 0;

    for (;;) {
        uint32_t seen = __atomic_load_n(&lock.word, __ATOMIC_RELAXED);

        if (seen == FREE || (seen == HANDED && passes > 0)) {
            if (change(seen, AWAITED))
                break;
            continue;
        }
        seen = demand(seen, passes >= PASSES_MOST ? OWED : AWAITED);
        if (seen != FREE && core_thread_block(&lock.word, seen, DEADLINE_NEVER) == STATUS_OK &&
            ++passes == PASSES_MOST)
            __atomic_add_fetch(&lock.owed, 1, __ATOMIC_RELAXED);
    }
    if (passes >= PASSES_MOST)
        __atomic_sub_fetch(&lock.owed, 1, __ATOMIC_RELAXED);
}

/* Nobody who is owed the lock can have it before this thread unlocks: so while it holds the lock, as many or more are. */
static __attribute__((noinline)) void lock_slowly(void) {
    sleep_for_lock();
    if (__atomic_load_n(&lock.owed, __ATOMIC_RELAXED) > 0)
        __atomic_store_n(&lock.word, OWED, __ATOMIC_RELAXED);
}

void manager_lock(void) {
    if (!change(FREE, HELD))
        lock_slowly();
    lock.owner = thread_control();
}

static __attribute__((noinline)) void unlock_slowly(void) {
    if (!change(AWAITED, FREE))
        __atomic_store_n(&lock.word, HANDED, __ATOMIC_RELEASE); /* it is OWED, and stays so */
    core_thread_wake(&lock.word, 1);
}

void manager_unlock(void) {
    lock.owner = 0;
    if (!change(HELD, FREE))
        unlock_slowly();
}

void manager_lock_pass(void) {
    if (__atomic_load_n(&lock.word, __ATOMIC_RELAXED) < AWAITED)
        return;
    manager_unlock();
    core_thread_yield();
    manager_lock();
}

/* manager_unlock(), without the stack: from the release on it is another's. A gate to ring 0 pushes on ring 0's. */
_Noreturn void manager_unlock_and_end(void) {
    lock.owner = 0;
    __asm__ volatile(
        "movl %[held], %%eax\n\t"
        "xorl %%ecx, %%ecx\n\t" /* FREE */
        "lock cmpxchgl %%ecx, %[word]\n\t"
        "je 2f\n\t"
        "movl %[awaited], %%eax\n\t"
        "lock cmpxchgl %%ecx, %[word]\n\t"
        "je 1f\n\t"
        "movl %[handed], %[word]\n"
        "1:\tmovl %[wake], %%eax\n\t"
        "movl %[address], %%ebx\n\t"
        "movl $1, %%ecx\n\t"
        "lcall %[gate], $0\n"
        "2:\tmovl %[end], %%eax\n\t"
        "lcall %[gate], $0"
        : [word] "+m"(lock.word)
        : [address] "i"(&lock.word), [held] "i"(HELD), [awaited] "i"(AWAITED), [handed] "i"(HANDED),
          [wake] "i"(THREAD_WAKE), [end] "i"(THREAD_EXIT), [gate] "i"(SELECTOR_GATE_THREAD)
        : "eax", "ebx", "ecx", "edx", "memory", "cc");
    __builtin_unreachable();
}

bool manager_lock_is_mine(void) {
    return lock.owner == thread_control();
}

/* The core wakes a thread up to THREAD_BLOCK_LEAD before its deadline: the rest is waited out here, in the
 * tenant's own time. */
static void wait_out(const volatile uint32_t *word, uint32_t expected, uint64_t deadline) {
    while (*word == expected && !thread_control()->pending && clock_nanoseconds() < deadline)
        __asm__ volatile("pause");
}

static enum status sleep_on_word(const volatile uint32_t *word, uint32_t expected,
                                 uint64_t deadline) {
    manager_unlock();
    enum status status = core_thread_block((const uint32_t *)word, expected, deadline);
    if (status == STATUS_TIMED_OUT)
        wait_out(word, expected, deadline);
    manager_lock();
    return status;
}

static enum status sleep_unlocked(struct wait_queue *queue, uint64_t deadline) {
    queue->sleepers++;
    enum status status = sleep_on_word(&queue->sequence, queue->sequence, deadline);
    queue->sleepers--;
    return status;
}

static enum wait_result result_of(enum status status) {
    if (thread_control()->pending)
        return WAIT_INTERRUPTED;
    return status == STATUS_TIMED_OUT ? WAIT_TIMED_OUT : WAIT_WOKEN;
}

enum wait_result wait_on(struct wait_queue *queue, uint64_t deadline) {
    return thread_control()->pending ? WAIT_INTERRUPTED
                                     : result_of(sleep_unlocked(queue, deadline));
}

enum wait_result wait_on_word(const volatile uint32_t *word, uint32_t expected, uint64_t deadline) {
    return thread_control()->pending ? WAIT_INTERRUPTED
                                     : result_of(sleep_on_word(word, expected, deadline));
}

enum wait_result wait_uninterrupted(struct wait_queue *queue, uint64_t deadline) {
    enum status status = sleep_unlocked(queue, deadline);
    return status == STATUS_TIMED_OUT ? WAIT_TIMED_OUT : WAIT_WOKEN;
}

void wait_for_core(const uint32_t *word, uint32_t expected) {
    manager_unlock();
    core_thread_block(word, expected, DEADLINE_NEVER);
    manager_lock();
}

void wait_wake(struct wait_queue *queue) {
    queue->sequence++;
    if (queue->sleepers > 0)
        core_thread_wake(&queue->sequence, queue->sleepers);
}
