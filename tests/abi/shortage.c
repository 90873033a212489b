// SPDX-License-Identifier: MIT
/*
 * Memory runs out: who takes most ends, not who asks, and oom_score_adj weighs. In tenants alone: the host needs its memory.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#define PAGE 4096

static size_t left; /* bytes, when nobody takes any */

static char *room(unsigned percent) {
    return mmap(NULL, left / 100 * percent, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static void touch(unsigned percent) {
    char *bytes = room(percent);
    for (size_t at = 0; at < left / 100 * percent; at += PAGE)
        bytes[at] = 1;
}

/* The same by a system call, which has no memory to put its bytes in. */
static void read_into(unsigned percent) {
    int zero = open("/dev/zero", O_RDONLY);
    if (read(zero, room(percent), left / 100 * percent) != (ssize_t)(left / 100 * percent))
        _exit(2);
}

static void adjust(const char *adjustment) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (write(file, adjustment, strlen(adjustment)) < 0)
        _exit(3);
    close(file);
}

/* A child that takes so much, and then keeps it. */
static pid_t holder(unsigned percent, const char *adjustment) {
    int ready[2];
    char byte;
    CHECK(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        adjust(adjustment);
        touch(percent);
        if (write(ready[1], "", 1) == 1)
            for (;;)
                pause();
    }
    close(ready[1]);
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    return child;
}

static pid_t taker(unsigned percent, void (*take)(unsigned)) {
    pid_t child = fork();
    if (child == 0) {
        take(percent);
        _exit(0);
    }
    return child;
}

static int is_killed(pid_t child) {
    int status;
    return waitpid(child, &status, 0) > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static int ends_well(pid_t child) {
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int lives(pid_t child) {
    return waitpid(child, NULL, WNOHANG) == 0 && kill(child, SIGKILL) == 0 && is_killed(child);
}

static void who_takes_most_ends(void (*take)(unsigned)) {
    pid_t small = holder(10, "0"), large = holder(60, "0");
    CHECK(ends_well(taker(50, take)));
    CHECK(is_killed(large));
    CHECK(lives(small));
}

static void who_asks_ends_if_it_takes_most(void) {
    pid_t other = holder(30, "0");
    CHECK(is_killed(taker(90, touch)));
    CHECK(lives(other));
}

static void nobody_takes_what_is_protected(void) {
    pid_t large = holder(60, "-1000");
    CHECK(is_killed(taker(50, touch)));
    CHECK(lives(large));
}

/* Its vfork's child asks for no protection, but has borrowed the memory of one that does. */
static pid_t lender(unsigned percent) {
    int ready[2];
    char byte;
    CHECK(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        adjust("-1000");
        touch(percent);
        if (vfork() == 0) {
            adjust("0");
            if (write(ready[1], "", 1) == 1)
                for (;;)
                    pause();
        }
    }
    close(ready[1]);
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    return child;
}

static void nobody_takes_what_is_lent(void) {
    pid_t large = lender(60);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    CHECK(is_killed(taker(50, touch)));
    CHECK(lives(large));
    CHECK(kill(-large, SIGKILL) == 0 && is_killed(-1)); /* the borrower */
}

static void adjustments_weigh(void) {
    pid_t large = holder(50, "0"), likely = holder(20, "500");
    CHECK(ends_well(taker(35, touch)));
    CHECK(is_killed(likely));
    CHECK(lives(large));
}

/* All ask at once, for four times as much as there is: some are done, the others killed, and nobody hangs. */
static void many_ask(void) {
    pid_t children[8];
    for (int n = 0; n < 8; n++)
        children[n] = taker(50, n % 2 == 0 ? touch : read_into);
    for (int n = 0; n < 8; n++) {
        int status;
        CHECK(waitpid(children[n], &status, 0) == children[n]);
        CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    }
}

int main(void) {
    struct sysinfo machine;
    CHECK(sysinfo(&machine) == 0);
    left = (size_t)machine.freeram * machine.mem_unit;
    who_takes_most_ends(touch);
    who_takes_most_ends(read_into);
    who_asks_ends_if_it_takes_most();
    nobody_takes_what_is_protected();
    nobody_takes_what_is_lent();
    adjustments_weigh();
    many_ask();
    return verdict();
}
