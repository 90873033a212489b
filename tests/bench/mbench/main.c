// SPDX-License-Identifier: MIT
/*
 * What the calls of an operating system cost, on Linux and in a tenant with one and the same binary: `mbench` measures all,
 * `mbench --nop` ends at once and is what is executed meanwhile. Where time counts instructions, so do the figures.
 */
#include "tests/bench/mbench/measure.h"

#include <string.h>

int main(int count, char **words) {
    if (count > 1 && strcmp(words[1], "--nop") == 0)
        return 0;
    measure_calls();
    measure_processes(words[0]);
    measure_pipes();
    measure_memory();
    measure_files("/tmp");
    measure_sockets();
    return 0;
}
