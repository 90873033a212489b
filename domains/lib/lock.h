// SPDX-License-Identifier: MIT
/*
 * The manager's one lock, and sleeping under it.
 *
 * Every system call handler runs with the lock held (the dispatcher takes it). Whatever may sleep
 * or touch an app's memory releases it meanwhile and takes it again: wait_on(), copy_in(),
 * copy_out() and everything that calls them. So after such a call, what was looked up before may
 * have changed: hold it by a reference, or look again.
 *
 * A thread that unlocks may have it again at once, but whoever has been woken for it in vain a few times is next.
 *
 * A wait queue is a word that grows at each wake: wait_on() reads it under the lock, releases the
 * lock and blocks in the core only while the word is unchanged. So a wake between the two is never
 * lost.
 */
#ifndef DOMAINS_LIB_LOCK_H
#define DOMAINS_LIB_LOCK_H

#include "kernel/abi/gate.h"

#include <stdbool.h>
#include <stdint.h>

struct wait_queue {
    uint32_t sequence;
    uint32_t sleepers; /* threads in wait_on() here; no gate call when 0 */
};

void manager_lock(void);
void manager_unlock(void);
bool manager_lock_is_mine(void);
/* Whoever sleeps for the lock has it first: for long work that sleeps nowhere. */
void manager_lock_pass(void);
/* Releases the lock and ends the thread, without touching its stack in between: from the release
 * on, another thread may have it. */
_Noreturn void manager_unlock_and_end(void);

enum wait_result { WAIT_WOKEN, WAIT_TIMED_OUT, WAIT_INTERRUPTED };

/* Sleeps until wait_wake(queue), the deadline (nanoseconds since boot, DEADLINE_NEVER) or a poke. A
 * wake may be spurious: test the condition in a loop. */
enum wait_result wait_on(struct wait_queue *queue, uint64_t deadline);
/* The same for short waits that end by themselves, such as a disk's: no poke ends it, so it suits a
 * loop that cannot be given up. Never WAIT_INTERRUPTED. */
enum wait_result wait_uninterrupted(struct wait_queue *queue, uint64_t deadline);
/* As wait_on(), while the word is `expected`: for one that others than this manager change. */
enum wait_result wait_on_word(const volatile uint32_t *word, uint32_t expected, uint64_t deadline);
void wait_wake(struct wait_queue *queue); /* all sleepers */
/* Sleeps until the core wakes whoever is blocked on this word, unless it is not `expected` any more. Spurious wakes and
 * pokes as with wait_uninterrupted(). */
void wait_for_core(const uint32_t *word, uint32_t expected);

/* Every file that poll() can watch wakes this queue too, through poll_wake(). */
extern struct wait_queue poll_queue;

#endif
