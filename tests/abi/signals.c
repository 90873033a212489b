// SPDX-License-Identifier: MIT
/*
 * Signals: handlers of both kinds, faults with their codes and addresses, masks, queues, waiting,
 * timers, and what a handler may do to the frame that it returns by.
 */
#include "tests/abi/check.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

static volatile sig_atomic_t seen, code;
static void *volatile address;
static int *volatile nowhere = (int *)0x124; /* no mapping is ever there */
static sigjmp_buf jump;

static void plain(int signal) {
    seen = signal;
}

static void full(int signal, siginfo_t *information, void *context) {
    (void)context;
    seen = signal;
    code = information->si_code;
    address = information->si_addr;
}

static void jumping(int signal, siginfo_t *information, void *context) {
    full(signal, information, context);
    siglongjmp(jump, 1);
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    sigaction(signal, &action, NULL);
}

static void handlers_run_and_return(void) {
    double before = 1.5;
    signal(SIGUSR1, plain);
    kill(getpid(), SIGUSR1);
    CHECK(seen == SIGUSR1 && before * 2 == 3.0);
    union sigval value = {.sival_int = 77};
    handle(SIGUSR2, full, 0);
    CHECK(sigqueue(getpid(), SIGUSR2, value) == 0 && seen == SIGUSR2 && code == SI_QUEUE);
}

static void floating(int signal) {
    volatile double noise = 3.25;
    seen = signal;
    noise = noise / 7 + noise;
}

static void handlers_do_not_disturb_the_fpu(void) {
    signal(SIGUSR1, floating);
    long double sum = 0, expected = 0;
    for (int i = 1; i < 200; i++)
        expected += 1.0L / i;
    for (int i = 1; i < 200; i++) {
        sum += 1.0L / i;
        raise(SIGUSR1);
    }
    CHECK(sum == expected);
}

/* ---- Faults ---------------------------------------------------------------------------------- */

#define FAULT(instructions, wanted_signal, wanted_code)                                            \
    do {                                                                                           \
        seen = 0;                                                                                  \
        if (sigsetjmp(jump, 1) == 0) {                                                             \
            instructions;                                                                          \
        }                                                                                          \
        CHECK(seen == (wanted_signal) && code == (wanted_code));                                   \
    } while (0)

static void faults_say_what_and_where(void) {
    const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGBUS};
    for (int i = 0; i < 5; i++)
        handle(signals[i], jumping, 0);
    char *readable = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FAULT(*nowhere = 1, SIGSEGV, SEGV_MAPERR);
    CHECK(address == nowhere);
    FAULT(*(volatile char *)readable = 1, SIGSEGV, SEGV_ACCERR);
    CHECK(address == readable);
    FAULT(__asm__ volatile("xorl %%ecx, %%ecx; divl %%ecx" ::
                               : "eax", "ecx", "edx"),
          SIGFPE, FPE_INTDIV);
    FAULT(__asm__ volatile("ud2"), SIGILL, ILL_ILLOPN);
    FAULT(__asm__ volatile("int3"), SIGTRAP, SI_KERNEL);
    FAULT(__asm__ volatile("hlt"), SIGSEGV, SI_KERNEL);
    FAULT(__asm__ volatile("int $0x42"), SIGSEGV, SI_KERNEL);
    seen = 0;
    if (sigsetjmp(jump, 1) == 0)
        *(volatile int *)(uintptr_t)0xE0000000 = 1;
    CHECK(seen == SIGSEGV);
    signal(SIGSEGV, SIG_DFL);
}

static void fault(void) {
    *nowhere = 1;
}

static void fault_while_blocked(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    fault();
}

static void fault_while_ignored(void) {
    signal(SIGSEGV, SIG_IGN);
    fault();
}

static int recurse(unsigned depth) {
    volatile char page[4096];
    page[0] = (char)depth;
    return depth == 0 ? 0 : recurse(depth - 1) + page[0];
}

static void recurse_forever(void) {
    recurse(0x7FFFFFFF);
}

