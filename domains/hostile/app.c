// SPDX-License-Identifier: MIT
#include "domains/hostile/app.h"

#include "domains/hostile/attack.h"
#include "domains/lib/gate.h"
#include "domains/lib/memory.h"

#include "kernel/abi/selector.h"

#define APP_PAGE   0x8000u /* below 64 KiB, so that a 16-bit ESP can name its stack */
#define CODE_BYTES 256
#define FLAGS      0x202u /* interrupts on */

_Noreturn void app_returned(uint32_t result);
_Noreturn void app_faulted(const struct upcall_frame *frame);

uint32_t app_survives, app_expected;

_Noreturn void app_returned(uint32_t result) {
    if (result != app_expected)
        escaped("ring 3 got %x", result);
    refused("ring 3 got %x, as it should", result);
}

_Noreturn void app_faulted(const struct upcall_frame *frame) {
    refused("exception %u in ring %u at %x", frame->vector, frame->cs & 3, frame->eip);
}

_Noreturn void app_run(const char *code, uint32_t stack_selector) {
    uint32_t frame = take_frame(), space = space_create().value;
    const struct map_entry page = {APP_PAGE | MAP_PRESENT | MAP_WRITE | MAP_EXECUTE, frame};
    memcpy(frame_at(frame), code, CODE_BYTES);
    if (space_map(space, &page, 1) != STATUS_OK || space_activate(space) != STATUS_OK)
        refused("no page for the app");
    __asm__ volatile("pushl %0\n\t"
                     "pushl %1\n\t"
                     "pushl %2\n\t"
                     "pushl %3\n\t"
                     "pushl %4\n\t"
                     "movl %5, %%eax\n\t"
                     "movl %%eax, %%ds\n\t"
                     "movl %%eax, %%es\n\t"
                     "iretl"
                     :
                     : "r"(stack_selector), "i"(APP_PAGE + PAGE_SIZE), "i"(FLAGS),
                       "i"(SELECTOR_APP_CODE), "i"(APP_PAGE), "i"(SELECTOR_APP_DATA)
                     : "eax", "memory");
    __builtin_unreachable();
}
