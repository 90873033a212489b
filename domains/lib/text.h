// SPDX-License-Identifier: MIT
/*
 * Bounded text formatting.
 */
#ifndef DOMAINS_LIB_TEXT_H
#define DOMAINS_LIB_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* %d %i %u %x %X %o %c %s %p %%, with -, 0, width and .precision (for %s) as digits or *, l and ll.
 * Always ends with NUL if room > 0; returns the length without NUL that was written (never more
 * than room - 1). */
size_t text_format(char *buffer, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t text_format_list(char *buffer, size_t room, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

/* Copies with a NUL always, cut to `room` bytes. Returns the bytes written without the NUL. */
size_t text_copy(char *to, const char *from, size_t room);

#endif
