// SPDX-License-Identifier: MIT
/*
 * A short call beside processes of the same tenant that do long ones all the time: each such pass of theirs is counted,
 * in memory that all share, and only so many may go before any short call. In tenants alone: a manager has one lock,
 * and what is asked is in which order it is had.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PAGE 4096
#define AREAS                                                                                      \
    1500 /* lines of /proc/self/maps: reading it takes about as long as a third of a turn */
#define READERS     2
#define SHORT_CALLS 25
#define PASSES_MOST 40 /* two turns of each reader, several times over */

static atomic_uint *passes; /* reads that ended, of all readers */

/* Every second page differs in its rights, so no two are one area. */
static int make_areas(void) {
    char *start = mmap(NULL, AREAS * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; start != MAP_FAILED && i < AREAS; i += 2)
        if (mprotect(start + i * PAGE, PAGE, PROT_NONE) != 0)
            return 0;
    return start != MAP_FAILED;
}

static void read_for_ever(void) {
    char text[PAGE];
    int file = open("/proc/self/maps", O_RDONLY);
    while (pread(file, text, sizeof text, 0) == sizeof text)
        atomic_fetch_add(passes, 1);
    _exit(1);
}

static pid_t start_reader(void) {
    pid_t child = fork();
    if (child == 0)
        read_for_ever();
    return child;
}

static unsigned passes_before_a_short_call(void) {
    unsigned before = *passes;
    umask(022);
    return *passes - before;
}

int main(void) {
    pid_t readers[READERS];
    unsigned most = 0;
    passes = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(passes != MAP_FAILED && make_areas());
    for (int i = 0; i < READERS; i++)
        CHECK((readers[i] = start_reader()) > 0);
    for (int i = 0; i < SHORT_CALLS && most <= PASSES_MOST; i++) {
        unsigned seen;
        usleep(3000);
        seen = passes_before_a_short_call();
        most = seen > most ? seen : most;
    }
    CHECK(*passes > SHORT_CALLS);
    for (int i = 0; i < READERS; i++) {
        int status;
        CHECK(kill(readers[i], SIGKILL) == 0 && waitpid(readers[i], &status, 0) == readers[i]);
        CHECK(was_killed_by(status, SIGKILL));
    }
    printf("at most %u long calls went before a short one, of %u\n", most, *passes);
    CHECK(most <= PASSES_MOST);
    return verdict();
}
