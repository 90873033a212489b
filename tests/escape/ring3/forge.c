// SPDX-License-Identifier: MIT
/*
 * What a signal's handler gives back: the manager takes registers, selectors and flags from memory of the app's,
 * and leaves ring 2 with them. Each forgery is a child's, so that its death is the attacker's alone; if the manager
 * dies of it, its tenant does.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define MANAGER_STACK      (MANAGER_MAPPINGS_LIMIT - 64)
#define SELECTOR_CORE_CODE 0x08
#define SELECTOR_CORE_DATA 0x10
#define FLAG_IO_LEVEL      0x3000
#define FLAG_INTERRUPT     0x200
#define FLAG_NESTED        0x4000
#define FLAG_VIRTUAL       0x20000
#define FLAG_ALL           0x3F7FD5
#define STATUS_ESCAPED     77

static void (*forgery)(ucontext_t *context);

static void on_signal(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    forgery(context);
}

static uint32_t read_flags(void) {
    uint32_t flags;
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    return flags;
}

/* In the child, behind the forged return, if it comes back to where the signal was sent. */
static _Noreturn void look_around(void) {
    uint32_t cs, flags = read_flags();
    __asm__("movl %%cs, %0" : "=r"(cs));
    int bad = (cs & 3) != 3 || flags & (FLAG_IO_LEVEL | FLAG_VIRTUAL | FLAG_NESTED) ||
              !(flags & FLAG_INTERRUPT);
    _exit(bad ? STATUS_ESCAPED : 0);
}

static void forge(void (*how)(ucontext_t *context)) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    int status;
    forgery = how;
    pid_t child = fork();
    if (child == 0) {
        for (int signal = SIGHUP; signal < SIGSYS; signal++)
            sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, 0);
        sigaction(SIGUSR1, &action, 0);
        raise(SIGUSR1);
        look_around();
    }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_ESCAPED)
        escaped("the forgery holds");
    if (WIFSIGNALED(status))
        refused("signal %d ended the forger", WTERMSIG(status));
    refused("the forgery was ignored, status %d", WEXITSTATUS(status));
}

#define FORGE(name, change)                                                                        \
    static void change_##name(ucontext_t *context) {                                               \
        greg_t *registers = context->uc_mcontext.gregs;                                            \
        (void)registers;                                                                           \
        change;                                                                                    \
    }                                                                                              \
    static void name(void) {                                                                       \
        forge(change_##name);                                                                      \
    }
FORGE(forge_manager_code, registers[REG_CS] = SELECTOR_MANAGER_CODE)
FORGE(forge_core_code, registers[REG_CS] = SELECTOR_CORE_CODE)
FORGE(forge_gate_as_code, registers[REG_CS] = SELECTOR_GATE_MEMORY)
FORGE(forge_code_level, registers[REG_CS] = SELECTOR_APP_CODE & ~3)
FORGE(forge_manager_stack, registers[REG_SS] = SELECTOR_MANAGER_DATA)
FORGE(forge_core_stack, registers[REG_SS] = SELECTOR_CORE_DATA)
FORGE(forge_null_stack, registers[REG_SS] = 0)
FORGE(forge_code_as_stack, registers[REG_SS] = SELECTOR_APP_CODE)
FORGE(forge_stack_level, registers[REG_SS] = SELECTOR_APP_DATA & ~3)
FORGE(forge_data, registers[REG_DS] = registers[REG_ES] = SELECTOR_CORE_DATA)
FORGE(forge_data_past_ldt, registers[REG_DS] = registers[REG_ES] = 0xFFFF)
FORGE(forge_thread_segments, registers[REG_FS] = registers[REG_GS] = SELECTOR_CORE_DATA)
FORGE(forge_flags, registers[REG_EFL] = FLAG_ALL)
FORGE(forge_io_level, registers[REG_EFL] |= FLAG_IO_LEVEL)
FORGE(forge_interrupts_off, registers[REG_EFL] &= ~FLAG_INTERRUPT)
FORGE(forge_nested_task, registers[REG_EFL] |= FLAG_NESTED)
FORGE(forge_virtual_8086, registers[REG_EFL] |= FLAG_VIRTUAL)
FORGE(forge_instruction_at_fence, registers[REG_EIP] = (greg_t)APP_LIMIT)
FORGE(forge_instruction_in_core, registers[REG_EIP] = (greg_t)CORE_BASE)
FORGE(forge_stack_in_manager, registers[REG_ESP] = (greg_t)MANAGER_STACK)
FORGE(forge_fpu_address, context->uc_mcontext.fpregs = (fpregset_t)MANAGER_STACK)
#undef FORGE

/* MXCSR with reserved bits makes FXRSTOR fault; it lies behind the x87 part, as Linux has it. */
static void change_fpu_state(ucontext_t *context) {
    uint32_t *state = (uint32_t *)context->uc_mcontext.fpregs;
    memset(state + 28, 0xFF, 512);
}
static void forge_fpu_state(void) {
    forge(change_fpu_state);
}

/* The manager's data segment: in ring 2, where the way back loads it, it is a good one. */
static uint32_t read_by_own_ds(void) {
    uint32_t ds;
    __asm__("movl %%ds, %0" : "=r"(ds));
    return ds & 0xFFFF;
}

static void change_to_manager_data(ucontext_t *context) {
    context->uc_mcontext.gregs[REG_ES] = SELECTOR_MANAGER_DATA;
    context->uc_mcontext.gregs[REG_FS] = SELECTOR_MANAGER_DATA;
}

static void forge_manager_data(void) {
    uint32_t es, fs;
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    forgery = change_to_manager_data;
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    __asm__ volatile("movl %%es, %0\n\t"
                     "movl %%fs, %1\n\t"
                     "pushl %%ds\n\t"
                     "popl %%es"
                     : "=r"(es), "=r"(fs));
    if ((es & 0xFFFC) == (SELECTOR_MANAGER_DATA & 0xFFFC) ||
        (fs & 0xFFFC) == (SELECTOR_MANAGER_DATA & 0xFFFC))
        escaped("ES is %x, FS is %x", es, fs);
    refused("ES is %x, FS is %x, DS is %x", es, fs, read_by_own_ds());
}

/* A frame where the manager itself keeps its secrets: what lies there would be the app's registers. */
static void return_from(uint32_t stack, int call) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        for (int signal = SIGHUP; signal < SIGSYS; signal++)
            sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, 0);
        __asm__ volatile("movl %0, %%esp\n\t"
                         "int $0x80"
                         :
                         : "r"(stack), "a"(call)
                         : "memory");
        __builtin_unreachable();
    }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    if (WIFSIGNALED(status))
        refused("signal %d ended the forger", WTERMSIG(status));
    escaped("status %x", status);
}

