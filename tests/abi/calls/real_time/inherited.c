// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, fork (clone), execve
// Needs: real time
/* Children, threads and the next program have the class of who made them; threads have each their own. */
#include "tests/abi/calls/real_time/class.h"

static void *in_thread(void *unused) {
    return unused ? become(SCHED_RR, 20), class_of(0) : class_of(0);
}

int main(int count, char **arguments) {
    pthread_t thread;
    pid_t child;
    if (count > 1) {
        show_class(arguments[1], 0);
        return 0;
    }
    SHOW(become(SCHED_FIFO, 10));
    SHOW(pthread_create(&thread, NULL, in_thread, NULL));
    show_class_of_thread("a thread", thread);
    SHOW(pthread_create(&thread, NULL, in_thread, ""));
    show_class_of_thread("one that changes", thread);
    show_class("the first thread", 0);
    child = fork();
    if (child == 0) {
        show_class("a child", 0);
        exit(execl("/proc/self/exe", "inherited", "the next program", (char *)NULL));
    }
    SHOW_END(child);
    return 0;
}
