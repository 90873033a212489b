// SPDX-License-Identifier: MIT
/*
 * A row is kept as it was written; widths are counted when all of them are known.
 */
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_add(struct table *table, const char *format, ...) {
    va_list arguments;
    char *row;
    va_start(arguments, format);
    int length = vasprintf(&row, format, arguments);
    va_end(arguments);
    char **rows = realloc(table->rows, (table->count + 1) * sizeof *rows);
    if (length < 0 || !rows) {
        fputs("rfctl: out of memory\n", stderr);
        exit(1);
    }
    table->rows = rows;
    rows[table->count++] = row;
}

static void measure(const struct table *table, int widths[TABLE_COLUMNS]) {
    for (unsigned i = 0; i < table->count; i++) {
        const char *cell = table->rows[i];
        for (int column = 0; column < TABLE_COLUMNS; column++) {
            int length = (int)strcspn(cell, "\t");
            int width = length - (i == 0 && *cell == '>');
            if (width > widths[column])
                widths[column] = width;
            if (!cell[length])
                break;
            cell += length + 1;
        }
    }
}

static void print_row(const char *row, const int *widths, const char *right, int heading) {
    for (int column = 0;; column++) {
        int length = (int)strcspn(row, "\t");
        const char *cell = heading && *row == '>' ? row + 1 : row;
        int shown = length - (int)(cell - row);
        int padding = widths[column] - shown;
        char last = !row[length];
        printf("%*s%.*s%*s", right[column] ? padding : 0, "", shown, cell,
               right[column] || last ? 0 : padding, "");
        if (last || column == TABLE_COLUMNS - 1)
            break;
        fputs("  ", stdout);
        row += length + 1;
    }
    putchar('\n');
}

void table_print(struct table *table) {
    int widths[TABLE_COLUMNS] = {0};
    char right[TABLE_COLUMNS] = {0};
    const char *cell = table->count ? table->rows[0] : "";
    for (int column = 0; column < TABLE_COLUMNS; column++) {
        right[column] = *cell == '>';
        cell += strcspn(cell, "\t");
        cell += *cell == '\t';
    }
    measure(table, widths);
    for (unsigned i = 0; i < table->count; i++) {
        print_row(table->rows[i], widths, right, i == 0);
        free(table->rows[i]);
    }
    free(table->rows);
    *table = (struct table){0};
}

void json_print(struct cJSON *json) {
    char *text = cJSON_Print(json);
    if (text)
        puts(text);
    free(text);
    cJSON_Delete(json);
}
