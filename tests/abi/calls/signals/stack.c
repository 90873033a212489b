// SPDX-License-Identifier: MIT
// Calls: sigaltstack
/* A handler on a stack of its own, also when the other one is used up. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

static char stack[16384];

static void handle(int signal) {
    char here;
    stack_t now;
    sigaltstack(NULL, &now);
    printf("signal %d, on the stack: %d, flags %d\n", signal,
           &here >= stack && &here < stack + sizeof stack, now.ss_flags);
    SHOW(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL));
    _exit(3);
}

static int deep(int pages) {
    volatile char page[4096] = {1};
    return pages == 0 ? page[0] : deep(pages - 1) + page[0];
}

int main(void) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    SHOW(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = 100}, NULL));
    SHOW(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 77}, NULL));
    SHOW(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL));
    sigaction(SIGSEGV, &action, NULL);
    setrlimit(RLIMIT_STACK, &(struct rlimit){256 << 10, RLIM_INFINITY});
    return deep(1000);
}
