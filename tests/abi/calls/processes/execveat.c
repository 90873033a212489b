// SPDX-License-Identifier: MIT
// Calls: execveat
/* A program by its descriptor, and by a name in a folder. */
#include "tests/abi/calls/show.h"

extern char **environ;

int main(int count, char **words) {
    if (count > 1) {
        printf("%s\n", words[1]);
        return 0;
    }
    int self = open("/proc/self/exe", O_RDONLY), folder = open("/proc/self", O_RDONLY);
    pid_t child = fork();
    if (child == 0) {
        SHOW(syscall(SYS_execveat, self, "", (char *[]){"x", "by descriptor", NULL}, environ,
                     AT_EMPTY_PATH));
        _exit(1);
    }
    SHOW_END(child);
    SHOW(syscall(SYS_execveat, self, "", (char *[]){"x", "y", NULL}, environ, 0));
    SHOW(syscall(SYS_execveat, folder, "exe", (char *[]){"x", "y", NULL}, environ,
                 AT_SYMLINK_NOFOLLOW));
    SHOW(syscall(SYS_execveat, folder, "exe", (char *[]){"x", "by name", NULL}, environ, 0));
    return 1;
}
