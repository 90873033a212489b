// SPDX-License-Identifier: MIT
/*
 * Ring 0's instructions, executed in ring 3. The list is every ring's: tests/escape/instructions.h.
 */
#include "tests/escape/instructions.h"
#include "tests/escape/ring3/attack.h"

#define FUNCTION(identifier, name, text)                                                           \
    static void identifier(void) {                                                                 \
        EXECUTE_INSTRUCTION(text);                                                                 \
    }
PRIVILEGED_INSTRUCTIONS(FUNCTION)
FORBIDDEN_INSTRUCTIONS(FUNCTION)
#undef FUNCTION

#define ENTRY(identifier, name, text) {name, identifier},
const struct attack instruction_attacks[] = {
    PRIVILEGED_INSTRUCTIONS(ENTRY) FORBIDDEN_INSTRUCTIONS(ENTRY){0, 0},
};
#undef ENTRY
