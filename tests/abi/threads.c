// SPDX-License-Identifier: MIT
/*
 * Threads as musl makes them: clone, TLS, futexes private and shared, cancellation, and the end of
 * a process that has many.
 */
#include "tests/abi/check.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define THREADS 8
#define ROUNDS  2000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int counter, ready;
static _Thread_local intptr_t own = -1;

static void *count(void *number) {
    own = (intptr_t)number;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    pthread_mutex_lock(&mutex);
    ready++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return (void *)own;
}

static void threads_share_memory_but_not_tls(void) {
    pthread_t threads[THREADS];
    void *result;
    for (intptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, count, (void *)i) == 0);
    pthread_mutex_lock(&mutex);
    while (ready < THREADS)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    for (intptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], &result) == 0 && (intptr_t)result == i);
    CHECK(counter == THREADS * ROUNDS && own == -1);
}

static void *sleep_long(void *unused) {
    sleep(100);
    return unused;
}

static void sleeping_threads_can_be_cancelled(void) {
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, sleep_long, NULL) == 0);
    CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
}

static void start_sleeper(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, sleep_long, NULL) != 0)
        _exit(99);
}

static void *execute(void *unused) {
    execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
    return unused;
}

static void exec_beside_a_sleeper(void) {
    pthread_t thread;
    start_sleeper();
    pthread_create(&thread, NULL, execute, NULL);
    sleep(100);
}

static void exit_beside_a_sleeper(void) {
    start_sleeper();
    exit(8);
}

static void fault_beside_a_sleeper(void) {
    start_sleeper();
    raise(SIGTERM);
    sleep(100);
}

static void all_threads_end_with_the_process(void) {
    CHECK(WEXITSTATUS(status_of(exec_beside_a_sleeper)) == 6);
    CHECK(WEXITSTATUS(status_of(exit_beside_a_sleeper)) == 8);
    CHECK(was_killed_by(status_of(fault_beside_a_sleeper), SIGTERM));
}

static pthread_mutex_t *robust;
static void die_with_the_mutex(void) {
    pthread_mutex_lock(robust);
}

static void robust_mutexes_survive_their_owner(void) {
    pthread_mutexattr_t attributes;
    robust = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(robust, &attributes);
    CHECK(status_of(die_with_the_mutex) == 0);
    CHECK(pthread_mutex_lock(robust) == EOWNERDEAD);
    CHECK(pthread_mutex_consistent(robust) == 0 && pthread_mutex_unlock(robust) == 0);
}

static void semaphores_work_between_processes(void) {
    sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct timespec deadline;
    CHECK(sem_init(semaphore, 1, 0) == 0);
    pid_t child = fork();
    if (child == 0) {
        usleep(10000);
        _exit(sem_post(semaphore) != 0);
    }
    CHECK(sem_wait(semaphore) == 0 && waitpid(child, NULL, 0) == child);
    clock_gettime(CLOCK_REALTIME, &deadline);
    CHECK(sem_timedwait(semaphore, &deadline) == -1 && errno == ETIMEDOUT);
}

static long long cpu_time(clockid_t clock) {
    struct timespec time = {-1, -1};
    CHECK(clock_gettime(clock, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void *spin(void *unused) {
    while (cpu_time(CLOCK_THREAD_CPUTIME_ID) < 20000000) {
    }
    pthread_barrier_wait(unused);
    pthread_barrier_wait(unused);
    return NULL;
}

static void cpu_time_of_others_can_be_read(void) {
    pthread_t thread;
    pthread_barrier_t both;
    clockid_t clock;
    struct timespec nothing;
    pthread_barrier_init(&both, NULL, 2);
    CHECK(pthread_create(&thread, NULL, spin, &both) == 0);
    CHECK(pthread_getcpuclockid(thread, &clock) == 0);
    pthread_barrier_wait(&both);
    long long time = cpu_time(clock);
    CHECK(time >= 20000000 && time < 2000000000);
    CHECK(clock_getcpuclockid(getpid(), &clock) == 0 && cpu_time(clock) >= time);
    CHECK(clock_getcpuclockid(0, &clock) == 0 && cpu_time(clock) >= time);
    pthread_barrier_wait(&both);
    pthread_join(thread, NULL);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    CHECK(clock_getcpuclockid(child, &clock) == 0 && cpu_time(clock) >= 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    CHECK(fails_with(clock_gettime(clock, &nothing), EINVAL));
    CHECK(fails_with(clock_gettime(-1, &nothing), EINVAL)); /* no such kind of time */
    CHECK(clock_nanosleep(999, 0, &(struct timespec){0, 1}, NULL) == EINVAL);
}

int main(void) {
    threads_share_memory_but_not_tls();
    sleeping_threads_can_be_cancelled();
    all_threads_end_with_the_process();
    robust_mutexes_survive_their_owner();
    semaphores_work_between_processes();
    cpu_time_of_others_can_be_read();
    return verdict();
}
