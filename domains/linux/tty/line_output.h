// SPDX-License-Identifier: MIT
/*
 * The output half of the line discipline, as the input half uses it for echo.
 */
#ifndef DOMAINS_LINUX_TTY_LINE_OUTPUT_H
#define DOMAINS_LINUX_TTY_LINE_OUTPUT_H

#include "domains/linux/tty/line.h"

/* One byte as the settings want it on the device: a control character as ^X with ECHOCTL. */
void line_echo(struct line *line, uint8_t byte);
/* One byte through output processing; dropped if the ring has no room. */
void line_emit(struct line *line, uint8_t byte);
/* The column after `byte` was echoed at `column`. */
uint32_t line_echo_column(const struct line *line, uint8_t byte, uint32_t column);

#endif
