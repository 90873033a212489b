// SPDX-License-Identifier: MIT
/*
 * Seeds for tenants: RDRAND where the CPU has it (SDM 2B), stirred with the time stamp, which
 * differs from start to start in any case. Without RDRAND the time stamp is all there is, and a
 * seed is only as hard to guess as the moment of the start.
 */
#include "kernel/cpu/registers.h"
#include "kernel/domain/tenant_parts.h"

#define CPUID1_ECX_RDRAND (1u << 30)
#define RDRAND_TRIES      10 /* Intel's advice before the generator counts as broken */

static uint64_t state;

static bool read_random(uint32_t *value) {
    for (uint32_t i = 0; i < RDRAND_TRIES; i++) {
        bool valid;

        __asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(valid));
        if (valid)
            return true;
    }
    return false;
}

/* One step of a 64-bit mixer: multiply by odd constants and fold the high half down. */
static uint64_t stir(uint64_t value) {
    state += value ^ 0x9E3779B97F4A7C15ull;
    value = (state ^ state >> 32) * 0xD6E8FEB86659FD93ull;
    value = (value ^ value >> 32) * 0xD6E8FEB86659FD93ull;
    return value ^ value >> 32;
}

void seed_fill(uint64_t seed[4]) {
    bool has_rdrand = read_cpuid(1, 0).ecx & CPUID1_ECX_RDRAND;

    for (uint32_t i = 0; i < 4; i++) {
        uint32_t low = 0, high = 0;

        if (has_rdrand && read_random(&low) && read_random(&high))
            stir((uint64_t)high << 32 | low);
        seed[i] = stir(read_tsc());
    }
}
