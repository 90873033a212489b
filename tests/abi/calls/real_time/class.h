// SPDX-License-Identifier: MIT
/*
 * Classes of scheduling, and a note of who ran when. Those who are confined have one CPU together, so that who goes first shows.
 */
#ifndef TESTS_ABI_CALLS_REAL_TIME_CLASS_H
#define TESTS_ABI_CALLS_REAL_TIME_CLASS_H

#include "tests/abi/calls/show.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define RESET_ON_FORK 0x40000000

/* The caller from now on; its threads and children begin with it. */
static inline int become(int policy, int priority) {
    return (int)syscall(SYS_sched_setscheduler, 0, policy, &priority);
}

static inline int confine(void) {
    const unsigned long first = 1;
    return (int)syscall(SYS_sched_setaffinity, 0, sizeof first, &first);
}

/* "policy 0x1, priority 10" of a thread, for the caller to free. */
static inline char *class_of(pid_t thread) {
    char *text = NULL;
    int priority = -1;
    long policy = syscall(SYS_sched_getscheduler, thread);
    syscall(SYS_sched_getparam, thread, &priority);
    if (asprintf(&text, "policy %#lx, priority %d", policy, priority) < 0)
        exit(1);
    return text;
}

static inline void show_class(const char *whose, pid_t thread) {
    char *text = class_of(thread);
    printf("%s: %s\n", whose, text);
    free(text);
}

/* Of a thread that such a class is the value of. */
static inline void show_class_of_thread(const char *whose, pthread_t thread) {
    void *text = NULL;
    pthread_join(thread, &text);
    printf("%s: %s\n", whose, (char *)text);
    free(text);
}

static char notes[200];
static atomic_uint noted;

static inline void note(const char *what) {
    unsigned at = atomic_fetch_add(&noted, (unsigned)strlen(what) + 1);
    if (at + strlen(what) + 1 < sizeof notes)
        memcpy(notes + at, what, strlen(what)), notes[at + strlen(what)] = ' ';
}

static inline void show_notes(void) {
    printf("%s\n", notes);
}

static inline long wait_for(atomic_int *word, int while_it_is) {
    return syscall(SYS_futex, word, 0, while_it_is, NULL, NULL, 0);
}

static inline long wake(atomic_int *word, int most) {
    return syscall(SYS_futex, word, 1, most, NULL, NULL, 0);
}

static inline long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

#endif
