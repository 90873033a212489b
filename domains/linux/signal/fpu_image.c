// SPDX-License-Identifier: MIT
/*
 * FXSAVE keeps one tag bit a register (in use or not), FSAVE two: 0 valid, 1 zero, 2 special, 3
 * empty. The two bits follow from the 80-bit value. See the Intel SDM, volume 1, 8.1.7 and 10.5.1.
 */
#include "domains/linux/signal/fpu_image.h"

#include "domains/lib/memory.h"

enum { TAG_VALID, TAG_ZERO, TAG_SPECIAL, TAG_EMPTY };

#define UPPER_ONES    0xFFFF0000u
#define EXPONENT_ONES 0x7FFF

static uint32_t tag_of(const uint8_t value[10]) {
    uint32_t exponent = (uint32_t)(value[8] | value[9] << 8) & EXPONENT_ONES, low, high;
    memcpy(&low, value, sizeof(low));
    memcpy(&high, value + 4, sizeof(high));
    if (exponent == EXPONENT_ONES)
        return TAG_SPECIAL;
    if (exponent == 0)
        return low == 0 && high == 0 ? TAG_ZERO : TAG_SPECIAL;
    return high >> 31 ? TAG_VALID : TAG_SPECIAL;
}

/* Tags go by physical register, values by distance from the top of the stack. */
static uint32_t full_tags(const struct fpu_state *state) {
    uint32_t top = state->status >> 11 & 7, tags = 0;
    for (uint32_t physical = 0; physical < 8; physical++) {
        uint32_t tag = TAG_EMPTY;
        if (state->tags & 1u << physical)
            tag = tag_of(state->registers[(physical - top) & 7]);
        tags |= tag << 2 * physical;
    }
    return tags;
}

void fpu_to_legacy(const struct fpu_state *state, struct fpu_legacy *legacy) {
    *legacy = (struct fpu_legacy){
        .control = UPPER_ONES | state->control,
        .status = UPPER_ONES | state->status,
        .tags = UPPER_ONES | full_tags(state),
        .instruction_offset = state->instruction_offset,
        .instruction_selector = (state->instruction_selector & 0xFFFF) | (uint32_t)state->opcode
                                                                             << 16,
        .data_offset = state->data_offset,
        .data_selector = UPPER_ONES | state->data_selector,
        .status_copy = state->status,
    };
    for (uint32_t i = 0; i < 8; i++)
        memcpy(legacy->registers[i], state->registers[i], sizeof(legacy->registers[i]));
}
