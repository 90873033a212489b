// SPDX-License-Identifier: MIT
// Calls: ioctl
/* The settings that a terminal starts with. */
#include "tests/abi/calls/show.h"

#include <termios.h>

int main(void) {
    struct termios told = {0};
    int unlock = 0, number, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    SHOW(tcgetattr(master, &told));
    printf("%o %o %o %o\n", told.c_iflag, told.c_oflag, told.c_cflag, told.c_lflag);
    for (int i = 0; i < 17; i++)
        printf("%d ", told.c_cc[i]);
    puts("");
    told.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    told.c_cc[VMIN] = 0;
    SHOW(tcsetattr(master, TCSANOW, &told));
    SHOW(tcgetattr(0, &told));
    SHOW(isatty(master));
    return 0;
}
