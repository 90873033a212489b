// SPDX-License-Identifier: MIT
/*
 * Whole numbers only; overflow is an error, never a wrap.
 */
#include "userland/lib/size.h"

#include <stdio.h>
#include <string.h>

static const struct unit {
    const char *name;
    unsigned shift;
} units[] = {{"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"B", 0}, {"", 0}};

/* Digits at the start of `text`; the rest of it, or NULL if there are none or too many. */
static const char *digits(const char *text, uint64_t *number) {
    const char *at = text;
    for (*number = 0; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(*at - '0'), number))
            return NULL;
    return at == text ? NULL : at;
}

bool size_parse(const char *text, uint64_t *bytes) {
    uint64_t number;
    const char *unit = digits(text, &number);
    for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].name) == 0) {
            *bytes = number << units[i].shift;
            return *bytes >> units[i].shift == number;
        }
    return false;
}

bool number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *number) {
    uint64_t value;
    const char *rest = digits(text, &value);
    if (!rest || *rest || value < least || value > most)
        return false;
    *number = value;
    return true;
}

char *size_format(char text[SIZE_TEXT], uint64_t bytes) {
    const struct unit *unit = units;
    while (unit->shift && bytes >> unit->shift == 0)
        unit++;
    uint64_t whole = bytes >> unit->shift;
    uint64_t rest = bytes & ((1ull << unit->shift) - 1);
    if (rest == 0)
        snprintf(text, SIZE_TEXT, "%llu%s", (unsigned long long)whole, unit->name);
    else
        snprintf(text, SIZE_TEXT, "%llu.%u%s", (unsigned long long)whole,
                 (unsigned)(rest * 10 >> unit->shift), unit->name);
    return text;
}

char *duration_format(char text[DURATION_TEXT], uint64_t nanoseconds) {
    static const struct {
        uint64_t nanoseconds;
        const char *name;
    } steps[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    unsigned step = 0;
    while (step < 3 && nanoseconds < steps[step].nanoseconds)
        step++;
    uint64_t whole = nanoseconds / steps[step].nanoseconds;
    uint64_t thousandths = nanoseconds % steps[step].nanoseconds * 1000 / steps[step].nanoseconds;
    if (step == 3 || whole >= 100)
        snprintf(text, DURATION_TEXT, "%llu%s", (unsigned long long)whole, steps[step].name);
    else if (whole >= 10)
        snprintf(text, DURATION_TEXT, "%u.%u%s", (unsigned)whole, (unsigned)(thousandths / 100),
                 steps[step].name);
    else
        snprintf(text, DURATION_TEXT, "%u.%02u%s", (unsigned)whole, (unsigned)(thousandths / 10),
                 steps[step].name);
    return text;
}
