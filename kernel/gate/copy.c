// SPDX-License-Identifier: MIT
/*
 * The caller's memory, whoever calls: a manager names linear addresses of its quarter, a driver
 * offsets in its slot. Neither can name anything else.
 */
#include "kernel/mem/copy.h"

#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/defence.h"
#include "kernel/domain/driver.h"
#include "kernel/gate/gate.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"
#include "kernel/sched/thread.h"

static frame_t slot_page(const void *domain, uint32_t offset, bool write) {
    const struct driver *driver = domain;
    const uint64_t *table = window_map(WINDOW_TABLE, driver->directory_table[offset / TABLE_BYTES]);
    uint64_t leaf = table[(offset >> PAGE_SHIFT) % TABLE_ENTRIES];

    if (!(leaf & PTE_PRESENT) || leaf & PTE_DEVICE ||
        (DEFENCE_COPY_WRITABLE && write && !(leaf & PTE_WRITE)))
        return NO_FRAME_T;
    return PTE_FRAME(leaf);
}

static bool in_slot(uint32_t offset, uint32_t bytes) {
    return !DEFENCE_COPY_RANGE || (offset < DRIVER_SLOT_SIZE && bytes <= DRIVER_SLOT_SIZE - offset);
}

enum status gate_copy_in(void *to, uint32_t from, uint32_t bytes) {
    const struct thread *caller = this_cpu()->current;

    if (caller->tenant)
        return tenant_copy_in(caller->tenant, to, from, bytes);
    return in_slot(from, bytes) ? copy_from_pages(slot_page, caller->driver, to, from, bytes)
                                : STATUS_BAD_ADDRESS;
}

enum status gate_copy_out(uint32_t to, const void *from, uint32_t bytes) {
    const struct thread *caller = this_cpu()->current;

    if (caller->tenant)
        return tenant_copy_out(caller->tenant, to, from, bytes);
    return in_slot(to, bytes) ? copy_to_pages(slot_page, caller->driver, to, from, bytes)
                              : STATUS_BAD_ADDRESS;
}
