// SPDX-License-Identifier: MIT
// Calls: open, write
/* Texts of /proc that are written to: a thread's name, and what decides whom a shortage of memory ends. */
#include "tests/abi/calls/proc/put.h"

#include <sys/prctl.h>

static void show(const char *path) {
    int file = open(path, O_RDONLY);
    printf("%s: ", path);
    show_text(file);
    close(file);
}

static void show_names(void) {
    char name[16], path[40];
    SHOW(put("/proc/self/comm", "a name that is longer than sixteen"));
    show("/proc/self/comm");
    SHOW(put("/proc/thread-self/comm", "short"));
    show("/proc/self/comm");
    SHOW(put("/proc/self/comm", ""));
    SHOW(prctl(PR_GET_NAME, name));
    printf("[%s]\n", name);
    snprintf(path, sizeof path, "/proc/%d/comm", getppid());
    SHOW(put(path, "another's"));
}

static void show_adjustments(void) {
    show("/proc/self/oom_score_adj");
    show("/proc/self/oom_adj");
    show("/proc/self/coredump_filter");
    SHOW(put("/proc/self/oom_score_adj", "500\n"));
    SHOW(put("/proc/self/oom_score_adj", " 0x1f4 "));
    show("/proc/self/oom_score_adj");
    show("/proc/self/oom_adj");
    SHOW(put("/proc/self/oom_score_adj", "1001"));
    SHOW(put("/proc/self/oom_score_adj", "-1001"));
    SHOW(put("/proc/self/oom_score_adj", "12a"));
    SHOW(put("/proc/self/oom_score_adj", ""));
    SHOW(put("/proc/self/oom_score_adj", "99999999999"));
    SHOW(put("/proc/self/oom_adj", "15"));
    show("/proc/self/oom_score_adj");
    show("/proc/self/oom_adj");
    SHOW(put("/proc/self/oom_adj", "-18"));
    SHOW(put("/proc/self/oom_adj", "16"));
    SHOW(put("/proc/self/coredump_filter", "0x7f\n"));
    SHOW(put("/proc/self/coredump_filter", "-1"));
    show("/proc/self/coredump_filter");
}

/* Children have what their parent had; who is not root may become no less likely a victim than once. */
static void show_children(void) {
    pid_t child = fork();
    if (child == 0) {
        show("/proc/self/coredump_filter");
        show("/proc/self/oom_score_adj");
        SHOW(setuid(1000));
        SHOW(prctl(PR_SET_DUMPABLE, 1)); /* or all of this were root's */
        SHOW(put("/proc/self/oom_score_adj", "1000"));
        SHOW(put("/proc/self/oom_adj", "14"));
        SHOW(put("/proc/self/oom_score_adj", "-1"));
        show("/proc/self/oom_score_adj");
        _exit(0);
    }
    SHOW_END(child);
}

int main(void) {
    show_names();
    show_adjustments();
    show_children();
    SHOW(put("/proc/self/stat", "x"));
    SHOW(put("/proc/meminfo", "x"));
    SHOW(put("/proc/self/environ", "x"));
    return 0;
}
