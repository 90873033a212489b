// SPDX-License-Identifier: MIT
/*
 * What a step of fuzz_gates.c has whoever runs call, and the arguments that an input's bytes stand for.
 */
#ifndef TESTS_FUZZ_GATES_CALLS_H
#define TESTS_FUZZ_GATES_CALLS_H

#include "tests/fuzz/fuzz.h"

#include <stdint.h>

#define SCRATCH_BYTES 0x3000u /* at scratch() */

uint32_t scratch(void);                       /* memory of the caller's own */
uint32_t take_structure(struct input *input); /* there, filled by the input: its address */
uint32_t handle_of(uint32_t kind,
                   uint32_t number);     /* 0: of a thread, 1: of a space; of the caller's tenant */
uint32_t take_page(struct input *input); /* an address where pages can be */
uint32_t take_argument(struct input *input);

void do_call(struct input *input);  /* with hostile arguments */
void do_sense(struct input *input); /* one that makes sense */

#endif
