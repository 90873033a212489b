// SPDX-License-Identifier: MIT
/*
 * A word and an atomic exchange. It is not fair, and need not be: whoever drops it goes through an outer ring
 * before it comes back, while those that wait try all the time.
 *
 * Who waits answers what other CPUs ask meanwhile (kernel/cpu/remote.h), and looks once more when it has the
 * lock: then nothing that was asked before can be missed.
 */
#include "kernel/cpu/core_lock.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"

#include <stdbool.h>

uint32_t core_lock;

static bool try_to_take(void) {
    return __atomic_exchange_n(&core_lock, 1, __ATOMIC_ACQUIRE) == 0;
}

static void wait(void) {
    struct cpu *cpu = this_cpu();
    uint64_t start = read_tsc();

    do {
        remote_answer();
        __asm__ volatile("pause");
    } while (__atomic_load_n(&core_lock, __ATOMIC_RELAXED) || !try_to_take());
    cpu->lock_waits++;
    cpu->lock_wait_ticks += read_tsc() - start;
}

void core_lock_take(void) {
    if (!try_to_take())
        wait();
    remote_answer();
}

void core_lock_drop(void) {
    __atomic_store_n(&core_lock, 0, __ATOMIC_RELEASE);
}
