// SPDX-License-Identifier: MIT
// Calls: open, mkdir
/* Names of up to 255 bytes, paths of up to 4095. */
#include "tests/abi/calls/show.h"

int main(void) {
    static char name[300], path[5000];
    memset(name, 'n', 255);
    SHOW(mkdir(name, 0755));
    name[255] = 'n';
    SHOW(mkdir(name, 0755));
    for (int i = 0; i < 4096; i += 2)
        memcpy(path + i, "./", 2);
    SHOW(open(path, O_RDONLY));
    path[4095] = 0;
    SHOW(open(path, O_RDONLY) >= 0);
    return 0;
}
