// SPDX-License-Identifier: MIT
// Calls: ioctl
/* Who is not in front is stopped when it reads. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[40], byte;
    int unlock = 0, number, status, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    ioctl(master, TIOCSPTLCK, &unlock);
    ioctl(master, TIOCGPTN, &number);
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    pid_t leader = fork();
    if (leader == 0) {
        setsid();
        int slave = open(path, O_RDWR);
        pid_t child = fork();
        if (child == 0) {
            setpgid(0, 0);
            _exit(read(slave, &byte, 1) == 1);
        }
        setpgid(child, child);
        SHOW(waitpid(child, &status, WUNTRACED) == child);
        show_status("child", status);
        SHOW(tcsetpgrp(slave, child));
        write(master, "\n", 1);
        kill(child, SIGCONT);
        SHOW_END(child);
        _exit(0);
    }
    SHOW_END(leader);
    return 0;
}
