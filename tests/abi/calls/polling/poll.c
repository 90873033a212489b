// SPDX-License-Identifier: MIT
// Calls: poll
/* What is ready on files, pipes, and what is none. */
#include "tests/abi/calls/show.h"

#include <poll.h>

int main(void) {
    int end[2];
    pipe(end);
    int file = file_of("file", "text");
    struct pollfd looks[] = {{end[0], POLLIN, 0},
                             {end[1], POLLOUT, 0},
                             {file, POLLIN | POLLOUT, 0},
                             {99, POLLIN, 0},
                             {-1, POLLIN, 0}};
    SHOW(poll(looks, 5, 0));
    for (int i = 0; i < 5; i++)
        printf("%d: %x\n", i, looks[i].revents);
    write(end[1], "x", 1);
    close(end[1]);
    SHOW(poll(looks, 1, -1));
    SHOW(looks[0].revents);
    SHOW(poll(looks, 0, 10));
    SHOW(poll(nowhere, 1, 0));
    return 0;
}
