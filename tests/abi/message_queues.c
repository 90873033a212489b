// SPDX-License-Identifier: MIT
/*
 * POSIX message queues: order, what is refused, who waits and who is told.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define NAME  "/ringfence-abi"
#define BYTES 16
#define MOST  3

static struct mq_attr usual = {.mq_maxmsg = MOST, .mq_msgsize = BYTES};

static mqd_t make(int flags) {
    mq_unlink(NAME);
    mqd_t queue = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &usual);
    CHECK(queue >= 0);
    return queue;
}

static void done(mqd_t queue) {
    CHECK(mq_close(queue) == 0);
    CHECK(mq_unlink(NAME) == 0);
}

static int sent(mqd_t queue, const char *text, unsigned priority) {
    return mq_send(queue, text, strlen(text), priority) == 0;
}

static int comes(mqd_t queue, const char *text, unsigned priority) {
    char bytes[BYTES];
    unsigned found = 77;
    ssize_t count = mq_receive(queue, bytes, sizeof bytes, &found);
    return count == (ssize_t)strlen(text) && memcmp(bytes, text, (size_t)count) == 0 &&
           found == priority;
}

static void messages_come_by_priority(void) {
    mqd_t queue = make(O_NONBLOCK);
    struct mq_attr now;
    char bytes[BYTES];
    CHECK(sent(queue, "low", 1) && sent(queue, "high", 9) && sent(queue, "low again", 1));
    CHECK(fails_with(mq_send(queue, "one too many", 12, 0), EAGAIN));
    CHECK(mq_getattr(queue, &now) == 0 && now.mq_curmsgs == MOST && now.mq_flags == O_NONBLOCK);
    CHECK(comes(queue, "high", 9) && comes(queue, "low", 1) && comes(queue, "low again", 1));
    CHECK(fails_with(mq_receive(queue, bytes, sizeof bytes, NULL), EAGAIN));
    CHECK(mq_send(queue, NULL, 0, 0) == 0 && mq_receive(queue, bytes, sizeof bytes, NULL) == 0);
    done(queue);
}

static void what_is_wrong_is_refused(void) {
    mqd_t queue = make(0), reader = mq_open(NAME, O_RDONLY);
    struct timespec wrong = {0, 1000000000};
    struct mq_attr none = {0}, flags = {.mq_flags = O_APPEND};
    char bytes[BYTES + 1] = "";
    CHECK(fails_with(mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, &usual), EEXIST));
    CHECK(fails_with(mq_open("/ringfence-none", O_RDWR), ENOENT));
    CHECK(fails_with(mq_open("/ringfence/none", O_RDWR | O_CREAT, 0600, NULL), EACCES));
    CHECK(fails_with(mq_open("/", O_RDWR | O_CREAT, 0600, NULL), ENOENT));
    CHECK(fails_with(mq_open("/ringfence-none", O_RDWR | O_CREAT, 0600, &none), EINVAL));
    CHECK(fails_with(mq_send(queue, bytes, sizeof bytes, 0), EMSGSIZE));
    CHECK(fails_with(mq_send(queue, bytes, 1, 32768), EINVAL));
    CHECK(fails_with(mq_timedsend(queue, bytes, 1, 0, &wrong), EINVAL));
    CHECK(fails_with(mq_send(reader, bytes, 1, 0), EBADF));
    CHECK(fails_with(mq_send(0, bytes, 1, 0), EBADF));
    CHECK(fails_with(mq_send(queue, (void *)8, 1, 0), EFAULT));
    CHECK(fails_with(mq_receive(queue, bytes, BYTES - 1, NULL), EMSGSIZE));
    CHECK(fails_with(mq_setattr(queue, &flags, NULL), EINVAL));
    CHECK(fails_with(mq_unlink("/ringfence-none"), ENOENT));
    CHECK(mq_close(reader) == 0);
    done(queue);
}

static void as_another_user(void) {
    struct rlimit little = {100, 100};
    CHECK(setuid(1) == 0);
    CHECK(fails_with(mq_open(NAME, O_RDONLY), EACCES));
    CHECK(fails_with(mq_unlink(NAME), EACCES)); /* EPERM, says the kernel; musl makes it POSIX's */
    CHECK(setrlimit(RLIMIT_MSGQUEUE, &little) == 0);
    CHECK(fails_with(mq_open("/ringfence-other", O_CREAT | O_RDWR, 0600, NULL), EMFILE));
    _exit(checks_failed);
}

static void permissions_hold(void) {
    mqd_t queue = make(0);
    if (getuid() == 0)
        CHECK(status_of(as_another_user) == 0);
    done(queue);
}

/* What is unlinked goes on for those who have it open. */
static void a_name_is_not_the_queue(void) {
    mqd_t old = make(0);
    CHECK(mq_unlink(NAME) == 0 && sent(old, "old", 0));
    mqd_t new = make(O_NONBLOCK);
    char bytes[BYTES];
    CHECK(fails_with(mq_receive(new, bytes, sizeof bytes, NULL), EAGAIN));
    CHECK(comes(old, "old", 0) && mq_close(old) == 0);
    done(new);
}

