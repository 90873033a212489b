// SPDX-License-Identifier: MIT
/*
 * FXSAVE wants 16-byte alignment, which a ring-2 stack does not promise; so everything goes through
 * one aligned image, under the manager's lock. FXRSTOR of a reserved MXCSR bit is a general
 * protection fault, in ring 2 the end of the tenant; so the mask is always applied.
 */
#include "domains/linux/process/fpu.h"
#include "domains/linux/defence.h"

#define CONTROL_DEFAULT    0x037F
#define MXCSR_DEFAULT      0x1F80u
#define MXCSR_MASK_DEFAULT 0xFFBFu /* of CPUs that store 0 as their mask */

static struct fpu_state image __attribute__((aligned(16)));

void fpu_save(struct fpu_state *state) {
    __asm__ volatile("fxsave %0" : "=m"(image));
    *state = image;
}

static uint32_t mxcsr_mask(void) {
    static uint32_t mask;
    if (mask == 0) {
        __asm__ volatile("fxsave %0" : "=m"(image));
        mask = image.mxcsr_mask != 0 ? image.mxcsr_mask : MXCSR_MASK_DEFAULT;
    }
    return mask;
}

void fpu_load(const struct fpu_state *state) {
    uint32_t mask = mxcsr_mask();
    image = *state;
    if (DEFENCE_SIGNAL_FPU)
        image.mxcsr &= mask;
    __asm__ volatile("fxrstor %0" : : "m"(image));
}

void fpu_reset(void) {
    static const struct fpu_state clean
        __attribute__((aligned(16))) = {.control = CONTROL_DEFAULT, .mxcsr = MXCSR_DEFAULT};
    __asm__ volatile("fxrstor %0" : : "m"(clean));
}
