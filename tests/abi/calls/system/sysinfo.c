// SPDX-License-Identifier: MIT
// Calls: sysinfo
/* Memory and processes. */
#include "tests/abi/calls/show.h"

#include <sys/sysinfo.h>

int main(void) {
    struct sysinfo told = {0};
    SHOW(sysinfo(&told));
    SHOW(told.totalram > 0 && told.freeram <= told.totalram && told.mem_unit > 0);
    SHOW(told.procs > 0);
    SHOW(sysinfo(nowhere));
    return 0;
}
