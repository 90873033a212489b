// SPDX-License-Identifier: MIT
/*
 * The queue is one list in order of arrival: it is short, and the set answers most questions.
 */
#include "domains/linux/signal/queue.h"

#include "domains/lib/heap.h"

struct queued_signal {
    struct signal_information information;
    struct queued_signal *next;
};

/* SIGILL SIGTRAP SIGBUS SIGFPE SIGSEGV SIGSYS: caused by the thread's own instruction. */
#define FAULT_SIGNALS (1ull << 3 | 1ull << 4 | 1ull << 6 | 1ull << 7 | 1ull << 10 | 1ull << 30)

enum queue_result signal_queue_add(struct signal_queue *queue,
                                   const struct signal_information *information, uint32_t most) {
    bool real_time = information->signal >= SIGNAL_REAL_TIME;
    if (!real_time && !information->is_timers && queue->set & signal_bit(information->signal))
        return QUEUE_ALREADY_PENDING;
    struct queued_signal *queued =
        real_time && queue->count >= most ? NULL : heap_allocate(sizeof(*queued));
    if (queued == NULL && real_time)
        return QUEUE_FULL;
    queue->set |= signal_bit(information->signal);
    if (queued == NULL)
        return QUEUE_ADDED;
    queued->information = *information;
    struct queued_signal **link = &queue->first;
    while (*link != NULL)
        link = &(*link)->next;
    *link = queued;
    queue->count++;
    return QUEUE_ADDED;
}

static struct queued_signal **find(struct queued_signal **link, int signal) {
    while (*link != NULL && (*link)->information.signal != signal)
        link = &(*link)->next;
    return link;
}

static void remove_link(struct signal_queue *queue, struct queued_signal **link) {
    struct queued_signal *queued = *link;
    *link = queued->next;
    heap_free(queued);
    queue->count--;
}

void signal_queue_take(struct signal_queue *queue, int signal,
                       struct signal_information *information) {
    struct queued_signal **link = find(&queue->first, signal);
    *information = (struct signal_information){.signal = signal};
    if (*link != NULL) {
        *information = (*link)->information;
        remove_link(queue, link);
    }
    if (*find(&queue->first, signal) == NULL)
        queue->set &= ~signal_bit(signal);
}

bool signal_queue_has_timer(const struct signal_queue *queue, int signal, uint32_t id) {
    if (!(queue->set & signal_bit(signal)))
        return false;
    for (const struct queued_signal *queued = queue->first; queued != NULL; queued = queued->next)
        if (queued->information.signal == signal && queued->information.is_timers &&
            queued->information.fields[0] == id)
            return true;
    return false;
}

void signal_queue_discard(struct signal_queue *queue, signal_set set) {
    struct queued_signal **link = &queue->first;
    while (*link != NULL) {
        if (signal_bit((*link)->information.signal) & set)
            remove_link(queue, link);
        else
            link = &(*link)->next;
    }
    queue->set &= ~set;
}

int signal_first(signal_set set) {
    if (set & FAULT_SIGNALS)
        set &= FAULT_SIGNALS;
    uint32_t low = (uint32_t)set, high = (uint32_t)(set >> 32);
    if (low != 0)
        return __builtin_ctz(low) + 1;
    return high != 0 ? __builtin_ctz(high) + 33 : 0;
}
