// SPDX-License-Identifier: MIT
// Calls: close
/* A descriptor is closed once, and the lowest free number comes next. */
#include "tests/abi/calls/show.h"

int main(void) {
    int first = dup(0), second = dup(0);
    printf("%d %d\n", first, second);
    SHOW(close(first));
    SHOW(close(first));
    SHOW(close(-1));
    SHOW(close(100000));
    SHOW(dup(second));
    return 0;
}
