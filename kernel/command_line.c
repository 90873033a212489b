// SPDX-License-Identifier: MIT
/*
 * The only text that ring 0 reads: which fence, how much for the operator. Everything else is configured
 * through the control gate.
 */
#include "kernel/command_line.h"

#define NUMBER_DIGITS 8

/* Where the value starts if `at` is `key=`, else 0. */
static const char *match(const char *at, const char *key) {
    while (*key && *at == *key) {
        at++;
        key++;
    }
    return *key == '\0' && *at == '=' ? at + 1 : 0;
}

bool command_line_value(const char *line, const char *key, char *value, uint32_t room) {
    for (const char *at = line; *at; at++) {
        const char *from = at == line || at[-1] == ' ' ? match(at, key) : 0;
        uint32_t length = 0;

        if (from == 0)
            continue;
        for (; *from && *from != ' ' && length + 1 < room; from++)
            value[length++] = *from;
        value[length] = '\0';
        return true;
    }
    return false;
}

uint32_t command_line_number(const char *line, const char *key, uint32_t otherwise) {
    char text[NUMBER_DIGITS + 1];
    uint32_t number = 0;

    if (!command_line_value(line, key, text, sizeof text) || text[0] == '\0')
        return otherwise;
    for (const char *digit = text; *digit; digit++) {
        if (*digit < '0' || *digit > '9')
            return otherwise;
        number = number * 10 + (uint32_t)(*digit - '0');
    }
    return number;
}
