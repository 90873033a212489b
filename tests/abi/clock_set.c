// SPDX-License-Identifier: MIT
/*
 * Timers, sleeps and readers when the wall clock is set, which this does: it is run in tenants alone, and leaves Linux's clock as it is.
 */
#include "tests/abi/check.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#define STEP 2000 /* seconds */

static int timer_in(int flags, time_t seconds, time_t interval) {
    struct timespec now;
    int one = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    clock_gettime(CLOCK_REALTIME, &now);
    struct itimerspec times = {.it_value = {.tv_sec = seconds},
                               .it_interval = {.tv_sec = interval}};
    if ((flags & TFD_TIMER_ABSTIME) != 0)
        times.it_value = (struct timespec){now.tv_sec + seconds, now.tv_nsec};
    CHECK(one >= 0 && timerfd_settime(one, flags, &times, NULL) == 0);
    return one;
}

static void set_forward(time_t seconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += seconds;
    CHECK(clock_settime(CLOCK_REALTIME, &now) == 0);
}

static int is_readable(int one, int patience) {
    struct pollfd look = {one, POLLIN, 0};
    return poll(&look, 1, patience) == 1;
}

static uint64_t count_of(int one) {
    uint64_t count = 0;
    return read(one, &count, 8) == 8 ? count : 0;
}

static void absolute_times_follow(void) {
    int once = timer_in(TFD_TIMER_ABSTIME, STEP / 2, 0), relative = timer_in(0, STEP / 2, 0);
    int often = timer_in(TFD_TIMER_ABSTIME, STEP / 2, 1), other = timer_in(TFD_TIMER_ABSTIME, 3, 0);
    struct itimerspec left;
    pid_t child = fork();
    if (child == 0) {
        usleep(100000);
        set_forward(STEP);
        _exit(checks_failed);
    }
    CHECK(is_readable(once, 10000)); /* it waits when the clock is set */
    waitpid(child, NULL, 0);
    CHECK(!is_readable(relative, 0));
    CHECK(timerfd_gettime(relative, &left) == 0 && left.it_value.tv_sec <= STEP / 2);
    CHECK(left.it_value.tv_sec > STEP / 2 - 100);
    uint64_t count = count_of(often);
    CHECK(count >= STEP / 2 && count < STEP / 2 + 100);
    set_forward(-STEP);
    CHECK(count_of(once) == 1); /* it had expired */
    CHECK(is_readable(other, 0) && count_of(other) == 1);
    CHECK(timerfd_gettime(often, &left) == 0 && left.it_value.tv_sec > STEP - 100);
    close(once);
    close(often);
    close(other);
    close(relative);
}

static void a_set_cancels_once(void) {
    uint64_t count;
    int one = timer_in(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, STEP, 0);
    int other = timer_in(TFD_TIMER_CANCEL_ON_SET, STEP, 0); /* no absolute time */
    struct itimerspec times = {.it_value = {.tv_sec = INT32_MAX}};
    CHECK(!is_readable(one, 0) && fails_with(read(one, &count, 8), EAGAIN));
    set_forward(0);
    CHECK(is_readable(one, 10000) && !is_readable(other, 0));
    CHECK(fails_with(read(one, &count, 8), ECANCELED));
    CHECK(!is_readable(one, 0) && fails_with(read(one, &count, 8), EAGAIN));
    set_forward(0);
    set_forward(0);
    int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
    CHECK(fails_with(timerfd_settime(one, flags, &times, NULL), ECANCELED));
    CHECK(!is_readable(one, 0) && timerfd_settime(one, flags, &times, NULL) == 0);
    CHECK(timerfd_settime(one, TFD_TIMER_ABSTIME, &times, NULL) == 0);
    set_forward(0);
    CHECK(!is_readable(one, 0));
    close(one);
    close(other);
}

/* A reader that sleeps is cancelled too. */
static void a_reader_is_cancelled(void) {
    uint64_t count;
    struct timespec now;
    int status, one = timerfd_create(CLOCK_REALTIME, 0);
    clock_gettime(CLOCK_REALTIME, &now);
    struct itimerspec times = {.it_value = {.tv_sec = now.tv_sec + STEP}};
    int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
    CHECK(timerfd_settime(one, flags, &times, NULL) == 0);
    pid_t child = fork();
    if (child == 0)
        _exit(fails_with(read(one, &count, 8), ECANCELED) ? 0 : 1);
    usleep(100000);
    set_forward(0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(one);
}

/* To a time at which the machine was not running yet. */
static void a_clock_may_be_far_back(void) {
    struct timespec now, early = {.tv_sec = 1};
    clock_gettime(CLOCK_REALTIME, &now);
    CHECK(clock_settime(CLOCK_REALTIME, &early) == 0);
    int one = timer_in(TFD_TIMER_ABSTIME, 1, 0);
    CHECK(!is_readable(one, 100) && is_readable(one, 10000) && count_of(one) == 1);
    CHECK(clock_settime(CLOCK_REALTIME, &now) == 0);
    close(one);
}

/* The same for sleeps: who waits when the clock is set, waits for the time that it shows then. */
static void a_sleep_follows(void) {
    struct timespec until, left;
    int status;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STEP / 2;
    pid_t sleeper = fork();
    if (sleeper == 0)
        _exit(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL));
    pid_t other = fork();
    if (other == 0)
        _exit(clock_nanosleep(CLOCK_REALTIME, 0, &(struct timespec){STEP / 2, 0}, &left));
    usleep(100000);
    set_forward(STEP);
    CHECK(waitpid(sleeper, &status, 0) == sleeper && status == 0);
    CHECK(waitpid(other, &status, WNOHANG) == 0);
    kill(other, SIGKILL);
    waitpid(other, &status, 0);
    set_forward(-STEP);
}

