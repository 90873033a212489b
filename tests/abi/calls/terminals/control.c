// SPDX-License-Identifier: MIT
// Calls: ioctl, setsid
/* A session's leader gets a terminal, and ^C is for the group in front. */
#include "tests/abi/calls/show.h"

#include <termios.h>

int main(void) {
    char path[40];
    int unlock = 0, number, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    pid_t child = fork();
    if (child == 0) {
        SHOW(open("/dev/tty", O_RDWR));
        SHOW_OK(setsid());
        int slave = open(path, O_RDWR | O_NOCTTY);
        SHOW(open("/dev/tty", O_RDWR));
        SHOW(ioctl(slave, TIOCSCTTY, 0));
        SHOW(open("/dev/tty", O_RDWR) >= 0);
        SHOW(tcgetpgrp(slave) == getpgrp());
        SHOW(tcgetsid(slave) == getpid());
        write(master, "\3", 1);
        sleep_ms(500);
        _exit(1);
    }
    SHOW_END(child);
    SHOW(tcgetpgrp(0));
    return 0;
}
