// SPDX-License-Identifier: MIT
/*
 * The stack of an attempt, from below:
 *
 *      second, first              arguments of the function
 *      EDI ESI EBX EBP            <- attempt_stack, ESP again when it is over
 *      return address, function, first, second
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attempt.h"

#include <signal.h>
#include <ucontext.h>

#include "kernel/abi/selector.h"

uint32_t attempt_stack; /* 0: none is under way; known to assembly */
extern const char attempt_end[];
static uint32_t own_gs, own_fs;

__attribute__((naked)) uint32_t attempt(attempt_function *function, uint32_t first,
                                        uint32_t second) {
    (void)function;
    (void)first;
    (void)second;
    __asm__("pushl %ebp\n\t"
            "pushl %ebx\n\t"
            "pushl %esi\n\t"
            "pushl %edi\n\t"
            "movl %esp, attempt_stack\n\t"
            "pushl 28(%esp)\n\t"
            "pushl 28(%esp)\n\t"
            "call *28(%esp)\n\t"
            "addl $8, %esp\n\t"
            "xorl %eax, %eax\n"
            ".globl attempt_end\n"
            "attempt_end:\n\t"
            "movl $0, attempt_stack\n\t"
            "popl %edi\n\t"
            "popl %esi\n\t"
            "popl %ebx\n\t"
            "popl %ebp\n\t"
            "ret");
}

void attempt_prepare(void) {
    __asm__("movl %%gs, %0\n\t"
            "movl %%fs, %1"
            : "=r"(own_gs), "=r"(own_fs));
}

bool attempt_is_over(void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    __asm__ volatile("movl %0, %%gs" : : "r"(own_gs)); /* the C library's, for all that follows */
    if (attempt_stack == 0)
        return false;
    registers[REG_EAX] = (greg_t)FAULT((uint32_t)registers[REG_TRAPNO]);
    registers[REG_EIP] = (greg_t)attempt_end;
    registers[REG_ESP] = (greg_t)attempt_stack;
    registers[REG_EFL] &= ~0x40500; /* AC, DF, TF */
    registers[REG_CS] = SELECTOR_APP_CODE;
    registers[REG_SS] = registers[REG_DS] = registers[REG_ES] = SELECTOR_APP_DATA;
    registers[REG_GS] = (greg_t)own_gs;
    registers[REG_FS] = (greg_t)own_fs;
    return true;
}
