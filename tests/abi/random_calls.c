// SPDX-License-Identifier: MIT
/*
 * Any system call with any arguments: children call at random, with numbers, small values, what earlier calls
 * answered, paths, addresses of their own and of others. Whatever happens to a child, the parent must still be
 * able to fork the next. Left out: calls that would end the run (reboot, exit), multiply children, signal
 * everybody, or signal or limit the parent, which may be done to whom one may kill.
 *
 * A child's calls follow from the seed and its number alone. A call that sleeps is interrupted by an alarm; a child
 * that dies, or sleeps on since it lost its alarm, is followed by the next, until there were CALLS calls in all.
 *
 * usage: random_calls [CALLS [SEED]]
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUFFER_BYTES 65536u
#define HIGHEST_CALL 450u
#define CHILD_TIME   2000000u /* microseconds */
#define CHILD_STUCK  100000u  /* without a further call, microseconds */
#define CHILD_CALLS  100000u
#define LOOK         10000u /* from one look at a child to the next, microseconds */
#define ALARM        20000u /* microseconds */
#define ANSWERS      16u

enum {
    SYS_exit = 1,
    SYS_fork = 2,
    SYS_pause = 29,
    SYS_kill = 37,
    SYS_reboot = 88,
    SYS_clone = 120,
    SYS_nanosleep = 162,
    SYS_rt_sigqueueinfo = 178,
    SYS_vfork = 190,
    SYS_tkill = 238,
    SYS_exit_group = 252,
    SYS_tgkill = 270,
    SYS_rt_tgsigqueueinfo = 335,
    SYS_prlimit64 = 340
};

static uint32_t state;
static char *buffer;
static uint32_t parent;           /* this must live on */
static uint32_t answers[ANSWERS]; /* of calls before: descriptors, process numbers, addresses */
static volatile uint32_t *made;   /* calls so far, shared by all children */

static const char *const paths[] = {"/tmp/random", "/bin/busybox", "/proc/self/maps", "/dev/zero",
                                    "/dev/ptmx",   "/tmp",         "/proc/self/fd/3", "/dev/tty"};

static uint32_t any(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t argument(void) {
    uint32_t own = (uint32_t)(uintptr_t)buffer;
    switch (any() % 12) {
    case 0:
        return 0;
    case 1:
        return any() % 16;
    case 2:
        return any();
    case 3:
        return own + any() % 8192;
    case 4:
        return own + BUFFER_BYTES - any() % 16;
    case 5:
        return 0x7FFFFFF0u + any() % 32;
    case 6:
        return 0x90000000u + any() % 4096;
    case 7:
        return 0xC0000000u;
    case 8:
        return 0u - any() % 100;
    case 9:
        return answers[any() % ANSWERS];
    case 10:
        return (uint32_t)(uintptr_t)paths[any() % (sizeof paths / sizeof paths[0])];
    default:
        return 1u << any() % 32;
    }
}

static int is_left_out(uint32_t number, const uint32_t *arguments) {
    switch (number) {
    case SYS_exit:
    case SYS_fork:
    case SYS_pause:
    case SYS_reboot:
    case SYS_clone:
    case SYS_nanosleep:
    case SYS_vfork:
    case SYS_exit_group:
        return 1;
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case SYS_prlimit64:
        return (int32_t)arguments[0] < (number == SYS_prlimit64 ? 0 : 1) ||
               arguments[0] == parent || arguments[1] == parent;
    default:
        return 0;
    }
}

static uint32_t call(uint32_t number, const uint32_t *arguments) {
    uint32_t result = number;
    __asm__ volatile("pushl %%ebp\n\t"
                     "movl 20(%%esi), %%ebp\n\t"
                     "movl (%%esi), %%ebx\n\t"
                     "movl 4(%%esi), %%ecx\n\t"
                     "movl 8(%%esi), %%edx\n\t"
                     "movl 16(%%esi), %%edi\n\t"
                     "movl 12(%%esi), %%esi\n\t"
                     "int $0x80\n\t"
                     "popl %%ebp"
                     : "+a"(result), "+S"(arguments)
                     :
                     : "ebx", "ecx", "edx", "edi", "memory");
    return result;
}

static void fill_buffer(void) {
    for (uint32_t at = 0; at < BUFFER_BYTES; at += 4)
        *(uint32_t *)(void *)(buffer + at) = any() % 5 != 0 ? any() % 64 : argument();
    strcpy(buffer, "/tmp/random");
    strcpy(buffer + 4096, "/bin/busybox");
}

/* It is there to end a call that sleeps. */
static void on_alarm(int signal) {
    (void)signal;
}

static void interrupt_sleeping_calls(void) {
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    ualarm(ALARM, ALARM);
}

static void child(uint32_t seed) {
    state = seed * 2654435761u + 12345;
    parent = (uint32_t)getppid();
    buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fill_buffer();
    setpgid(0, 0);
    for (int file = 0, null = open("/dev/null", O_RDWR); file < 3; file++)
        dup2(null, file);
    interrupt_sleeping_calls();
    for (uint32_t n = 0; n < CHILD_CALLS; n++) {
        uint32_t arguments[6], number = any() % HIGHEST_CALL;
        for (int i = 0; i < 6; i++)
            arguments[i] = argument();
        if (is_left_out(number, arguments))
            continue;
        ++*made;
        answers[n % ANSWERS] = call(number, arguments);
    }
    _exit(0);
}

/* A child may have blocked its alarm and sleep for ever, or count without end. */
static int outlives(pid_t pid) {
    uint32_t before = 0, stuck = 0;
    for (uint32_t lived = 0; lived < CHILD_TIME && stuck < CHILD_STUCK; lived += LOOK) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return 0;
        usleep(LOOK);
        stuck = *made == before ? stuck + LOOK : 0;
        before = *made;
    }
    kill(pid, SIGKILL);
    return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

/* The child may have written anything over its count: then it made none that are known of. */
static uint32_t calls_of_child(void) {
    return *made <= CHILD_CALLS ? *made : 0;
}

int main(int count, char **words) {
    uint32_t calls = count > 1 ? (uint32_t)strtoul(words[1], NULL, 10) : 60000;
    uint32_t seed = count > 2 ? (uint32_t)strtoul(words[2], NULL, 10) : 1, children = 0, done = 0;
    made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (; done < calls; children++) {
        *made = 0;
        pid_t pid = fork();
        if (pid == 0)
            child(seed * 65536 + children);
        if (pid < 0 || outlives(pid)) {
            perror("random_calls");
            return 1;
        }
        done += calls_of_child();
    }
    printf("refused: %u calls by %u children\n", done, children);
    return 0;
}
