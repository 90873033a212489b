// SPDX-License-Identifier: MIT
// Calls: getrandom
/* Random bytes, with flags that are known. */
#include "tests/abi/calls/show.h"

#include <sys/random.h>

int main(void) {
    unsigned char one[16] = {0}, other[16] = {0};
    SHOW(getrandom(one, sizeof one, 0));
    SHOW(getrandom(other, sizeof other, GRND_NONBLOCK));
    SHOW(memcmp(one, other, sizeof one) != 0);
    SHOW(getrandom(one, 0, 0));
    SHOW(getrandom(one, 1, 64));
    SHOW(getrandom(nowhere, 4, 0));
    return 0;
}
