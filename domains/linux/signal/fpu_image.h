// SPDX-License-Identifier: MIT
/*
 * The legacy FSAVE image that precedes FXSAVE's in a signal frame. Pure.
 */
#ifndef DOMAINS_LINUX_SIGNAL_FPU_IMAGE_H
#define DOMAINS_LINUX_SIGNAL_FPU_IMAGE_H

#include "domains/linux/process/fpu.h"

struct fpu_legacy {
    uint32_t control, status, tags;
    uint32_t instruction_offset, instruction_selector, data_offset, data_selector;
    uint8_t registers[8][10];
    uint16_t status_copy;
    uint16_t magic; /* 0: an FXSAVE image follows */
};

_Static_assert(sizeof(struct fpu_legacy) == 112, "as in Linux's struct _fpstate_32");

void fpu_to_legacy(const struct fpu_state *state, struct fpu_legacy *legacy);

#endif
