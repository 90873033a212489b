// SPDX-License-Identifier: MIT
/*
 * Pending signals: a set, and for each pending signal what came with it. Pure.
 *
 * Signals 1..31 are pending at most once; real-time signals (32..64) queue, in order, and so does any signal of a
 * timer of timer_create. Where no memory is left for the details, the signal itself is still not lost.
 */
#ifndef DOMAINS_LINUX_SIGNAL_QUEUE_H
#define DOMAINS_LINUX_SIGNAL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t signal_set; /* bit n-1 stands for signal n */

#define SIGNAL_COUNT     64
#define SIGNAL_REAL_TIME 32 /* the first of them, as the kernel counts */

static inline signal_set signal_bit(int signal) {
    return 1ull << (signal - 1);
}

/* siginfo_t without its padding: what follows si_code depends on the signal. */
#define SIGNAL_INFORMATION_BYTES 128 /* of siginfo_t in the app */
#define INFORMATION_FIELDS       9
struct signal_information {
    bool
        is_timers; /* of a timer of timer_create, whose id the first field is: not what a program says in si_code */
    int32_t signal, error, code;
    uint32_t fields[INFORMATION_FIELDS];
};

struct queued_signal;
struct signal_queue {
    signal_set set;
    struct queued_signal *first;
    uint32_t count; /* of queued details */
};

enum queue_result { QUEUE_ADDED, QUEUE_ALREADY_PENDING, QUEUE_FULL };

/* FULL: a real-time signal with `most` others in the queue, or without memory for it. */
enum queue_result signal_queue_add(struct signal_queue *queue,
                                   const struct signal_information *information, uint32_t most);
/* Takes one instance of a pending signal out. */
void signal_queue_take(struct signal_queue *queue, int signal,
                       struct signal_information *information);
/* Is a signal of the timer with this id pending? */
bool signal_queue_has_timer(const struct signal_queue *queue, int signal, uint32_t id);
void signal_queue_discard(struct signal_queue *queue, signal_set set);
/* Which of the set is delivered first: faults of the thread, then the lowest number; 0 if it is
 * empty. */
int signal_first(signal_set set);

#endif
