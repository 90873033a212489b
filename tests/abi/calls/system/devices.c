// SPDX-License-Identifier: MIT
// Calls: open, read
/* The devices that are everywhere. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[8] = "xxxxxxx";
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR),
        full = open("/dev/full", O_RDWR);
    int random = open("/dev/urandom", O_RDONLY);
    SHOW(read(null, bytes, 8));
    SHOW(write(null, bytes, 8));
    SHOW(read(zero, bytes, 8));
    SHOW(bytes[0]);
    SHOW(read(full, bytes, 8));
    SHOW(write(full, bytes, 8));
    SHOW(read(random, bytes, 8));
    SHOW(lseek(null, 100, SEEK_SET));
    SHOW(open("/dev/tty", O_RDWR));
    return 0;
}
