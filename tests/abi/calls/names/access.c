// SPDX-License-Identifier: MIT
// Calls: access
/* The real user is asked for, not the effective one; root may run what anybody may run. */
#include "tests/abi/calls/show.h"

int main(void) {
    file_of("file", "text");
    chmod("file", 0640);
    SHOW(access("file", R_OK | W_OK));
    SHOW(access("file", X_OK));
    SHOW(access("nothing", F_OK));
    SHOW(access("file", 8));
    setresuid(1000, 0, 0);
    SHOW(access("file", R_OK));
    SHOW(open("file", O_RDONLY) >= 0);
    SHOW(access(nowhere, R_OK));
    return 0;
}
