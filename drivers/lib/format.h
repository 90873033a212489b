// SPDX-License-Identifier: MIT
/*
 * Text from a format, for the log. Understands %s %c %u %x %llu %llx and %%, with an optional 0 and
 * width for the numbers; what does not fit is cut off.
 */
#ifndef DRIVERS_LIB_FORMAT_H
#define DRIVERS_LIB_FORMAT_H

#include <stdarg.h>
#include <stdint.h>

/* Writes at most `capacity` characters, no terminating NUL; answers how many. */
uint32_t format_text(char *text, uint32_t capacity, const char *format, va_list arguments);

#endif
