// SPDX-License-Identifier: MIT
// Calls: sched_setaffinity, sched_getaffinity, clone, fork, execve
/* On which CPUs one may run is for children, threads and the next program what it was; /proc tells; others' is for root. */
#include "tests/abi/calls/show.h"

#include <pthread.h>
#include <sched.h>

static unsigned long mask_of(pid_t thread) {
    unsigned long set = 0;
    return syscall(SYS_sched_getaffinity, thread, sizeof set, &set) > 0 ? set : 0;
}

/* The mask without the words before it that a machine of many CPUs has. */
static void show_status_lines(void) {
    char line[256];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "Cpus_allowed:", 13) == 0)
            printf("allowed %lx\n",
                   strtoul(strrchr(line, ',') ? strrchr(line, ',') + 1 : line + 14, NULL, 16));
        else if (strncmp(line, "Cpus_allowed_list:", 18) == 0)
            printf("%s", line);
    if (file)
        fclose(file);
}

static void *in_thread(void *unused) {
    SHOW(mask_of(0));
    return unused;
}

static int as_somebody(pid_t parent) {
    unsigned long one = 1;
    SHOW(setuid(1000));
    SHOW(syscall(SYS_sched_setaffinity, parent, sizeof one, &one));
    SHOW(mask_of(parent));
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, &one));
    return 0;
}

int main(int count, char **arguments) {
    unsigned long one = 1;
    pthread_t thread;
    pid_t child, parent = getpid();
    if (count > 1) {
        printf("%s\n", arguments[1]);
        SHOW(mask_of(0));
        show_status_lines();
        return 0;
    }
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, &one));
    SHOW(pthread_create(&thread, NULL, in_thread, NULL));
    pthread_join(thread, NULL);
    child = fork();
    if (child == 0)
        exit(as_somebody(parent));
    SHOW_END(child);
    child = fork();
    if (child == 0) {
        SHOW(mask_of(0));
        exit(execl("/proc/self/exe", "affinity_kept", "the next program", (char *)NULL));
    }
    SHOW_END(child);
    return 0;
}
