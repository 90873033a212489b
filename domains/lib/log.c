// SPDX-License-Identifier: MIT
/*
 * Log lines go straight to the core: nothing is kept here, so nothing is lost when the manager
 * dies.
 */
#include "domains/lib/log.h"

#include "domains/lib/gate.h"
#include "domains/lib/text.h"

#define LOG_BYTES   160
#define PANIC_BYTES 96

void log_line(const char *format, ...) {
    char line[LOG_BYTES + 1];
    va_list arguments;
    va_start(arguments, format);
    size_t length = text_format_list(line, sizeof(line), format, arguments);
    va_end(arguments);
    manager_log(line, (uint32_t)length);
}

_Noreturn void panic(const char *format, ...) {
    char line[PANIC_BYTES];
    va_list arguments;
    va_start(arguments, format);
    size_t length = text_format_list(line, sizeof(line), format, arguments);
    va_end(arguments);
    manager_exit(MANAGER_PANIC, line, (uint32_t)length);
}
