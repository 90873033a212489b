// SPDX-License-Identifier: MIT
/*
 * The value is kept in 64 bits while it grows, and stays 0 once it was too large.
 */
#include "domains/linux/fs/proc_number.h"

#include "domains/linux/errno.h"

#include <stdbool.h>

#define RANGE 0x80000000u /* of the values below 0 */

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* 16 or more: it is no digit. */
static uint32_t digit_of(char byte) {
    if (byte >= '0' && byte <= '9')
        return (uint32_t)(byte - '0');
    byte |= 'a' - 'A';
    return byte >= 'a' && byte <= 'f' ? (uint32_t)(byte - 'a') + 10 : 16;
}

static const char *skip_base(const char *text, uint32_t *base) {
    *base = 10;
    if (text[0] != '0')
        return text;
    *base = (text[1] | ('a' - 'A')) == 'x' && digit_of(text[2]) < 16 ? 16 : 8;
    return *base == 16 ? text + 2 : text;
}

int proc_number(const char *text, int32_t *number) {
    bool negative, too_large = false;
    uint64_t value = 0;
    uint32_t base, count = 0;

    while (is_space(*text))
        text++;
    negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    for (text = skip_base(text, &base); digit_of(*text) < base; text++, count++) {
        value = value * base + digit_of(*text);
        too_large |= value > RANGE - !negative;
        value = too_large ? 0 : value;
    }
    while (is_space(*text))
        text++;
    if (count == 0 || *text != 0)
        return -EINVAL;
    *number = (int32_t)(negative ? 0 - (uint32_t)value : (uint32_t)value);
    return too_large ? -ERANGE : 0;
}
