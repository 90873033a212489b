// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setparam, sched_getscheduler, sched_getparam
// Needs: real time
/* What libc makes of it: a class for a thread that is to be made, or that there is. */
#include "tests/abi/calls/real_time/class.h"

static void *in_thread(void *unused) {
    (void)unused;
    return class_of(0);
}

int main(void) {
    struct sched_param parameter = {.sched_priority = 12};
    pthread_attr_t attributes;
    pthread_t thread;
    int policy = -1;
    pthread_attr_init(&attributes);
    SHOW(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED));
    SHOW(pthread_attr_setschedpolicy(&attributes, SCHED_RR));
    SHOW(pthread_attr_setschedparam(&attributes, &parameter));
    SHOW(pthread_create(&thread, &attributes, in_thread, NULL));
    show_class_of_thread("made with it", thread);
    parameter.sched_priority = 13;
    SHOW(pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter));
    show_class("set", 0);
    SHOW(pthread_setschedprio(pthread_self(), 14));
    SHOW(pthread_setschedprio(pthread_self(), 0));
    SHOW(pthread_getschedparam(pthread_self(), &policy, &parameter));
    printf("policy %d, priority %d\n", policy, parameter.sched_priority);
    return 0;
}
