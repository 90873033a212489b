// SPDX-License-Identifier: MIT
#include "drivers/lib/log.h"

#include "drivers/lib/format.h"
#include "drivers/lib/gate.h"

#define LINE_BYTES 160 /* what DRIVER_LOG takes */

void driver_log(const char *format, ...) {
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    uint32_t bytes = format_text(line, sizeof(line), format, arguments);
    va_end(arguments);
    gate_log(line, bytes);
}
