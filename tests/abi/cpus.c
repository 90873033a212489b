// SPDX-License-Identifier: MIT
/*
 * Threads of one process on several CPUs: registers and FPU state move with them, and what one of them takes
 * away from the address space the others have lost when the call comes back. On one CPU all of it holds, too.
 */
#include "tests/abi/check.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define PAGE    4096
#define WORKERS 4
#define ROUNDS  40
#define TERMS   20000
#define REVOKES 60
#define SETTLE  20000 /* reads of a page that must not change any more */

static unsigned current_cpu(void) {
    unsigned cpu = ~0u;
    return syscall(SYS_getcpu, &cpu, NULL, NULL) == 0 ? cpu : ~0u;
}

/* ---- Moving ---- */

static double harmonic(void) {
    double sum = 0;
    for (int i = 1; i <= TERMS; i++)
        sum += 1.0 / i;
    return sum;
}

static void *compute(void *wrong) {
    double first = harmonic();
    for (int i = 0; i < ROUNDS; i++) {
        sched_yield();
        if (harmonic() != first)
            atomic_fetch_add((atomic_int *)wrong, 1);
    }
    return NULL;
}

static void registers_move_with_their_thread(void) {
    pthread_t workers[WORKERS];
    atomic_int wrong = 0;
    for (int i = 0; i < WORKERS; i++)
        CHECK(pthread_create(&workers[i], NULL, compute, &wrong) == 0);
    for (int i = 0; i < WORKERS; i++)
        CHECK(pthread_join(workers[i], NULL) == 0);
    CHECK(wrong == 0);
}

static void a_thread_is_told_where_it_runs(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    for (int i = 0; i < ROUNDS; i++) {
        unsigned cpu = current_cpu();
        CHECK(cpu < CPU_SETSIZE && CPU_ISSET(cpu, &set));
        sched_yield();
    }
}

/* ---- Taking away ---- */

static volatile uint32_t *page;
static atomic_int writing, stop, caught;
static _Thread_local sigjmp_buf retry;

static void on_fault(int signal) {
    (void)signal;
    atomic_fetch_add(&caught, 1);
    siglongjmp(retry, 1);
}

/* Writes into the page all the time; a write that faults is tried again. */
static void *write_on(void *unused) {
    sigsetjmp(retry, 1);
    while (!stop) {
        (*page)++;
        writing = 1;
    }
    return unused;
}

static void await_writes(void) {
    writing = 0;
    while (!writing)
        sched_yield();
}

static int changes(void) {
    uint32_t before = *page;
    for (int i = 0; i < SETTLE; i++)
        if (*page != before)
            return 1;
    return 0;
}

static pthread_t start_writer(void) {
    pthread_t writer;
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    stop = 0;
    CHECK(pthread_create(&writer, NULL, write_on, NULL) == 0);
    return writer;
}

static void end_writer(pthread_t writer) {
    stop = 1;
    CHECK(pthread_join(writer, NULL) == 0);
    munmap((void *)page, PAGE);
}

static void a_right_that_is_gone_is_gone_on_all(void) {
    struct sigaction action = {.sa_handler = on_fault};
    pthread_t writer = start_writer();
    int changed = 0;
    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < REVOKES; i++) {
        await_writes();
        CHECK(mprotect((void *)page, PAGE, PROT_READ) == 0);
        changed += changes();
        CHECK(mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE) == 0);
    }
    CHECK(changed == 0);
    end_writer(writer);
}

/* The new page must not get what the writer still sends to the old one. */
static void a_page_that_is_replaced_is_replaced_on_all(void) {
    pthread_t writer = start_writer();
    int changed = 0;
    for (int i = 0; i < REVOKES; i++) {
        await_writes();
        CHECK(mmap((void *)page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
              page);
        changed += changes() || *page != 0;
        CHECK(mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE) == 0);
    }
    CHECK(changed == 0);
    end_writer(writer);
}

static void child_sees_no_more_writes(void) {
    _exit(changes() ? 1 : 0);
}

static void a_fork_takes_the_memory_as_it_is(void) {
    pthread_t writer = start_writer();
    for (int i = 0; i < ROUNDS; i++) {
        await_writes();
        CHECK(status_of(child_sees_no_more_writes) == 0);
    }
    end_writer(writer);
}

static void barriers_reach_all(void) {
    CHECK(syscall(SYS_membarrier, 16, 0) == 0); /* register, private expedited */
    CHECK(syscall(SYS_membarrier, 8, 0) == 0);
    CHECK(syscall(SYS_membarrier, 8, 1) == -1 && errno == EINVAL);
}

int main(void) {
    registers_move_with_their_thread();
    a_thread_is_told_where_it_runs();
    a_right_that_is_gone_is_gone_on_all();
    a_page_that_is_replaced_is_replaced_on_all();
    a_fork_takes_the_memory_as_it_is();
    barriers_reach_all();
    return verdict();
}
