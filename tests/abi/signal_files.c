// SPDX-License-Identifier: MIT
/*
 * signalfd: pending signals read as a file, with what came with them; polled, waited for, shared by fork, and refused.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>

static sigset_t set_of(int first, int second) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, first);
    if (second != 0)
        sigaddset(&set, second);
    return set;
}

static int blocked_file(int first, int second, int flags) {
    sigset_t set = set_of(first, second);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int file = signalfd(-1, &set, flags);
    CHECK(file >= 0);
    return file;
}

static int is_ready(int file, int patience) {
    struct pollfd look = {file, POLLIN, 0};
    return poll(&look, 1, patience) == 1 && look.revents == POLLIN;
}

static struct signalfd_siginfo next(int file) {
    struct signalfd_siginfo got = {0};
    CHECK(read(file, &got, sizeof got) == sizeof got);
    return got;
}

static void signals_are_read(void) {
    struct signalfd_siginfo several[4];
    int file = blocked_file(SIGUSR1, SIGUSR2, SFD_NONBLOCK | SFD_CLOEXEC);
    CHECK(fcntl(file, F_GETFD) & FD_CLOEXEC);
    CHECK(!is_ready(file, 0) && fails_with(read(file, several, sizeof several), EAGAIN));
    kill(getpid(), SIGUSR2);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    CHECK(is_ready(file, 0));
    memset(several, 0xA5, sizeof several);
    CHECK(read(file, several, sizeof several - 1) == 2 * sizeof several[0]);
    CHECK(several[0].ssi_signo == SIGUSR1 && several[1].ssi_signo == SIGUSR2);
    CHECK(several[0].ssi_code == SI_USER && several[0].ssi_pid == (unsigned)getpid());
    CHECK(several[0].ssi_uid == getuid() && several[0].ssi_errno == 0);
    CHECK(several[0].ssi_int == 0 && several[0].ssi_addr == 0 && several[0].ssi_status == 0);
    CHECK(!is_ready(file, 0));
    close(file);
}

static void what_came_with_them(void) {
    int status, file = blocked_file(SIGRTMIN + 1, SIGCHLD, SFD_NONBLOCK);
    CHECK(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = -7}) == 0);
    CHECK(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 8}) == 0);
    struct signalfd_siginfo first = next(file), second = next(file);
    CHECK(first.ssi_signo == (unsigned)SIGRTMIN + 1 && first.ssi_code == SI_QUEUE);
    CHECK(first.ssi_int == -7 && first.ssi_ptr == 0xFFFFFFF9u && second.ssi_int == 8);
    pid_t child = fork();
    if (child == 0)
        _exit(5);
    CHECK(waitpid(child, &status, 0) == child);
    first = next(file);
    CHECK(first.ssi_signo == SIGCHLD && first.ssi_code == CLD_EXITED && first.ssi_status == 5);
    CHECK(first.ssi_pid == (unsigned)child && first.ssi_uid == getuid());
    close(file);
}

static void a_timer_says_which(void) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec once = {.it_value = {.tv_nsec = 1000000}};
    event.sigev_value.sival_int = 99;
    int file = blocked_file(SIGUSR1, 0, 0);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    CHECK(timer_settime(timer, 0, &once, NULL) == 0);
    struct signalfd_siginfo got = next(file);
    CHECK(got.ssi_code == SI_TIMER && got.ssi_int == 99 && got.ssi_overrun == 0);
    timer_delete(timer);
    close(file);
}

static void readers_wait(void) {
    int file = blocked_file(SIGUSR1, 0, 0), status;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        usleep(30000);
        kill(parent, SIGUSR1);
        _exit(0);
    }
    CHECK(is_ready(file, 5000));
    struct signalfd_siginfo got = next(file);
    CHECK(got.ssi_pid == (unsigned)child);
    CHECK(waitpid(child, &status, 0) == child);
    child = fork();
    if (child == 0) {
        usleep(30000);
        kill(parent, SIGUSR1);
        _exit(0);
    }
    CHECK(next(file).ssi_pid == (unsigned)child);
    CHECK(waitpid(child, &status, 0) == child);
    close(file);
}

/* Whoever reads takes its own. */
static int shared;

