// SPDX-License-Identifier: MIT
// Calls: flock
/* A whole file is locked by an open file, not by a process. */
#include "tests/abi/calls/show.h"

#include <sys/file.h>

int main(void) {
    int one = file_of("file", ""), other = open("file", O_RDONLY), same = dup(one);
    SHOW(flock(one, LOCK_EX));
    SHOW(flock(other, LOCK_SH | LOCK_NB));
    SHOW(flock(same, LOCK_SH | LOCK_NB));
    SHOW(flock(other, LOCK_SH | LOCK_NB));
    SHOW(flock(other, LOCK_EX | LOCK_NB));
    close(one);
    SHOW(flock(other, LOCK_EX | LOCK_NB));
    SHOW(flock(same, LOCK_UN));
    SHOW(flock(other, LOCK_EX | LOCK_NB));
    SHOW(flock(other, 0));
    SHOW(flock(99, LOCK_EX));
    return 0;
}
