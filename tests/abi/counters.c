// SPDX-License-Identifier: MIT
/*
 * Counters and timers as files: eventfd and timerfd, read, polled, waited for, and refused.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

#define MILLISECOND 1000000

static short events_of(int one, int patience) {
    struct pollfd look = {one, POLLIN | POLLOUT, 0};
    poll(&look, 1, patience);
    return look.revents;
}

/* ---- eventfd ---- */

static void counters_count(void) {
    uint64_t value = 5;
    char few[7];
    int one = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK(one >= 0 && (fcntl(one, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(events_of(one, 0) == (POLLIN | POLLOUT));
    CHECK(write(one, &value, 8) == 8 && read(one, &value, 8) == 8 && value == 8);
    CHECK(events_of(one, 0) == POLLOUT);
    CHECK(fails_with(read(one, &value, 8), EAGAIN));
    CHECK(fails_with(read(one, few, sizeof few), EINVAL));
    CHECK(fails_with(write(one, few, sizeof few), EINVAL));
    value = UINT64_MAX;
    CHECK(fails_with(write(one, &value, 8), EINVAL));
    value = UINT64_MAX - 1;
    CHECK(write(one, &value, 8) == 8 && events_of(one, 0) == POLLIN);
    value = 1;
    CHECK(fails_with(write(one, &value, 8), EAGAIN));
    value = 0;
    CHECK(write(one, &value, 8) == 8);
    CHECK(fails_with(eventfd(0, 2), EINVAL));
    close(one);
}

static void semaphores_give_one(void) {
    uint64_t value;
    int one = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    CHECK(read(one, &value, 8) == 8 && value == 1);
    CHECK(read(one, &value, 8) == 8 && value == 1);
    CHECK(fails_with(read(one, &value, 8), EAGAIN));
    close(one);
}

static void a_reader_waits_for_a_writer(void) {
    uint64_t value = 7;
    int status, one = eventfd(0, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(read(one, &value, 8) == 8 && value == 9 ? 0 : 1);
    usleep(20000);
    value = 9;
    CHECK(write(one, &value, 8) == 8);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(one);
}

/* ---- timerfd ---- */

static int timer_of(int flags, long first, long interval) {
    struct itimerspec times = {.it_value = {.tv_nsec = first},
                               .it_interval = {.tv_nsec = interval}};
    int one = timerfd_create(CLOCK_MONOTONIC, flags);
    CHECK(one >= 0 && timerfd_settime(one, 0, &times, NULL) == 0);
    return one;
}

static void timers_expire_once(void) {
    uint64_t count = 0;
    struct itimerspec left;
    int one = timer_of(TFD_NONBLOCK, 30 * MILLISECOND, 0);
    CHECK(fails_with(read(one, &count, 8), EAGAIN) && events_of(one, 0) == 0);
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_nsec > 0);
    CHECK(left.it_value.tv_nsec <= 30 * MILLISECOND && left.it_interval.tv_nsec == 0);
    CHECK(events_of(one, 2000) == POLLIN);
    CHECK(read(one, &count, 8) == 8 && count == 1);
    CHECK(fails_with(read(one, &count, 8), EAGAIN));
    CHECK(timerfd_gettime(one, &left) == 0 && left.it_value.tv_nsec == 0);
    CHECK(fails_with(write(one, &count, 8), EINVAL));
    close(one);
}

static void intervals_are_counted(void) {
    uint64_t count = 0;
    struct itimerspec none = {0}, before;
    int one = timer_of(0, 10 * MILLISECOND, 10 * MILLISECOND);
    usleep(65000);
    CHECK(read(one, &count, 8) == 8 && count >= 6 && count < 60);
    CHECK(read(one, &count, 8) == 8 && count >= 1); /* waits for the next */
    CHECK(timerfd_settime(one, 0, &none, &before) == 0);
    CHECK(before.it_interval.tv_nsec == 10 * MILLISECOND && before.it_value.tv_nsec > 0);
    CHECK(events_of(one, 30) == 0);
    close(one);
}

static void absolute_times_may_be_over(void) {
    uint64_t count = 0;
    struct itimerspec past = {.it_value = {.tv_sec = 1}};
    int one = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    CHECK(timerfd_settime(one, TFD_TIMER_ABSTIME, &past, NULL) == 0);
    CHECK(events_of(one, 1000) == POLLIN && read(one, &count, 8) == 8 && count == 1);
    close(one);
}

static void epoll_sees_them(void) {
    struct epoll_event wanted = {.events = EPOLLIN}, told;
    int poller = epoll_create1(0), timer = timer_of(0, 20 * MILLISECOND, 0),
        counter = eventfd(0, 0);
    CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, timer, &wanted) == 0);
    CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, counter, &wanted) == 0);
    CHECK(epoll_wait(poller, &told, 1, 0) == 0);
    CHECK(epoll_wait(poller, &told, 1, 2000) == 1 && told.events == EPOLLIN);
    close(timer);
    CHECK(epoll_wait(poller, &told, 1, 0) == 0);
    CHECK(write(counter, &(uint64_t){1}, 8) == 8 && epoll_wait(poller, &told, 1, 0) == 1);
    close(counter);
    close(poller);
}

static void what_is_wrong_is_said(void) {
    struct itimerspec times = {.it_value = {.tv_nsec = 1000000000}};
    int one = timerfd_create(CLOCK_MONOTONIC, 0), other = eventfd(0, 0);
    uint32_t few;
    CHECK(fails_with(timerfd_settime(one, 0, &times, NULL), EINVAL));
    times.it_value.tv_nsec = 1;
    CHECK(fails_with(timerfd_settime(one, 8, &times, NULL), EINVAL));
    CHECK(fails_with(timerfd_settime(other, 0, &times, NULL), EINVAL));
    CHECK(fails_with(timerfd_settime(999, 0, &times, NULL), EBADF));
    CHECK(fails_with(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL));
    CHECK(fails_with(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL));
    CHECK(fails_with(read(one, &few, sizeof few), EINVAL));
    close(one);
    close(other);
}

int main(void) {
    counters_count();
    semaphores_give_one();
    a_reader_waits_for_a_writer();
    timers_expire_once();
    intervals_are_counted();
    absolute_times_may_be_over();
    epoll_sees_them();
    what_is_wrong_is_said();
    return verdict();
}
