// SPDX-License-Identifier: MIT
// Calls: ioctl, read
/* The other side is closed. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[40], byte;
    int unlock = 0, number, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    int slave = SHOW(open(path, O_RDWR | O_NOCTTY));
    close(slave);
    SHOW(read(master, &byte, 1));
    slave = open(path, O_RDWR | O_NOCTTY);
    close(master);
    SHOW(read(slave, &byte, 1));
    SHOW(write(slave, "x", 1));
    SHOW(open(path, O_RDWR | O_NOCTTY));
    return 0;
}
