// SPDX-License-Identifier: MIT
// Calls: prlimit64 (getrlimit setrlimit)
/* Limits are set below their bound; who is not root does not raise that. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    struct rlimit limit;
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){100, 200}));
    SHOW(getrlimit(RLIMIT_NOFILE, &limit));
    printf("%llu %llu\n", (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){201, 200}));
    SHOW(getrlimit(99, &limit));
    setuid(1000);
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){100, 400}));
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){10, 10}));
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){10, 11}));
    return 0;
}
