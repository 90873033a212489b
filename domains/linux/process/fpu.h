// SPDX-License-Identifier: MIT
/*
 * The app's FPU and SSE registers, which are live in the CPU while its thread is in ring 2: the
 * manager itself uses none of them. See the Intel SDM, volume 1, 10.5 (FXSAVE and FXRSTOR).
 */
#ifndef DOMAINS_LINUX_PROCESS_FPU_H
#define DOMAINS_LINUX_PROCESS_FPU_H

#include <stdint.h>

struct fpu_state {
    uint16_t control, status;
    uint8_t tags, reserved; /* abridged: one bit a register, 1: in use */
    uint16_t opcode;
    uint32_t instruction_offset, instruction_selector, data_offset, data_selector;
    uint32_t mxcsr, mxcsr_mask;
    uint8_t registers[8][16]; /* ST0.. in the low 10 bytes */
    uint8_t xmm[8][16];
    uint8_t unused[224];
};

_Static_assert(sizeof(struct fpu_state) == 512, "as FXSAVE writes it");

/* The lock is held. */
void fpu_save(struct fpu_state *state);
/* Whatever the bytes are: what the CPU would refuse is masked out first. */
void fpu_load(const struct fpu_state *state);
void fpu_reset(void); /* as a new program finds it */

#endif
