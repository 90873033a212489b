// SPDX-License-Identifier: MIT
/*
 * What lwIP calls of its surroundings (lwip/arch/cc.h).
 */
#include "domains/lib/heap.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/device/random.h"

#include <lwip/arch.h>

#include <stdarg.h>
#include <stdlib.h>

#define LINE_BYTES 120

void lwip_print(const char *format, ...) {
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    text_format_list(line, sizeof line, format, arguments);
    va_end(arguments);
    log_line("network: %s", line);
}

_Noreturn void lwip_failed(const char *assertion) {
    panic("network: %s", assertion);
}

uint32_t lwip_random(void) {
    uint32_t number;
    random_bytes(&number, sizeof number);
    return number;
}

void *lwip_calloc(size_t count, size_t bytes) {
    return bytes != 0 && count > SIZE_MAX / bytes ? NULL : heap_allocate(count * bytes);
}

int atoi(const char *text) {
    int number = 0;
    while (*text >= '0' && *text <= '9')
        number = number * 10 + (*text++ - '0');
    return number;
}