static void faults_cannot_be_ignored(void) {
    CHECK(was_killed_by(status_of(fault), SIGSEGV));
    CHECK(was_killed_by(status_of(fault_while_blocked), SIGSEGV));
    CHECK(was_killed_by(status_of(fault_while_ignored), SIGSEGV));
    CHECK(was_killed_by(status_of(recurse_forever), SIGSEGV));
}

static void on_other_stack(int signal, siginfo_t *information, void *context) {
    (void)signal;
    (void)information;
    (void)context;
    _exit(7);
}

static void overflow_with_other_stack(void) {
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&stack, NULL);
    handle(SIGSEGV, on_other_stack, SA_ONSTACK);
    recurse_forever();
}

static void overflows_are_handled_on_another_stack(void) {
    int status = status_of(overflow_with_other_stack);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* ---- Masks and queues ------------------------------------------------------------------------ */

static void blocked_signals_wait(void) {
    sigset_t set, old, pending;
    struct timespec short_time = {0, 10000000};
    siginfo_t information;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, plain);
    sigprocmask(SIG_BLOCK, &set, &old);
    seen = 0;
    raise(SIGUSR1);
    sigpending(&pending);
    CHECK(seen == 0 && sigismember(&pending, SIGUSR1));
    CHECK(sigtimedwait(&set, &information, &short_time) == SIGUSR1 && seen == 0);
    CHECK(sigtimedwait(&set, &information, &short_time) == -1 && errno == EAGAIN);
    raise(SIGUSR1);
    sigprocmask(SIG_SETMASK, &old, NULL);
    CHECK(seen == SIGUSR1);
}

static void real_time_signals_queue(void) {
    sigset_t set;
    siginfo_t information;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 5; i++) {
        union sigval value = {.sival_int = i};
        CHECK(sigqueue(getpid(), SIGRTMIN + 1, value) == 0);
    }
    for (int i = 0; i < 5; i++)
        CHECK(sigwaitinfo(&set, &information) == SIGRTMIN + 1 && information.si_int == i);
}

