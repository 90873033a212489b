// SPDX-License-Identifier: MIT
// Calls: open, clone
/* A process's threads, each with a folder. */
#include "tests/abi/calls/show.h"

#include <dirent.h>
#include <pthread.h>

static void *stay(void *unused) {
    sleep_ms(60);
    return unused;
}

int main(void) {
    pthread_t thread;
    int count = 0;
    pthread_create(&thread, NULL, stay, NULL);
    DIR *folder = opendir("/proc/self/task");
    while (folder && readdir(folder))
        count++;
    SHOW(count);
    pthread_join(thread, NULL);
    SHOW(open("/proc/self/task/99999", O_RDONLY));
    return 0;
}
