// SPDX-License-Identifier: MIT
/* See format.h. Pure: the host tests compile it as it is. */
#include "drivers/lib/format.h"

#include <stdbool.h>

struct sink {
    char *text;
    uint32_t used, capacity;
};

struct conversion {
    char padding;
    uint32_t width;
    bool wide; /* "ll" */
};

static void put(struct sink *sink, char character) {
    if (sink->used < sink->capacity)
        sink->text[sink->used++] = character;
}

static void put_text(struct sink *sink, const char *text) {
    while (*text != '\0')
        put(sink, *text++);
}

static void put_number(struct sink *sink, uint64_t number, uint32_t base,
                       const struct conversion *conversion) {
    char digits[20];
    uint32_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    for (uint32_t i = count; i < conversion->width; i++)
        put(sink, conversion->padding);
    while (count > 0)
        put(sink, digits[--count]);
}

/* Reads flags, width and length after a '%'; answers the conversion character's place. */
static const char *read_conversion(const char *format, struct conversion *conversion) {
    *conversion = (struct conversion){' ', 0, false};
    if (*format == '0') {
        conversion->padding = '0';
        format++;
    }
    while (*format >= '0' && *format <= '9')
        conversion->width = conversion->width * 10 + (uint32_t)(*format++ - '0');
    while (*format == 'l') {
        conversion->wide = format[1] == 'l' || conversion->wide;
        format++;
    }
    return format;
}

uint32_t format_text(char *text, uint32_t capacity, const char *format, va_list arguments) {
    struct sink sink = {text, 0, capacity};
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(&sink, *format);
            continue;
        }
        struct conversion conversion;
        format = read_conversion(format + 1, &conversion);
        switch (*format) {
        case 's':
            put_text(&sink, va_arg(arguments, const char *));
            break;
        case 'c':
            put(&sink, (char)va_arg(arguments, int));
            break;
        case 'u':
        case 'x': {
            uint64_t number = conversion.wide ? va_arg(arguments, unsigned long long)
                                              : va_arg(arguments, unsigned);
            put_number(&sink, number, *format == 'x' ? 16 : 10, &conversion);
            break;
        }
        case '\0':
            return sink.used;
        default:
            put(&sink, *format);
        }
    }
    return sink.used;
}