static void interrupted_calls_restart_or_not(void) {
    int ends[2];
    char byte;
    struct itimerval soon = {{0, 0}, {0, 20000}};
    struct sigaction action = {.sa_handler = plain};
    CHECK(pipe(ends) == 0);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    CHECK(read(ends[0], &byte, 1) == -1 && errno == EINTR);
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    pid_t child = fork();
    if (child == 0) {
        usleep(60000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    seen = 0;
    setitimer(ITIMER_REAL, &soon, NULL);
    CHECK(read(ends[0], &byte, 1) == 1 && seen == SIGALRM);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
}

static void sleeps_go_on_after_a_stop(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct timespec time = {0, 200000000};
        _exit(nanosleep(&time, NULL) != 0);
    }
    usleep(30000);
    kill(child, SIGSTOP);
    usleep(30000);
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void timers_expire(void) {
    struct itimerval often = {{0, 10000}, {0, 10000}}, none = {{0, 0}, {0, 0}};
    sigset_t nothing;
    sigemptyset(&nothing);
    signal(SIGALRM, plain);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < 3; i++) {
        seen = 0;
        sigsuspend(&nothing);
        CHECK(seen == SIGALRM);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec once = {{0, 0}, {0, 10000000}};
    handle(SIGRTMIN, full, 0);
    seen = 0;
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    CHECK(timer_settime(timer, 0, &once, NULL) == 0);
    while (seen == 0)
        usleep(1000);
    CHECK(seen == SIGRTMIN && code == SI_TIMER && timer_delete(timer) == 0);
}

/* One signal of a timer is pending at most, also beside another of the number; the others are counted. */
static void a_blocked_timer_counts(int number) {
    sigset_t set, before;
    timer_t timer;
    siginfo_t information;
    struct timespec none = {0, 0};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
    struct itimerspec often = {{0, 1000000}, {0, 1000000}}, stop = {{0, 0}, {0, 0}};
    event.sigev_value.sival_int = 77;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, &before);
    kill(getpid(), number);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    CHECK(timer_settime(timer, 0, &often, NULL) == 0);
    usleep(100000);
    CHECK(sigtimedwait(&set, &information, &none) == number && information.si_code == SI_USER);
    CHECK(sigtimedwait(&set, &information, &none) == number && information.si_code == SI_TIMER);
    CHECK(information.si_value.sival_int == 77 && information.si_overrun >= 50);
    CHECK(timer_getoverrun(timer) == information.si_overrun);
    CHECK(timer_settime(timer, 0, &stop, NULL) == 0);
    sigtimedwait(&set, &information, &none); /* it may have expired once more */
    CHECK(fails_with(sigtimedwait(&set, &information, &none), EAGAIN));
    CHECK(timer_delete(timer) == 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* ---- Frames that a handler has changed ------------------------------------------------------- */

static void (*change)(ucontext_t *);

static void changing(int signal, siginfo_t *information, void *context) {
    (void)signal;
    (void)information;
    change(context);
}

static void raise_changed(void) {
    handle(SIGUSR1, changing, 0);
    raise(SIGUSR1);
}

#define CHANGE(name, statement)                                                                    \
    static void name(ucontext_t *context) {                                                        \
        greg_t *registers = context->uc_mcontext.gregs;                                            \
        (void)registers;                                                                           \
        statement;                                                                                 \
    }

CHANGE(ring_2_code, registers[REG_CS] = 0x1E)
CHANGE(core_code, registers[REG_CS] = 0x08)
CHANGE(gate_as_code, registers[REG_CS] = 0x2F)
CHANGE(ring_2_stack, registers[REG_SS] = 0x26)
CHANGE(no_stack, registers[REG_SS] = 0)
CHANGE(eip_of_manager, registers[REG_EIP] = (greg_t)0x90000000)
CHANGE(eip_at_limit, registers[REG_EIP] = (greg_t)0x80000000)
CHANGE(all_flags, registers[REG_EFL] = (greg_t)(0xFFFFFFFF & ~0x100u))
CHANGE(odd_data, registers[REG_DS] = registers[REG_ES] = 0x1234)
CHANGE(bad_fpu_address, context->uc_mcontext.fpregs = (void *)(uintptr_t)0xC0000000)
CHANGE(bad_fpu_bytes, memset((char *)context->uc_mcontext.fpregs + 112, 0xFF, 300))

static void a_changed_frame_hurts_only_its_process(void) {
    static void (*const fatal[])(ucontext_t *) = {ring_2_code,  core_code,      gate_as_code,
                                                  ring_2_stack, no_stack,       eip_of_manager,
                                                  eip_at_limit, bad_fpu_address};
    /* Here the process may end or go on: Linux refuses what the manager makes harmless. */
    static void (*const either[])(ucontext_t *) = {odd_data, bad_fpu_bytes};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        change = fatal[i];
        CHECK(was_killed_by(status_of(raise_changed), SIGSEGV));
    }
    for (size_t i = 0; i < sizeof either / sizeof either[0]; i++) {
        change = either[i];
        CHECK(status_of(raise_changed) != -1);
    }
    change = all_flags;
    CHECK(status_of(raise_changed) == 0);
}

/* It may say that a signal is a timer's; it is pending once all the same. */
static void who_poses_as_a_timer_gains_nothing(void) {
    siginfo_t forged = {.si_signo = SIGUSR1, .si_code = SI_TIMER};
    const struct timespec at_once = {0};
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigprocmask(SIG_BLOCK, &one, NULL);
    for (int i = 0; i < 100; i++)
        CHECK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &forged) == 0);
    CHECK(sigtimedwait(&one, NULL, &at_once) == SIGUSR1);
    CHECK(fails_with(sigtimedwait(&one, NULL, &at_once), EAGAIN));
    sigprocmask(SIG_UNBLOCK, &one, NULL);
}

int main(void) {
    handlers_run_and_return();
    handlers_do_not_disturb_the_fpu();
    faults_say_what_and_where();
    faults_cannot_be_ignored();
    overflows_are_handled_on_another_stack();
    blocked_signals_wait();
    real_time_signals_queue();
    interrupted_calls_restart_or_not();
    sleeps_go_on_after_a_stop();
    timers_expire();
    a_blocked_timer_counts(SIGUSR1);
    a_blocked_timer_counts(SIGRTMIN + 1);
    who_poses_as_a_timer_gains_nothing();
    a_changed_frame_hurts_only_its_process();
    return verdict();
}
