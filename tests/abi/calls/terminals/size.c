// SPDX-License-Identifier: MIT
// Calls: ioctl
/* A window's size, and the signal that it has changed. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    struct winsize size = {1, 1, 1, 1}, told = {0};
    char path[40];
    int unlock = 0, number, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    SHOW(ioctl(master, TIOCGWINSZ, &size));
    printf("%u %u\n", size.ws_row, size.ws_col);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGWINCH, handle);
        setsid();
        int slave = open(path, O_RDWR);
        size.ws_row = 40, size.ws_col = 90;
        SHOW(ioctl(master, TIOCSWINSZ, &size));
        SHOW(ioctl(slave, TIOCGWINSZ, &told));
        printf("%u %u\n", told.ws_row, told.ws_col);
        _exit(0);
    }
    SHOW_END(child);
    return 0;
}