static timer_t signalling_timer(int flags, int signal) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal};
    struct itimerspec times = {.it_value = {.tv_sec = STEP / 2}};
    timer_t timer;
    if (flags & TIMER_ABSTIME)
        clock_gettime(CLOCK_REALTIME, &times.it_value), times.it_value.tv_sec += STEP / 2;
    CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0);
    CHECK(timer_settime(timer, flags, &times, NULL) == 0);
    return timer;
}

static void a_timer_follows(void) {
    sigset_t both, pending;
    struct itimerspec left;
    struct timespec soon = {10, 0};
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    sigprocmask(SIG_BLOCK, &both, NULL);
    timer_t absolute = signalling_timer(TIMER_ABSTIME, SIGUSR1);
    timer_t relative = signalling_timer(0, SIGUSR2);
    set_forward(-STEP);
    CHECK(timer_gettime(absolute, &left) == 0 && left.it_value.tv_sec > STEP);
    CHECK(timer_gettime(relative, &left) == 0 && left.it_value.tv_sec <= STEP / 2);
    set_forward(2 * STEP);
    CHECK(sigtimedwait(&both, NULL, &soon) == SIGUSR1);
    CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGUSR2));
    CHECK(timer_gettime(relative, &left) == 0 && left.it_value.tv_sec > STEP / 2 - 100);
    timer_delete(absolute);
    timer_delete(relative);
    set_forward(-STEP);
}

/* ---- Who reads it: the libc, in ring 3, and the system call ---------------------------------- */

struct time_64 {
    int64_t seconds, nanoseconds;
};

static int64_t by_the_call(void) {
    struct time_64 time;
    CHECK(syscall(SYS_clock_gettime64, CLOCK_REALTIME, &time) == 0);
    return time.seconds * 1000000000 + time.nanoseconds;
}

static int64_t by_the_libc(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_REALTIME, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static int agree(int64_t seconds) {
    int64_t times[5] = {seconds * 1000000000, by_the_libc(), by_the_call(), by_the_libc()};
    times[4] = times[0] + 10 * 1000000000ll;
    for (int n = 1; n < 5; n++)
        if (times[n] < times[n - 1])
            return 0;
    return 1;
}

/* Before the machine ran, and so late that 32 bits do not hold the seconds. */
static void both_see_what_was_set(void) {
    static const int64_t times[] = {0,          1,           1000000000, 0x7FFFFFFF,
                                    0x80000001, 0x100000001, 5000000000};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    for (unsigned n = 0; n < sizeof(times) / sizeof(times[0]); n++) {
        struct timespec set = {.tv_sec = times[n]};
        CHECK(clock_settime(CLOCK_REALTIME, &set) == 0 && agree(times[n]));
    }
    clock_settime(CLOCK_REALTIME, &now);
}

/* While it is set to and fro, far enough that no word of it stays as it is. */
static void nobody_sees_half_a_time(void) {
    static const time_t times[] = {1000, 3000000000};
    struct timespec before, set = {0, 0};
    int status;
    clock_gettime(CLOCK_REALTIME, &before);
    pid_t setter = fork();
    for (int n = 0; setter == 0 && n < 20000; n++) {
        set.tv_sec = times[n & 1];
        clock_settime(CLOCK_REALTIME, &set);
    }
    if (setter == 0)
        _exit(0);
    usleep(1000);
    while (waitpid(setter, &status, WNOHANG) == 0) {
        int64_t seen = by_the_libc() / 1000000000;
        CHECK(seen - times[0] < 100 || (seen >= times[1] && seen - times[1] < 100) ||
              (seen >= before.tv_sec && seen - before.tv_sec < 100));
    }
    CHECK(status == 0);
    clock_settime(CLOCK_REALTIME, &before);
}

int main(void) {
    absolute_times_follow();
    a_set_cancels_once();
    a_reader_is_cancelled();
    a_clock_may_be_far_back();
    a_sleep_follows();
    a_timer_follows();
    both_see_what_was_set();
    nobody_sees_half_a_time();
    return verdict();
}
