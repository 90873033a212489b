// SPDX-License-Identifier: MIT
/*
 * Times that lie far away: a first expiry long ago, and the next one, or the end of a wait, so late that it never comes.
 */
#include "tests/abi/check.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#define MILLISECOND 1000000
#define NEVER       INT64_MAX /* seconds */

static volatile sig_atomic_t signals;

static void count_signal(int signal) {
    (void)signal;
    signals++;
}

static const struct itimerspec once_and_never_again = {.it_value = {.tv_nsec = MILLISECOND},
                                                       .it_interval = {.tv_sec = NEVER}};

static void a_timer_file_expires_once(void) {
    uint64_t count;
    struct itimerspec left;
    int one = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    CHECK(timerfd_settime(one, 0, &once_and_never_again, NULL) == 0);
    usleep(20000);
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_sec > 1000000000);
    CHECK(read(one, &count, 8) == 8 && count == 1);
    CHECK(fails_with(read(one, &count, 8), EAGAIN));
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_sec > 1000000000);
    close(one);
}

static void a_timer_sends_one_signal(void) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec left;
    signals = 0;
    signal(SIGUSR1, count_signal);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    CHECK(timer_settime(timer, 0, &once_and_never_again, NULL) == 0);
    for (int n = 0; n < 10; n++)
        usleep(10000);
    CHECK(signals == 1);
    CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_sec > 1000000000);
    timer_delete(timer);
}

static void an_interval_timer_sends_one_signal(void) {
    struct itimerval times = {.it_value = {.tv_usec = 1000}, .it_interval = {.tv_sec = INT32_MAX}};
    struct itimerval none = {0};
    signals = 0;
    signal(SIGALRM, count_signal);
    CHECK(setitimer(ITIMER_REAL, &times, NULL) == 0);
    for (int n = 0; n < 10; n++)
        usleep(10000);
    CHECK(signals == 1);
    CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0);
}

/* The first was a second after 1970, whenever this machine was started. */
static void what_went_by_is_counted(void) {
    uint64_t count = 0;
    struct itimerspec old = {.it_value = {.tv_sec = 1}, .it_interval = {.tv_sec = 1}}, left;
    int one = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    CHECK(timerfd_settime(one, TFD_TIMER_ABSTIME, &old, NULL) == 0);
    usleep(20000);
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_sec <= 1);
    CHECK(read(one, &count, 8) == 8);
    int64_t more = (int64_t)count - (int64_t)time(NULL);
    CHECK(more >= -2 && more <= 2);
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_sec <= 1);
    close(one);
}

static void a_long_timeout_is_none(void) {
    int ends[2];
    char byte;
    struct timeval far = {.tv_sec = NEVER}, told = {.tv_sec = 7};
    socklen_t bytes = sizeof told;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &far, sizeof far) == 0);
    CHECK(setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &far, sizeof far) == 0);
    CHECK(getsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &told, &bytes) == 0);
    CHECK(told.tv_sec == 0 && told.tv_usec == 0);
    pid_t child = fork();
    if (child == 0) {
        usleep(50000);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    CHECK(read(ends[0], &byte, 1) == 1);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
}

static void a_clock_is_not_set_so_far(void) {
    struct timespec far = {.tv_sec = NEVER};
    CHECK(fails_with(clock_settime(CLOCK_REALTIME, &far), EINVAL));
}

int main(void) {
    a_timer_file_expires_once();
    a_timer_sends_one_signal();
    an_interval_timer_sends_one_signal();
    what_went_by_is_counted();
    a_long_timeout_is_none();
    a_clock_is_not_set_so_far();
    return verdict();
}
