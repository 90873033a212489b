// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_getscheduler, fork (clone)
// Needs: real time
/* Who asks for it makes ordinary children and threads, without a nice value that only root may give. */
#include "tests/abi/calls/real_time/class.h"

#include <sys/resource.h>

static void *in_thread(void *unused) {
    (void)unused;
    return class_of(0);
}

static void show_family(void) {
    pthread_t thread;
    pid_t child;
    show_class("itself", 0);
    SHOW(pthread_create(&thread, NULL, in_thread, NULL));
    show_class_of_thread("its thread", thread);
    child = fork();
    if (child == 0) {
        show_class("its child", 0);
        SHOW(getpriority(PRIO_PROCESS, 0));
        exit(0);
    }
    SHOW_END(child);
}

int main(void) {
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    SHOW(become(SCHED_FIFO | RESET_ON_FORK, 10));
    show_family();
    SHOW(syscall(SYS_sched_setparam, 0, &(int){11}));
    show_class("the flag stays", 0);
    SHOW(become(SCHED_OTHER | RESET_ON_FORK, 0));
    show_family();
    SHOW(become(SCHED_BATCH, 0));
    show_class("the flag is gone", 0);
    return 0;
}
