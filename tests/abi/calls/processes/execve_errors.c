// SPDX-License-Identifier: MIT
// Calls: execve
/* What cannot be run. */
#include "tests/abi/calls/show.h"

static long run(const char *path) {
    return execve(path, (char *[]){"x", NULL}, (char *[]){NULL});
}

int main(void) {
    close(file_of("text", "just text\n"));
    close(file_of("script", "#!/nowhere/at/all\n"));
    close(file_of("elf", "\177ELF and nothing else"));
    SHOW(run("nothing"));
    SHOW(run("text"));
    SHOW(run("."));
    chmod("text", 0755);
    chmod("script", 0755);
    chmod("elf", 0755);
    SHOW(run("text"));
    SHOW(run("script"));
    SHOW(run("elf"));
    SHOW(run(""));
    SHOW(run("text/below"));
    SHOW(execve("/proc/self/exe", nowhere, NULL));
    SHOW(execve("/proc/self/exe", (char *[]){nowhere, NULL}, NULL));
    return 0;
}
