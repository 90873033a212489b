// SPDX-License-Identifier: MIT
/*
 * A line of a workload's, in one write, so that the workers' lines do not mix.
 */
#ifndef TESTS_FAULTS_WORKLOAD_SAY_H
#define TESTS_FAULTS_WORKLOAD_SAY_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SAY(...)                                                                                   \
    do {                                                                                           \
        char line[80];                                                                             \
        int length = snprintf(line, sizeof line, __VA_ARGS__);                                     \
        if (write(STDOUT_FILENO, line, (size_t)length) < 0)                                        \
            exit(1);                                                                               \
    } while (0)

#endif
