// SPDX-License-Identifier: MIT
/*
 * Tables for people: columns as wide as their widest cell, and JSON for programs.
 */
#ifndef USERLAND_RFCTL_TABLE_H
#define USERLAND_RFCTL_TABLE_H

#define TABLE_COLUMNS 16

struct table {
    char **rows; /* of cells separated by tabs */
    unsigned count;
};

/* Cells separated by tabs. In the first row, a '>' before a heading makes the
 * column right-aligned. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints and frees. */
void table_print(struct table *table);

struct cJSON;
/* Prints, with a newline, and frees. */
void json_print(struct cJSON *json);

#endif