static struct timespec soon(long milliseconds) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static void waits_end(void) {
    mqd_t queue = make(0);
    struct timespec time = soon(50);
    char bytes[BYTES];
    CHECK(fails_with(mq_timedreceive(queue, bytes, sizeof bytes, NULL, &time), ETIMEDOUT));
    CHECK(sent(queue, "1", 0) && sent(queue, "2", 0) && sent(queue, "3", 0));
    time = soon(50);
    CHECK(fails_with(mq_timedsend(queue, "4", 1, 0, &time), ETIMEDOUT));
    pid_t child = fork();
    if (child == 0) {
        usleep(100000);
        CHECK(comes(queue, "1", 0));
        _exit(checks_failed);
    }
    CHECK(sent(queue, "4", 5)); /* waits for the child to make room */
    CHECK(comes(queue, "4", 5) && comes(queue, "2", 0) && comes(queue, "3", 0));
    waitpid(child, NULL, 0);
    done(queue);
}

static volatile int told, told_code, told_value;

static void on_signal(int signal, siginfo_t *information, void *context) {
    (void)context;
    told = signal;
    told_code = information->si_code;
    told_value = information->si_value.sival_int;
}

static void ask_to_be_told(mqd_t queue, int expected) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    event.sigev_value.sival_int = 42;
    told = 0;
    CHECK(expected == 0 ? mq_notify(queue, &event) == 0
                        : fails_with(mq_notify(queue, &event), expected));
}

static void one_is_told_once(void) {
    mqd_t queue = make(0);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    ask_to_be_told(queue, 0);
    ask_to_be_told(queue, EBUSY);
    CHECK(sent(queue, "first", 0) && told == SIGUSR1);
    CHECK(told_code == SI_MESGQ && told_value == 42);
    told = 0;
    CHECK(comes(queue, "first", 0) && sent(queue, "second", 0) && told == 0);
    ask_to_be_told(queue, 0);
    CHECK(sent(queue, "third", 0) && told == 0); /* it was not empty */
    CHECK(mq_notify(queue, NULL) == 0);
    ask_to_be_told(queue, 0);
    mqd_t other = mq_open(NAME, O_RDWR);
    CHECK(mq_close(other) == 0); /* and with it what was asked for */
    ask_to_be_told(queue, 0);
    done(queue);
}

static volatile int thread_value;

static void in_thread(union sigval value) {
    thread_value = value.sival_int;
}

static void a_thread_is_told(void) {
    mqd_t queue = make(0);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = in_thread};
    event.sigev_value.sival_int = 43;
    CHECK(mq_notify(queue, &event) == 0 && fails_with(mq_notify(queue, &event), EBUSY));
    CHECK(sent(queue, "for the thread", 0));
    for (int i = 0; i < 1000 && thread_value == 0; i++)
        usleep(1000);
    CHECK(thread_value == 43);
    CHECK(comes(queue, "for the thread", 0));
    CHECK(mq_notify(queue, &event) == 0 && mq_notify(queue, NULL) == 0); /* its thread ends */
    event.sigev_notify = 7;
    CHECK(fails_with(mq_notify(queue, &event), EINVAL));
    done(queue);
}

static void a_receiver_that_waits_comes_before_who_is_told(void) {
    mqd_t queue = make(0);
    ask_to_be_told(queue, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(!comes(queue, "for the child", 0));
    usleep(100000);
    int status = -1;
    CHECK(sent(queue, "for the child", 0) && waitpid(child, &status, 0) == child && status == 0);
    CHECK(told == 0);
    CHECK(sent(queue, "for us", 0) && told == SIGUSR1);
    done(queue);
}

static void queues_are_polled(void) {
    mqd_t queue = make(0);
    struct pollfd look = {queue, POLLIN | POLLOUT, 0};
    CHECK(poll(&look, 1, 0) == 1 && look.revents == POLLOUT);
    CHECK(sent(queue, "1", 0) && poll(&look, 1, 0) == 1 && look.revents == (POLLIN | POLLOUT));
    CHECK(sent(queue, "2", 0) && sent(queue, "3", 0));
    CHECK(poll(&look, 1, 0) == 1 && look.revents == POLLIN);
    done(queue);
}

/* Or memory could be had without end. */
static void queues_without_a_name_are_paid(void) {
    const struct rlimit eight_or_so = {8 * 10 * 8192, 8 * 10 * 8192};
    const struct mq_attr wanted = {.mq_maxmsg = 10, .mq_msgsize = 8192};
    int count = 0;
    CHECK(setrlimit(RLIMIT_MSGQUEUE, &eight_or_so) == 0);
    while (count < 100 && mq_open(NAME, O_RDWR | O_CREAT, 0600, &wanted) != -1) {
        mq_unlink(NAME);
        count++;
    }
    CHECK(count >= 1 && count <= 8 && errno == EMFILE);
}

int main(void) {
    messages_come_by_priority();
    what_is_wrong_is_refused();
    permissions_hold();
    a_name_is_not_the_queue();
    waits_end();
    one_is_told_once();
    a_thread_is_told();
    a_receiver_that_waits_comes_before_who_is_told();
    queues_are_polled();
    queues_without_a_name_are_paid();
    return verdict();
}
