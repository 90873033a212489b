// SPDX-License-Identifier: MIT
/*
 * One process makes system calls without end and checks that no register and no flag of its changes; another
 * sends it signals, one after the other, each only when the last was handled. Both kinds of handler, so
 * both ways back. A signal that is lost ends the run. Before, it yields to nobody, many times.
 *
 * usage: signal_storm [SIGNALS]
 */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 2000000 /* turns given to the other process before a signal counts as lost */
#define YIELDS                                                                                     \
    3000 /* alone, each a call of the manager's and back at once: whoever sweeps these stubs meets them often */

struct shared {
    volatile uint32_t handled, ready, damaged;
};
static struct shared *shared;

static void plain_handler(int signal) {
    (void)signal;
    shared->handled++;
}

static void full_handler(int signal, siginfo_t *information, void *context) {
    (void)signal;
    (void)information;
    (void)context;
    shared->handled++;
}

/* Not 0 if a register or the carry flag came back changed from getppid by int 0x80. */
static uint32_t damage(void) {
    uint32_t difference;
    __asm__ volatile("pushl %%ebp\n\t"
                     "movl $0x11111111, %%ebx\n\t"
                     "movl $0x22222222, %%ecx\n\t"
                     "movl $0x33333333, %%edx\n\t"
                     "movl $0x44444444, %%esi\n\t"
                     "movl $0x55555555, %%edi\n\t"
                     "movl $0x66666666, %%ebp\n\t"
                     "movl $64, %%eax\n\t"
                     "stc\n\t"
                     "int $0x80\n\t"
                     "sbbl %%eax, %%eax\n\t" /* all ones if carry is still set */
                     "notl %%eax\n\t"
                     "xorl $0x11111111, %%ebx\n\t"
                     "xorl $0x22222222, %%ecx\n\t"
                     "xorl $0x33333333, %%edx\n\t"
                     "xorl $0x44444444, %%esi\n\t"
                     "xorl $0x55555555, %%edi\n\t"
                     "xorl $0x66666666, %%ebp\n\t"
                     "orl %%ebx, %%eax\n\t"
                     "orl %%ecx, %%eax\n\t"
                     "orl %%edx, %%eax\n\t"
                     "orl %%esi, %%eax\n\t"
                     "orl %%edi, %%eax\n\t"
                     "orl %%ebp, %%eax\n\t"
                     "popl %%ebp"
                     : "=a"(difference)
                     :
                     : "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
    return difference;
}

static void receive(void) {
    struct sigaction plain = {.sa_handler = plain_handler};
    struct sigaction full = {.sa_sigaction = full_handler, .sa_flags = SA_SIGINFO};

    sigaction(SIGUSR1, &plain, NULL);
    sigaction(SIGUSR2, &full, NULL);
    shared->ready = 1;
    for (;;) {
        if (damage())
            shared->damaged++;
        if (getppid() == 1)
            _exit(0);
    }
}

static int wait_until(volatile uint32_t *word, uint32_t value) {
    for (int turn = 0; turn < PATIENCE; turn++) {
        if (*word == value)
            return 1;
        sched_yield();
    }
    return 0;
}

int main(int count, char **arguments) {
    uint32_t signals = count > 1 ? (uint32_t)atoi(arguments[1]) : 300, sent = 0;

    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    for (int turn = 0; turn < YIELDS; turn++)
        sched_yield();
    pid_t receiver = fork();
    if (receiver == 0)
        receive();
    if (!wait_until(&shared->ready, 1))
        return 3;
    while (sent < signals && kill(receiver, sent % 2 ? SIGUSR2 : SIGUSR1) == 0 &&
           wait_until(&shared->handled, sent + 1))
        sent++;
    kill(receiver, SIGKILL);
    waitpid(receiver, NULL, 0);
    printf("%u of %u signals handled, registers damaged %u times\n", sent, signals,
           shared->damaged);
    return sent != signals || shared->damaged != 0;
}
