// SPDX-License-Identifier: MIT
// Calls: poll
/* The other side is gone: the reader's and the writer's sight of it. */
#include "tests/abi/calls/show.h"

#include <poll.h>

int main(void) {
    int one[2], other[2];
    pipe(one);
    pipe(other);
    close(one[1]);
    close(other[0]);
    struct pollfd looks[] = {{one[0], POLLIN, 0}, {other[1], POLLOUT, 0}, {one[0], 0, 0}};
    SHOW(poll(looks, 3, 0));
    printf("%x %x %x\n", looks[0].revents, looks[1].revents, looks[2].revents);
    return 0;
}
