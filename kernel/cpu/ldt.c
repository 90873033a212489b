// SPDX-License-Identifier: MIT
/*
 * Where the segment fence is in force (`segment`, `both`) every limit is exact: app below 2 GiB, manager below
 * 3 GiB, a driver its slot. Under `paging` alone the limits are flat on purpose: what then holds, holds by
 * page tables only, and the tests see exactly that fence.
 */
#include "kernel/cpu/ldt.h"

#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"
#include "kernel/cpu/descriptor.h"
#include "kernel/defence.h"
#include "kernel/fence/fence.h"
#include "kernel/layout.h"

#define GATE_SYMBOLS(group) extern const char gate_##group##_segment[], gate_##group##_paging[];
GATE_SYMBOLS(memory)
GATE_SYMBOLS(thread)
GATE_SYMBOLS(io)
GATE_SYMBOLS(channel)
GATE_SYMBOLS(control)
GATE_SYMBOLS(driver)

#define CALL_GATE(group, dpl)                                                                      \
    gate_descriptor(                                                                               \
        SELECTOR_CORE_CODE,                                                                        \
        (uint32_t)(fence_uses_paging() ? gate_##group##_paging : gate_##group##_segment),          \
        ACCESS_CALL_GATE(dpl))

#define MANAGER_GATE_LEVEL (DEFENCE_CALL_GATE_LEVEL ? 2u : 3u)

static uint64_t segment_below(uint32_t limit, bool cut, uint32_t access) {
    uint32_t last_page = cut && fence_uses_segments() ? (limit >> PAGE_SHIFT) - 1 : 0xFFFFF;

    return segment_descriptor(0, last_page, access, FLAGS_PAGES);
}

void ldt_build_tenant(uint64_t *ldt, bool is_operator) {
    ldt[SELECTOR_APP_CODE >> 3] = segment_below(APP_LIMIT, DEFENCE_APP_LIMIT, ACCESS_CODE(3u));
    ldt[SELECTOR_APP_DATA >> 3] = segment_below(APP_LIMIT, DEFENCE_APP_LIMIT, ACCESS_DATA(3u));
    ldt[SELECTOR_MANAGER_CODE >> 3] =
        segment_below(MANAGER_LIMIT, DEFENCE_MANAGER_LIMIT, ACCESS_CODE(2u));
    ldt[SELECTOR_MANAGER_DATA >> 3] =
        segment_below(MANAGER_LIMIT, DEFENCE_MANAGER_LIMIT, ACCESS_DATA(2u));
    ldt[SELECTOR_SYSCALL_GATE >> 3] =
        gate_descriptor(SELECTOR_MANAGER_CODE, MANAGER_ENTRY_LCALL, ACCESS_CALL_GATE(3u));
    ldt[SELECTOR_GATE_MEMORY >> 3] = CALL_GATE(memory, MANAGER_GATE_LEVEL);
    ldt[SELECTOR_GATE_THREAD >> 3] = CALL_GATE(thread, MANAGER_GATE_LEVEL);
    ldt[SELECTOR_GATE_IO >> 3] = CALL_GATE(io, MANAGER_GATE_LEVEL);
    ldt[SELECTOR_GATE_CHANNEL >> 3] = CALL_GATE(channel, MANAGER_GATE_LEVEL);
    ldt[SELECTOR_GATE_CONTROL >> 3] =
        is_operator || !DEFENCE_CONTROL_GATE_ABSENT ? CALL_GATE(control, MANAGER_GATE_LEVEL) : 0;
}

void ldt_build_driver(uint64_t *ldt, uint32_t slot) {
    bool cut = DEFENCE_DRIVER_LIMIT && fence_uses_segments();
    uint32_t last_page = cut ? (DRIVER_SLOT_SIZE >> PAGE_SHIFT) - 1 : 0xFFFFF;

    ldt[SELECTOR_DRIVER_CODE >> 3] =
        segment_descriptor(slot, last_page, ACCESS_CODE(1u), FLAGS_PAGES);
    ldt[SELECTOR_DRIVER_DATA >> 3] =
        segment_descriptor(slot, last_page, ACCESS_DATA(1u), FLAGS_PAGES);
    ldt[SELECTOR_GATE_DRIVER >> 3] = CALL_GATE(driver, 1u);
}
