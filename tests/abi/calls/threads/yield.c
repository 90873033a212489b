// SPDX-License-Identifier: MIT
// Calls: sched_yield
/* Others' turn; it never fails. */
#include "tests/abi/calls/show.h"

#include <sched.h>

int main(void) {
    SHOW(sched_yield());
    return 0;
}
