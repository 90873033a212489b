// SPDX-License-Identifier: MIT
// Calls: open
/* Texts about the machine, which have the lines that programs look for. */
#include "tests/abi/calls/show.h"

static void look(const char *path, const char *start) {
    char line[400];
    int found = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        found |= strncmp(line, start, strlen(start)) == 0;
    printf("%s, %s: %s\n", path, start, file ? found ? "there" : "no such line" : strerror(errno));
}

int main(void) {
    look("/proc/meminfo", "MemTotal:");
    look("/proc/meminfo", "MemFree:");
    look("/proc/meminfo", "MemAvailable:");
    look("/proc/meminfo", "SwapTotal:");
    look("/proc/stat", "cpu ");
    look("/proc/stat", "btime ");
    look("/proc/stat", "processes ");
    look("/proc/uptime", "");
    look("/proc/loadavg", "");
    look("/proc/version", "Linux version ");
    look("/proc/cpuinfo", "processor");
    look("/proc/filesystems", "nodev\ttmpfs");
    look("/proc/mounts", "");
    look("/proc/self/mounts", "proc ");
    look("/proc/self/limits", "Max open files");
    look("/proc/self/environ", "");
    look("/proc/self/statm", "");
    look("/proc/self/smaps", "Rss:");
    look("/proc/sys/kernel/hostname", "");
    look("/proc/sys/kernel/ostype", "Linux");
    look("/proc/sys/kernel/osrelease", "");
    look("/proc/sys/kernel/pid_max", "");
    look("/proc/sys/kernel/random/uuid", "");
    look("/proc/sys/vm/overcommit_memory", "");
    look("/proc/sys/fs/file-max", "");
    look("/proc/sys/net/core/somaxconn", "");
    look("/proc/net/dev", "");
    look("/proc/net/tcp", "");
    look("/proc/net/unix", "");
    look("/proc/net/route", "Iface");
    return 0;
}
