// SPDX-License-Identifier: MIT
// Calls: open
/* A named pipe: who opens it waits for the other side, or is told. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[10] = "";
    mkfifo("fifo", 0600);
    SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
    int reader = SHOW(open("fifo", O_RDONLY | O_NONBLOCK));
    SHOW(read(reader, bytes, 1));
    int writer = SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
    SHOW(read(reader, bytes, 1));
    SHOW(write(writer, "text", 4));
    SHOW(read(reader, bytes, sizeof bytes));
    close(writer);
    SHOW(read(reader, bytes, 1));
    SHOW(open("fifo", O_RDWR) >= 0);
    return 0;
}
