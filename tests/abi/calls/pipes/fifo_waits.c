// SPDX-License-Identifier: MIT
// Calls: open
/* Reader and writer wait for each other. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[10] = "";
    mkfifo("fifo", 0600);
    pid_t child = fork();
    if (child == 0) {
        sleep_ms(30);
        int writer = open("fifo", O_WRONLY);
        _exit(write(writer, "text", 4) != 4);
    }
    int reader = SHOW(open("fifo", O_RDONLY));
    SHOW(read(reader, bytes, sizeof bytes));
    SHOW(read(reader, bytes, sizeof bytes));
    SHOW_END(child);
    return 0;
}
