// SPDX-License-Identifier: MIT
// Calls: preadv, pwritev
/* Several places, elsewhere in the file. */
#include "tests/abi/calls/show.h"

#include <sys/uio.h>

int main(void) {
    char one[3] = "", two[5] = "";
    struct iovec in[] = {{one, 2}, {two, 4}}, out[] = {{"ab", 2}, {"cd", 2}};
    int file = file_of("file", "0123456789");
    SHOW(pwritev(file, out, 2, 3));
    SHOW(preadv(file, in, 2, 2));
    printf("%s %s\n", one, two);
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(preadv(file, in, 2, -1));
    SHOW(pwritev(file, out, 2, -1));
    return 0;
}
