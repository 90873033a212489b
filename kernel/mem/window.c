// SPDX-License-Identifier: MIT
/*
 * The windows of the running CPU: WINDOW_COUNT pages at WINDOW_BASE, in its own entry table. Mapped
 * in the inner view only, so no outer ring ever reaches a frame through one.
 */
#include "kernel/mem/window.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/mem/table.h"

_Static_assert(WINDOW_SLOT_COUNT <= WINDOW_COUNT, "one page a slot");

void *window_map(enum window_slot slot, frame_t frame) {
    uint32_t address = WINDOW_BASE + slot * PAGE_SIZE;
    struct cpu *cpu = this_cpu();

    if (cpu->window_frame[slot] != frame) {
        cpu->window_frame[slot] = frame;
        table_store(&cpu->window_entries[slot], PTE_PAGE(frame) | PTE_PRESENT | PTE_WRITE | PTE_NX);
        invalidate_page(address);
    }
    return (void *)address;
}

void window_forget_all(void) {
    for (uint32_t slot = 0; slot < WINDOW_COUNT; slot++)
        this_cpu()->window_frame[slot] = NO_FRAME_T;
}
