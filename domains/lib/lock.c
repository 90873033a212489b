// SPDX-License-Identifier: MIT
/*
 * The lock word: 0 free, 1 held, 2 held and somebody sleeps for it in the core. A thread that has
 * slept takes the lock as 2, because it cannot know whether it was the last sleeper.
 *
 * A poke that ends the sleep for the lock is not lost: whoever pokes has set thread_control.pending
 * before, and that is looked at under the lock in wait_on() and on the way back to ring 3.
 */
#include "domains/lib/lock.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/thread.h"

static struct {
    uint32_t word;
    struct thread_control *owner;
} lock;

struct wait_queue poll_queue;

static void lock_slowly(void) {
    while (__atomic_exchange_n(&lock.word, 2, __ATOMIC_ACQUIRE) != 0)
        core_thread_block(&lock.word, 2, DEADLINE_NEVER);
}

void manager_lock(void) {
    uint32_t free = 0;
    if (!__atomic_compare_exchange_n(&lock.word, &free, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        lock_slowly();
    lock.owner = thread_control();
}

void manager_unlock(void) {
    lock.owner = 0;
    if (__atomic_exchange_n(&lock.word, 0, __ATOMIC_RELEASE) == 2)
        core_thread_wake(&lock.word, 1);
}

void manager_lock_pass(void) {
    if (__atomic_load_n(&lock.word, __ATOMIC_RELAXED) != 2)
        return;
    manager_unlock();
    core_thread_yield();
    manager_lock();
}

_Noreturn void manager_unlock_and_end(void) {
    lock.owner = 0;
    __asm__ volatile("xorl %%eax, %%eax\n\t"
                     "xchgl %%eax, %[word]\n\t" /* the lock is free: the stack is another's */
                     "cmpl $2, %%eax\n\t"
                     "jne 1f\n\t"
                     "movl %[wake], %%eax\n\t"
                     "movl %[address], %%ebx\n\t"
                     "movl $1, %%ecx\n\t"
                     "lcall %[gate], $0\n" /* a gate to ring 0 pushes on ring 0's stack */
                     "1:\tmovl %[end], %%eax\n\t"
                     "lcall %[gate], $0"
                     : [word] "+m"(lock.word)
                     : [address] "i"(&lock.word), [wake] "i"(THREAD_WAKE), [end] "i"(THREAD_EXIT),
                       [gate] "i"(SELECTOR_GATE_THREAD)
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
