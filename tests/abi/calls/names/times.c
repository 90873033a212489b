// SPDX-License-Identifier: MIT
// Calls: utimensat (futimesat utimes), statx (stat64)
/* Times are set, left alone, or taken from the clock. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    file_of("file", "text");
    struct timespec times[2] = {{1000, 5}, {2000, 6}};
    SHOW(utimensat(AT_FDCWD, "file", times, 0));
    SHOW(stat("file", &status));
    printf("%lld.%09ld %lld.%09ld\n", (long long)status.st_atim.tv_sec, status.st_atim.tv_nsec,
           (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    times[0].tv_nsec = UTIME_OMIT, times[1].tv_nsec = UTIME_NOW;
    SHOW(utimensat(AT_FDCWD, "file", times, 0));
    stat("file", &status);
    SHOW(status.st_atim.tv_sec);
    SHOW(status.st_mtim.tv_sec > 2000);
    times[0].tv_nsec = 2000000000;
    SHOW(utimensat(AT_FDCWD, "file", times, 0));
    SHOW(utimensat(AT_FDCWD, "nothing", NULL, 0));
    SHOW(utimensat(AT_FDCWD, "file", NULL, 1));
    return 0;
}
