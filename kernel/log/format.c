// SPDX-License-Identifier: MIT
/*
 * Text formatting for the log: a bounded sink and the few conversions that the core uses. Pure.
 */
#include "kernel/log/log.h"

#include <stdbool.h>
#include <stddef.h>

struct sink {
    char *to;
    uint32_t room, used;
};

static void put(struct sink *sink, char character) {
    if (sink->used + 1 < sink->room)
        sink->to[sink->used++] = character;
}

/* One decimal digit off a 64-bit value, by 32-bit divisions only. */
static uint32_t divide_by_ten(uint64_t *value) {
    uint32_t high = (uint32_t)(*value >> 32), low = (uint32_t)*value;
    uint32_t middle = (high % 10) << 16 | low >> 16, bottom = (middle % 10) << 16 | (low & 0xFFFF);

    *value = (uint64_t)(high / 10) << 32 | (uint64_t)(middle / 10) << 16 | bottom / 10;
    return bottom % 10;
}

static void put_number(struct sink *sink, uint64_t value, bool hexadecimal, uint32_t width,
                       char pad) {
    char digits[24];
    uint32_t count = 0;

    do {
        uint32_t digit = hexadecimal ? (uint32_t)value & 15 : divide_by_ten(&value);
        if (hexadecimal)
            value >>= 4;
        digits[count++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    } while (value);
    for (; width > count; width--)
        put(sink, pad);
    while (count)
        put(sink, digits[--count]);
}

static void put_text(struct sink *sink, const char *text, uint32_t width, bool left) {
    uint32_t length = 0;

    for (const char *end = text ? text : ""; *end; end++)
        length++;
    for (; !left && width > length; width--)
        put(sink, ' ');
    for (uint32_t i = 0; i < length; i++)
        put(sink, text[i]);
    for (; left && width > length; width--)
        put(sink, ' ');
}

uint32_t format_arguments(char *to, uint32_t room, const char *format, va_list arguments) {
    struct sink sink = {to, room, 0};

    for (; *format; format++) {
        bool left = false, wide = false;
        char pad = ' ';
        uint32_t width = 0;

        if (*format != '%') {
            put(&sink, *format);
            continue;
        }
        format++;
        if (*format == '-') {
            left = true;
            format++;
        }
        if (*format == '0')
            pad = '0';
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + (uint32_t)(*format - '0');
        for (; *format == 'l'; format++)
            wide = format[1] == 'l' || wide;
        switch (*format) {
        case 'd': {
            int32_t value = va_arg(arguments, int32_t);
            if (value < 0)
                put(&sink, '-');
            put_number(&sink, value < 0 ? 0u - (uint32_t)value : (uint32_t)value, false, width,
                       pad);
            break;
        }
        case 'u':
        case 'x':
            put_number(&sink, wide ? va_arg(arguments, uint64_t) : va_arg(arguments, uint32_t),
                       *format == 'x', width, pad);
            break;
        case 'p':
            put_number(&sink, (uintptr_t)va_arg(arguments, void *), true, 8, '0');
            break;
        case 's':
            put_text(&sink, va_arg(arguments, const char *), width, left);
            break;
        case 'c':
            put(&sink, (char)va_arg(arguments, int));
            break;
        default:
            put(&sink, *format);
        }
    }
    if (room)
        to[sink.used] = '\0';
    return sink.used;
}

uint32_t format_text(char *to, uint32_t room, const char *format, ...) {
    va_list arguments;
    uint32_t length;

    va_start(arguments, format);
    length = format_arguments(to, room, format, arguments);
    va_end(arguments);
    return length;
}
