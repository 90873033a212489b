// SPDX-License-Identifier: MIT
/*
 * A word and an atomic exchange; and whoever had it last gives way to those that wait. Without that one CPU that
 * makes gate calls without end could keep another one out of the core for good.
 *
 *   free, nobody waits ── whoever comes ──> held
 *   free, some wait    ── whoever comes, but not who had it last, for as long as GIVE_WAY ──> held
 *
 * Not a ticket lock: an emulator or a hypervisor may let the CPU whose turn it is stand still for milliseconds, and
 * then everybody would stand still.
 *
 * Who waits answers what other CPUs ask meanwhile (kernel/cpu/remote.h), and looks once more when it has the
 * lock: then nothing that was asked before can be missed.
 */
#include "kernel/cpu/core_lock.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/dev/clock.h"

#include <stdbool.h>

#define GIVE_WAY 100000ull /* nanoseconds */

uint32_t core_lock, core_lock_waiters;
static uint32_t
    last_waiter; /* 1 + the number of the CPU that got it last after waiting; 0: none yet */

static bool try_to_take(void) {
    return !__atomic_load_n(&core_lock, __ATOMIC_RELAXED) &&
           __atomic_exchange_n(&core_lock, 1, __ATOMIC_ACQUIRE) == 0;
}

static bool gives_way(const struct cpu *cpu, uint64_t start) {
    return __atomic_load_n(&last_waiter, __ATOMIC_RELAXED) == cpu->number + 1 &&
           __atomic_load_n(&core_lock_waiters, __ATOMIC_RELAXED) > 1 &&
           clock_nanoseconds(read_tsc() - start) < GIVE_WAY;
}

void core_lock_wait(void) {
    struct cpu *cpu = this_cpu();
    uint64_t start = read_tsc();

    __atomic_fetch_add(&core_lock_waiters, 1, __ATOMIC_RELAXED);
    while (gives_way(cpu, start) || !try_to_take()) {
        remote_answer();
        __asm__ volatile("pause");
    }
    __atomic_fetch_sub(&core_lock_waiters, 1, __ATOMIC_RELAXED);
    last_waiter = cpu->number + 1;
    cpu->lock_waits++;
    cpu->lock_wait_ticks += read_tsc() - start;
    remote_answer();
}

void core_lock_take(void) {
    if (__atomic_load_n(&core_lock_waiters, __ATOMIC_RELAXED) || !try_to_take())
        core_lock_wait();
    remote_answer();
}

void core_lock_drop(void) {
    __atomic_store_n(&core_lock, 0, __ATOMIC_RELEASE);
}
