// SPDX-License-Identifier: MIT
/*
 * Formatting into a buffer of known size: a sink that drops what does not fit, and one function a
 * conversion.
 *
 *   %[-][0][width][.precision][l|ll]conversion      width and precision: digits or *
 */
#include "domains/lib/text.h"

#include "domains/lib/clock.h"
#include "domains/lib/memory.h"

#include <stdbool.h>
#include <stdint.h>

#define DIGITS 24 /* enough for 64 bits in octal */

struct sink {
    char *buffer;
    size_t room, used; /* room without the NUL */
};

struct conversion {
    bool left, zero, is_long_long, upper;
    size_t width, precision;
};

static void put(struct sink *sink, char byte) {
    if (sink->used < sink->room)
        sink->buffer[sink->used++] = byte;
}

static void put_padding(struct sink *sink, char byte, size_t width, size_t length) {
    for (; length < width; length++)
        put(sink, byte);
}

static void put_text(struct sink *sink, const struct conversion *how, const char *text) {
    if (text == NULL)
        text = "(null)";
    size_t length = strnlen(text, how->precision);
    if (!how->left)
        put_padding(sink, ' ', how->width, length);
    for (size_t i = 0; i < length; i++)
        put(sink, text[i]);
    if (how->left)
        put_padding(sink, ' ', how->width, length);
}

static void put_number(struct sink *sink, const struct conversion *how, uint64_t value,
                       uint32_t base, bool negative) {
    char digits[DIGITS];
    size_t count = 0;
    do {
        uint32_t digit;
        value = divide_u64(value, base, &digit);
        digits[count++] = (how->upper ? "0123456789ABCDEF" : "0123456789abcdef")[digit];
    } while (value != 0);
    size_t length = count + negative;
    if (!how->left && !how->zero)
        put_padding(sink, ' ', how->width, length);
    if (negative)
        put(sink, '-');
    if (!how->left && how->zero)
        put_padding(sink, '0', how->width, length);
    while (count > 0)
        put(sink, digits[--count]);
    if (how->left)
        put_padding(sink, ' ', how->width, length);
}

static void put_signed(struct sink *sink, const struct conversion *how, int64_t value) {
    put_number(sink, how, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, value < 0);
}

static size_t number(const char **at) {
    size_t value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        value = value * 10 + (size_t)(**at - '0');
    return value;
}

/* A number, or `*` for the next argument. */
static size_t field(const char **at, va_list *arguments) {
    if (**at != '*')
        return number(at);
    ++*at;
    int value = va_arg(*arguments, int);
    return value > 0 ? (size_t)value : 0;
}

static struct conversion read_conversion(const char **at, va_list *arguments) {
    struct conversion how = {.precision = SIZE_MAX};
    for (;; (*at)++) {
        if (**at == '-')
            how.left = true;
        else if (**at == '0')
            how.zero = true;
        else
            break;
    }
    how.width = field(at, arguments);
    if (**at == '.') {
        (*at)++;
        how.precision = field(at, arguments);
    }
    for (int longs = 0; **at == 'l'; (*at)++)
        how.is_long_long = ++longs == 2;
    return how;
}

size_t text_format_list(char *buffer, size_t room, const char *format, va_list arguments) {
    if (room == 0)
        return 0;
    struct sink sink = {buffer, room - 1, 0};
    va_list rest; /* a copy, because a parameter of this type may be an array */
    va_copy(rest, arguments);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            put(&sink, *at);
            continue;
        }
        at++;
        struct conversion how = read_conversion(&at, &rest);
        switch (*at) {
        case 'd':
        case 'i':
            put_signed(&sink, &how, how.is_long_long ? va_arg(rest, long long) : va_arg(rest, int));
            break;
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            how.upper = *at == 'X';
            put_number(&sink, &how,
                       how.is_long_long ? va_arg(rest, unsigned long long) : va_arg(rest, unsigned),
                       *at == 'u'   ? 10
                       : *at == 'o' ? 8
                                    : 16,
                       false);
            break;
        case 'p':
            put_number(&sink, &how, (uintptr_t)va_arg(rest, void *), 16, false);
            break;
        case 'c':
            put(&sink, (char)va_arg(rest, int));
            break;
        case 's':
            put_text(&sink, &how, va_arg(rest, const char *));
            break;
        case '\0':
            at--;
            break;
        default:
            put(&sink, *at);
        }
    }
    va_end(rest);
    buffer[sink.used] = '\0';
    return sink.used;
}

size_t text_format(char *buffer, size_t room, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t length = text_format_list(buffer, room, format, arguments);
    va_end(arguments);
    return length;
}

size_t text_copy(char *to, const char *from, size_t room) {
    size_t length = strnlen(from, room - 1);
    memcpy(to, from, length);
    to[length] = '\0';
    return length;
}
