// SPDX-License-Identifier: MIT
// Calls: ioctl, open
/* A pair: what is typed is echoed, edited, and read by lines. */
#include "tests/abi/calls/show.h"

int main(void) {
    char text[100] = "", path[40];
    int number = -1, unlock = 0, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    SHOW(ioctl(master, TIOCGPTN, &number));
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    SHOW(open(path, O_RDWR | O_NOCTTY));
    SHOW(ioctl(master, TIOCSPTLCK, &unlock));
    int slave = open(path, O_RDWR | O_NOCTTY);
    SHOW(write(master, "heX\177llo\n", 8));
    SHOW(read(slave, text, sizeof text));
    printf("%.*s", 6, text);
    memset(text, 0, sizeof text);
    SHOW(read(master, text, sizeof text));
    for (char *byte = text; *byte; byte++)
        printf("%02x ", (unsigned char)*byte);
    puts("");
    SHOW(write(slave, "out\n", 4));
    SHOW(read(master, text, sizeof text));
    return 0;
}