static void a_child_reads_its_own(void) {
    struct signalfd_siginfo got;
    kill(getppid(), SIGUSR2);
    kill(getpid(), SIGUSR1);
    CHECK(read(shared, &got, sizeof got) == sizeof got && got.ssi_signo == SIGUSR1);
    CHECK(fails_with(read(shared, &got, sizeof got), EAGAIN));
    _exit(checks_failed != 0);
}

static void *reads_of_a_thread(void *unused) {
    (void)unused;
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
    CHECK(next(shared).ssi_signo == SIGUSR1);
    return NULL;
}

static void whose_signals_they_are(void) {
    pthread_t thread;
    struct signalfd_siginfo got;
    shared = blocked_file(SIGUSR1, SIGUSR2, SFD_NONBLOCK);
    CHECK(status_of(a_child_reads_its_own) == 0);
    CHECK(next(shared).ssi_signo == SIGUSR2);
    CHECK(pthread_create(&thread, NULL, reads_of_a_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
    CHECK(read(shared, &got, sizeof got) == sizeof got && got.ssi_code == SI_TKILL);
    close(shared);
}

static void the_set_changes(void) {
    int file = blocked_file(SIGUSR1, SIGUSR2, SFD_NONBLOCK);
    sigset_t other = set_of(SIGUSR2, SIGKILL), all;
    struct signalfd_siginfo got;
    kill(getpid(), SIGUSR1);
    CHECK(is_ready(file, 0));
    CHECK(signalfd(file, &other, 0) == file && !is_ready(file, 0));
    CHECK(fails_with(read(file, &got, sizeof got), EAGAIN));
    other = set_of(SIGUSR1, 0);
    CHECK(signalfd(file, &other, 0) == file && next(file).ssi_signo == SIGUSR1);
    sigemptyset(&all);
    CHECK(sigpending(&all) == 0 && !sigismember(&all, SIGUSR1));
    close(file);
}

static void epoll_sees_each(void) {
    int file = blocked_file(SIGUSR1, 0, SFD_NONBLOCK), many = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET}, got;
    CHECK(epoll_ctl(many, EPOLL_CTL_ADD, file, &event) == 0);
    CHECK(epoll_wait(many, &got, 1, 0) == 0);
    for (int n = 0; n < 3; n++) {
        kill(getpid(), SIGUSR1);
        CHECK(epoll_wait(many, &got, 1, 1000) == 1 && got.events == EPOLLIN);
        CHECK(epoll_wait(many, &got, 1, 0) == 0);
        CHECK(next(file).ssi_signo == SIGUSR1);
    }
    close(many);
    close(file);
}

static void what_is_refused(void) {
    sigset_t set = set_of(SIGUSR1, 0);
    char few[sizeof(struct signalfd_siginfo) - 1];
    int file = blocked_file(SIGUSR1, 0, SFD_NONBLOCK), other = open("/dev/null", O_RDONLY);
    CHECK(fails_with(read(file, few, sizeof few), EINVAL));
    CHECK(fails_with(write(file, few, 1), EINVAL));
    CHECK(fails_with(signalfd(other, &set, 0), EINVAL));
    CHECK(fails_with(signalfd(999, &set, 0), EBADF));
    CHECK(fails_with(signalfd(-1, &set, 1), EINVAL));
    CHECK(fails_with(syscall(SYS_signalfd4, -1, &set, 4, 0), EINVAL));
    CHECK(fails_with(syscall(SYS_signalfd4, -1, 16, 8, 0), EFAULT));
    CHECK(fails_with(read(file, (void *)16, 128), EAGAIN));
    kill(getpid(), SIGUSR1);
    CHECK(fails_with(read(file, (void *)16, 128), EFAULT));
    close(other);
    close(file);
}

int main(void) {
    signals_are_read();
    what_came_with_them();
    a_timer_says_which();
    readers_wait();
    whose_signals_they_are();
    the_set_changes();
    epoll_sees_each();
    what_is_refused();
    return verdict();
}