static void return_from_manager_stack(void) {
    return_from(MANAGER_STACK, SYS_sigreturn);
}

static void return_from_core(void) {
    return_from(CORE_BASE + 0x500, SYS_rt_sigreturn);
}

static void return_across_fence(void) {
    return_from(APP_LIMIT - 64, SYS_rt_sigreturn);
}

/* The handler itself lies past the fence, or its stack does. */
static void handle_in_manager(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        sigaction(SIGUSR1, &(struct sigaction){.sa_handler = (void (*)(int))MANAGER_BASE}, 0);
        sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, 0);
        raise(SIGUSR1);
        _exit(0);
    }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    if (WIFSIGNALED(status))
        refused("signal %d ended the forger", WTERMSIG(status));
    escaped("status %x", status);
}

static void handle_on_manager_stack(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        const stack_t stack = {.ss_sp = (void *)(MANAGER_MAPPINGS_LIMIT - 0x2000),
                               .ss_size = 0x2000};
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigaltstack(&stack, 0);
        sigaction(SIGUSR1, &action, 0);
        sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, 0);
        forgery = change_to_manager_data;
        raise(SIGUSR1);
        _exit(0);
    }
    if (waitpid(child, &status, 0) != child)
        refused("no child");
    if (WIFSIGNALED(status))
        refused("signal %d ended the forger", WTERMSIG(status));
    escaped("status %x", status);
}

const struct attack forge_attacks[] = {
    {"forge-manager-code", forge_manager_code},
    {"forge-core-code", forge_core_code},
    {"forge-gate-as-code", forge_gate_as_code},
    {"forge-code-level", forge_code_level},
    {"forge-manager-stack", forge_manager_stack},
    {"forge-core-stack", forge_core_stack},
    {"forge-null-stack", forge_null_stack},
    {"forge-code-as-stack", forge_code_as_stack},
    {"forge-stack-level", forge_stack_level},
    {"forge-data", forge_data},
    {"forge-data-past-ldt", forge_data_past_ldt},
    {"forge-manager-data", forge_manager_data},
    {"forge-thread-segments", forge_thread_segments},
    {"forge-flags", forge_flags},
    {"forge-io-level", forge_io_level},
    {"forge-interrupts-off", forge_interrupts_off},
    {"forge-nested-task", forge_nested_task},
    {"forge-virtual-8086", forge_virtual_8086},
    {"forge-instruction-at-fence", forge_instruction_at_fence},
    {"forge-instruction-in-core", forge_instruction_in_core},
    {"forge-stack-in-manager", forge_stack_in_manager},
    {"forge-fpu-address", forge_fpu_address},
    {"forge-fpu-state", forge_fpu_state},
    {"return-from-manager-stack", return_from_manager_stack},
    {"return-from-core", return_from_core},
    {"return-across-fence", return_across_fence},
    {"handle-in-manager", handle_in_manager},
    {"handle-on-manager-stack", handle_on_manager_stack},
    {0, 0},
};
