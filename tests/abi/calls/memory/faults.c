// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* What a bad access is called, and where it was. */
#include "tests/abi/calls/show.h"

#include <setjmp.h>
#include <sys/mman.h>

static sigjmp_buf back;
static siginfo_t told;

static void note(int signal, siginfo_t *information, void *context) {
    (void)signal, (void)context;
    told = *information;
    siglongjmp(back, 1);
}

static void touch(const char *what, volatile char *address) {
    if (sigsetjmp(back, 1) == 0)
        *address = 1;
    else
        printf("%s: signal %d, code %d, address is told: %d\n", what, told.si_signo, told.si_code,
               told.si_addr == address);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    SHOW(sigaction(SIGSEGV, &action, NULL));
    sigaction(SIGBUS, &action, NULL);
    touch("nothing there", nowhere);
    touch("the kernel's", (char *)0xfffff000);
    touch("read-only", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    touch("beyond the file",
          mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file_of("file", ""), 0));
    return 0;
}
