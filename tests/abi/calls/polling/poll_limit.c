// SPDX-License-Identifier: MIT
// Calls: poll, prlimit64 (setrlimit)
/* No more places than there may be descriptors. */
#include "tests/abi/calls/show.h"

#include <poll.h>
#include <sys/resource.h>

int main(void) {
    static struct pollfd looks[20];
    for (int i = 0; i < 20; i++)
        looks[i].fd = -1;
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){10, 10});
    SHOW(poll(looks, 10, 0));
    SHOW(poll(looks, 20, 0));
    SHOW(poll(looks, -1, 0));
    return 0;
}
