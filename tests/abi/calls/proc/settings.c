// SPDX-License-Identifier: MIT
// Calls: open, write
/* Settings in /proc/sys: root may write what the host name is; others may not. */
#include "tests/abi/calls/proc/put.h"

#include <sys/utsname.h>

static void show_names(void) {
    struct utsname names;
    uname(&names);
    printf("%s, %s\n", names.nodename, names.domainname);
}

int main(void) {
    SHOW(put("/proc/sys/kernel/hostname", "elsewhere\n"));
    SHOW(put("/proc/sys/kernel/domainname", "example.org\nand more"));
    show_names();
    SHOW(put("/proc/sys/kernel/hostname",
             "a name of seventy bytes, which is more than there is room for: it is cut"));
    show_names();
    SHOW(put("/proc/sys/kernel/osrelease", "x"));
    SHOW(put("/proc/sys/net/core/somaxconn", "100\n"));
    SHOW(put("/proc/sys/net/core/somaxconn", "-1"));
    SHOW(put("/proc/sys/net/core/somaxconn", "many"));
    int file = open("/proc/sys/net/core/somaxconn", O_RDONLY);
    show_text(file);
    SHOW(put("/proc/sys/vm/overcommit_memory", "3"));
    SHOW(setuid(1000));
    SHOW(put("/proc/sys/kernel/hostname", "nowhere"));
    SHOW(put("/proc/sys/vm/overcommit_memory", "2"));
    show_names();
    return 0;
}
