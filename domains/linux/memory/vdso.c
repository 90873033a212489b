// SPDX-License-Identifier: MIT
/*
 * The page's instructions, as bytes: they run in ring 3 at a fixed address, not where the linker
 * would put them.
 */
#include "domains/linux/memory/vdso.h"

#include "domains/lib/heap.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"

/* Not lcall: that brings no EFLAGS, and to make the same frame of it costs five instructions. */
static const uint8_t system_call_code[] = {
    0xCD, 0x80, /* int $0x80 */
    0xC3,       /* ret */
};
static const uint8_t sigreturn_code[] = {
    0x58,                /* pop %eax: the signal number */
    0xB8, 119,  0, 0, 0, /* mov $sigreturn, %eax */
    0xCD, 0x80,          /* int $0x80 */
};
static const uint8_t rt_sigreturn_code[] = {
    0xB8, 173,  0, 0, 0, /* mov $rt_sigreturn, %eax */
    0xCD, 0x80,          /* int $0x80 */
};

static uint32_t frame;

void vdso_start(void) {
    frame = frame_allocate();
    if (frame == NO_FRAME)
        panic("no memory for the vdso");
    char *page = frame_pointer(frame);
    memcpy(page + VDSO_SYSTEM_CALL, system_call_code, sizeof(system_call_code));
    memcpy(page + VDSO_SIGRETURN, sigreturn_code, sizeof(sigreturn_code));
    memcpy(page + VDSO_RT_SIGRETURN, rt_sigreturn_code, sizeof(rt_sigreturn_code));
}

uint32_t vdso_frame(void) {
    return frame;
}
