// SPDX-License-Identifier: MIT
/*
 * One page that many processes map many times, more often than the core counts: who goes too far ends by SIGBUS, if at all, and
 * nobody else does.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#define PAGE      4096
#define TIMES     8000
#define PROCESSES 8 /* that map it so often: 64000 */
#define TOO_MANY  2000

static int file, ready[2];

static void map_it(int times) {
    while (times-- > 0) {
        volatile char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (page == MAP_FAILED)
            _exit(1);
        page[0]++;
    }
}

/* Born before the page is mapped at all, it goes on when the others have done so. */
static pid_t who_goes_too_far(void) {
    pid_t child = fork();
    if (child == 0) {
        char byte;
        signal(SIGBUS, SIG_DFL);
        if (read(ready[0], &byte, 1) != 1)
            _exit(2);
        map_it(TOO_MANY);
        _exit(0);
    }
    return child;
}

static pid_t other(void) {
    pid_t child = fork();
    while (child == 0)
        pause();
    return child;
}

static void goes_too_far(pid_t child) {
    int status;
    CHECK(write(ready[1], "", 1) == 1 && waitpid(child, &status, 0) == child);
    CHECK(was_killed_by(status, SIGBUS) || status == 0);
}

int main(void) {
    pid_t children[PROCESSES - 1], last;
    char path[] = "/tmp/often-XXXXXX"; /* another one may run beside it */
    file = mkstemp(path);
    CHECK(unlink(path) == 0 && ftruncate(file, PAGE) == 0 && pipe(ready) == 0);
    last = who_goes_too_far();
    map_it(TIMES);
    for (int n = 0; n < PROCESSES - 1; n++) {
        children[n] = other();
        CHECK(children[n] > 0);
    }
    goes_too_far(last);
    for (int n = 0; n < PROCESSES - 1; n++) {
        CHECK(waitpid(children[n], NULL, WNOHANG) == 0);
        CHECK(kill(children[n], SIGKILL) == 0 && waitpid(children[n], NULL, 0) == children[n]);
    }
    return verdict();
}
