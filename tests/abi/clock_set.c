// SPDX-License-Identifier: MIT
/*
 * Timers and sleeps when the wall clock is set, which this does: it is run in tenants alone, and leaves Linux's clock as it is.
 */
#include "tests/abi/check.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
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

int main(void) {
    absolute_times_follow();
    a_set_cancels_once();
    a_reader_is_cancelled();
    a_clock_may_be_far_back();
    a_sleep_follows();
    a_timer_follows();
    return verdict();
}
