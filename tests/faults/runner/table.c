// SPDX-License-Identifier: MIT
/*
 * A line a fault, after one for the pause:
 *
 *   pause MILLISECONDS
 *   fault NUMBER PLACE AT_START ADDRESS LENGTH CHANGE ADDEND BYTES     numbers in hex but NUMBER; bytes as hex digits
 *   fresh
 */
#include "tests/faults/runner/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *table;

uint32_t table_open(const char *path) {
    uint32_t pause;
    table = fopen(path, "r");
    if (!table || fscanf(table, "pause %u\n", &pause) != 1) {
        perror(path);
        exit(1);
    }
    return pause;
}

static void read_bytes(const char *digits, uint8_t bytes[FAULT_BYTES]) {
    unsigned byte;
    for (uint32_t n = 0; n < FAULT_BYTES && sscanf(digits + 2 * n, "%2x", &byte) == 1; n++)
        bytes[n] = (uint8_t)byte;
}

static bool read_fault(const char *line, struct fault *fault) {
    struct fault_order *order = &fault->order;
    char digits[2 * FAULT_BYTES + 1] = "";
    *fault = (struct fault){0};
    int read = sscanf(line, "fault %u %x %x %x %x %x %x %32s", &fault->number, &order->place,
                      &order->at_start, &order->address, &order->length, &order->change,
                      &order->addend, digits);
    if (read == 8)
        read_bytes(digits, order->bytes);
    return read >= 7;
}

enum table_line table_next(struct fault *fault) {
    char line[160];
    if (!fgets(line, sizeof line, table))
        return TABLE_END;
    if (strncmp(line, "fresh", 5) == 0)
        return TABLE_FRESH;
    if (read_fault(line, fault))
        return TABLE_FAULT;
    fprintf(stderr, "runner: what is this? %s", line);
    exit(1);
}
