// SPDX-License-Identifier: MIT
// Calls: fadvise64_64
/* Advice is taken, if it is any. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "text"), end[2];
    pipe(end);
    for (int advice = -1; advice < 8; advice++)
        SHOW(posix_fadvise(file, 0, 0, advice));
    SHOW(posix_fadvise(file, 0, -1, POSIX_FADV_NORMAL));
    SHOW(posix_fadvise(end[0], 0, 0, POSIX_FADV_NORMAL));
    SHOW(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL));
    return 0;
}
