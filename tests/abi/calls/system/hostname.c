// SPDX-License-Identifier: MIT
// Calls: sethostname, setdomainname
/* Names that root gives. */
#include "tests/abi/calls/show.h"

#include <sys/utsname.h>

int main(void) {
    struct utsname name = {0}, old;
    uname(&old);
    SHOW(sethostname("box", 3));
    SHOW(setdomainname("home", 4));
    uname(&name);
    printf("%s %s\n", name.nodename, name.domainname);
    SHOW(sethostname("x", 65));
    SHOW(sethostname("x", -1));
    SHOW(sethostname(nowhere, 3));
    sethostname(old.nodename, strlen(old.nodename));
    setdomainname(old.domainname, strlen(old.domainname));
    setuid(1000);
    SHOW(sethostname("x", 1));
    return 0;
}
