// SPDX-License-Identifier: MIT
/*
 * attack NAME: does it, and says how it went. An exception comes as a signal; its frame holds the
 * vector, the error code and the address, and the handler says them in the core's own words.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"
#include "tests/escape/ring3/attempt.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#define ALTERNATE_BYTES 16384
#define PAGE_FAULT      14
#define ERROR_WRITE     2
#define ERROR_FETCH     16

static _Noreturn void end(const char *verdict, const char *format, va_list arguments) {
    printf("%s: ", verdict);
    vprintf(format, arguments);
    putchar('\n');
    fflush(stdout);
    _exit(0);
}

_Noreturn void escaped(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end("escaped", format, arguments);
}

_Noreturn void refused(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end("refused", format, arguments);
}

static const char *exception_name(int vector) {
    static const char *const names[] = {
        [1] = "#DB",  [3] = "#BP",  [6] = "#UD",  [7] = "#NM",  [10] = "#TS",
        [11] = "#NP", [12] = "#SS", [13] = "#GP", [14] = "#PF", [17] = "#AC"};
    int known = vector >= 0 && vector < (int)(sizeof names / sizeof names[0]);
    return known && names[vector] ? names[vector] : "exception";
}

static void on_signal(int number, siginfo_t *information, void *context) {
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (attempt_is_over(context))
        return;
    int vector = registers[REG_TRAPNO], error = registers[REG_ERR];
    (void)number;
    printf("ring %u: %s at %04x:%08x", registers[REG_CS] & 3, exception_name(vector),
           registers[REG_CS], registers[REG_EIP]);
    if (vector == PAGE_FAULT)
        printf(", %s %08x",
               error & ERROR_FETCH   ? "fetching"
               : error & ERROR_WRITE ? "writing"
                                     : "reading",
               (unsigned)(uintptr_t)information->si_addr);
    printf(" (error %x)\n", error);
    fflush(stdout);
    _exit(0);
}

static void catch_signals(void) {
    static char stack[ALTERNATE_BYTES];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    for (unsigned i = 0; i < 4; i++)
        sigaction((const int[]){SIGSEGV, SIGBUS, SIGILL, SIGTRAP}[i], &action, NULL);
}

int main(int count, char **words) {
    const struct attack *tables[] = {memory_attacks,      access_attacks, processor_attacks,
                                     instruction_attacks, sweep_attacks,  forge_attacks,
                                     argument_attacks,    flood_attacks,  race_attacks};
    attempt_prepare();
    catch_signals();
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0] && count > 1; i++)
        for (const struct attack *attack = tables[i]; attack->name; attack++)
            if (strcmp(attack->name, words[1]) == 0) {
                attack->run();
                escaped("nothing stopped it");
            }
    escaped("there is no such attack");
}
