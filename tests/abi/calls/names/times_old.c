// SPDX-License-Identifier: MIT
// Calls: utime, utimes, futimesat
/* The calls with seconds and with microseconds. */
#include "tests/abi/calls/show.h"

#include <sys/time.h>

int main(void) {
    struct stat status;
    struct {
        int seconds, microseconds;
    } times[2] = {{3000, 7}, {4000, 8}};
    file_of("file", "text");
    SHOW(syscall(SYS_utime, "file", (int[]){1000, 2000}));
    stat("file", &status);
    printf("%lld %lld\n", (long long)status.st_atime, (long long)status.st_mtime);
    SHOW(syscall(SYS_utimes, "file", times));
    stat("file", &status);
    printf("%lld %ld\n", (long long)status.st_mtime, status.st_mtim.tv_nsec);
    times[1].microseconds = 1000000;
    SHOW(syscall(SYS_utimes, "file", times));
    times[1].microseconds = 9;
    SHOW(syscall(SYS_futimesat, AT_FDCWD, "file", times));
    stat("file", &status);
    SHOW(status.st_mtim.tv_nsec);
    return 0;
}
