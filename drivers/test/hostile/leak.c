// SPDX-License-Identifier: MIT
/*
 * What others left in the CPU, and what a driver leaves for its next copy. A tenant's FPU registers stay in the
 * CPU while a driver runs, out of reach: CR0.TS (#NM).
 */
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

void read_fpu_registers(void) {
    uint32_t words[4];
    __asm__ volatile("movups %%xmm0, %0" : "=m"(words));
    driver_log("escaped: XMM0 begins with %x", words[0]);
}

void read_x87_registers(void) {
    uint32_t state[27];
    __asm__ volatile("fnsave %0" : "=m"(state));
    driver_log("escaped: ST begins with %x", state[7]);
}

void read_mmx_registers(void) {
    uint32_t words[2];
    __asm__ volatile("movq %%mm0, %0" : "=m"(words));
    driver_log("escaped: MM0 begins with %x", words[0]);
}

void read_sse_control(void) {
    uint32_t control;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    driver_log("escaped: MXCSR is %x", control);
}
