// SPDX-License-Identifier: MIT
// Calls: readv
/* One read fills several places in turn. */
#include "tests/abi/calls/show.h"

#include <limits.h>
#include <sys/uio.h>

int main(void) {
    char one[3] = "", two[5] = "";
    struct iovec places[] = {{one, 2}, {NULL, 0}, {two, 4}}, bad[] = {{one, 2}, {nowhere, 4}};
    struct iovec huge[] = {{one, 2}, {two, SIZE_MAX}};
    int file = file_of("file", "0123456789");
    SHOW(readv(file, places, 3));
    printf("%s %s\n", one, two);
    SHOW(readv(file, places, 0));
    SHOW(readv(file, places, -1));
    SHOW(readv(file, places, IOV_MAX + 1));
    SHOW(readv(file, huge, 2));
    SHOW(readv(file, nowhere, 2));
    SHOW(readv(file, bad, 2));
    return 0;
}
