// SPDX-License-Identifier: MIT
// Calls: ioctl
/* Without ICANON bytes come at once; VMIN and VTIME say when. */
#include "tests/abi/calls/show.h"

#include <termios.h>

int main(void) {
    struct termios raw;
    char text[20] = "", path[40];
    int unlock = 0, number, waiting, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    int slave = open(path, O_RDWR | O_NOCTTY);
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 1;
    SHOW(tcsetattr(slave, TCSANOW, &raw));
    SHOW(read(slave, text, sizeof text));
    write(master, "ab\n\177", 4);
    sleep_ms(50); /* it arrives a little later */
    SHOW(ioctl(slave, FIONREAD, &waiting));
    SHOW(waiting);
    SHOW(read(slave, text, sizeof text));
    raw.c_cc[VMIN] = 3;
    SHOW(tcsetattr(slave, TCSANOW, &raw));
    write(master, "abcde", 5);
    SHOW(read(slave, text, 4));
    SHOW(read(slave, text, 0));
    return 0;
}
