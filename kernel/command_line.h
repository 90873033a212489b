// SPDX-License-Identifier: MIT
/*
 * The boot command line: words `key=value` between spaces. Pure.
 */
#ifndef KERNEL_COMMAND_LINE_H
#define KERNEL_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* Copies the value of the first `key=`, cut to room - 1 characters; false if there is none. */
bool command_line_value(const char *line, const char *key, char *value, uint32_t room);
/* The same as a decimal number, `otherwise` if missing or not a number. */
uint32_t command_line_number(const char *line, const char *key, uint32_t otherwise);

#endif
