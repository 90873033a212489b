// SPDX-License-Identifier: MIT
/*
 * Attempts that end in an exception, by the thousand: the signal handler (main.c) takes the program back to
 * where the attempt began, with its own segments.
 */
#ifndef TESTS_ESCAPE_ATTEMPT_H
#define TESTS_ESCAPE_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#define NO_FAULT 0u

typedef void attempt_function(uint32_t first, uint32_t second);

/* Calls `function`; NO_FAULT, or FAULT(vector) of what ended it. It leaves DS, ES, SS and GS as they were. */
uint32_t attempt(attempt_function *function, uint32_t first, uint32_t second);
#define FAULT(vector) (0x100u | (vector))

/* For the handler: whether an attempt was under way; then the context goes on behind it. */
bool attempt_is_over(void *context);
/* Notes the segments of the program; before the first attempt. */
void attempt_prepare(void);

#endif
