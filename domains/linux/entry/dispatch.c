// SPDX-License-Identifier: MIT
/*
 * From a system call's number to its handler: int32_t sys_NAME(uint32_t ebx, ecx, edx, esi, edi,
 * ebp). Those that are FAST the assembly calls itself; what it does not find there comes here.
 */
#include "domains/linux/entry/entry.h"

#include "domains/lib/gate.h"
#include "domains/lib/lock.h"
#include "domains/lib/log.h"
#include "domains/linux/defence.h"
#include "domains/linux/errno.h"
#include "domains/linux/signal/restart.h"

#define CALL(number, name) system_call_handler sys_##name;
#define FAST(number, name) system_call_handler sys_##name;
#include "domains/linux/entry/system_calls.h"
#undef CALL
#undef FAST

/* NULL: no such call, or one of the other kind. */
#define CALL(number, name)
#define FAST(number, name) [number] = sys_##name,
system_call_handler *const fast_calls[SYSCALL_COUNTERS] = {
#include "domains/linux/entry/system_calls.h"
};
#undef CALL
#undef FAST

#define CALL(number, name) [number] = sys_##name,
#define FAST(number, name)
static system_call_handler *const locked_calls[SYSCALL_COUNTERS] = {
#include "domains/linux/entry/system_calls.h"
};
#undef CALL
#undef FAST

uint32_t system_call_counts[SYSCALL_COUNTERS];
static uint32_t unknown[SYSCALL_COUNTERS];

static int32_t unknown_call(uint32_t number) {
    if (number < SYSCALL_COUNTERS)
        unknown[number]++;
    return -ENOSYS;
}

/* An interrupted call must go through return_with_work(), which restarts it or makes it EINTR, even
 * if another thread has taken the signal meanwhile. */
static int32_t call_locked(system_call_handler *handler, const struct registers *registers) {
    manager_lock();
    int32_t result = handler(registers->ebx, registers->ecx, registers->edx, registers->esi,
                             registers->edi, registers->ebp);
    if (result_asks_for_restart(result))
        thread_control()->pending = 1;
    manager_unlock();
    return result;
}

FROM_ASSEMBLY void system_call(struct registers *registers) {
    uint32_t number = registers->number;
    if (DEFENCE_SYSTEM_CALL_BOUND && number >= SYSCALL_COUNTERS) {
        registers->eax = (uint32_t)unknown_call(number);
        return;
    }
    system_call_counts[number]++;
    if (locked_calls[number] == NULL)
        registers->eax = (uint32_t)unknown_call(number);
    else
        registers->eax = (uint32_t)call_locked(locked_calls[number], registers);
}

FROM_ASSEMBLY _Noreturn void entered_from_inside(struct registers *registers) {
    panic("ring 2 itself called the system call gate, at %04x:%08x", registers->cs & 0xFFFF,
          registers->eip);
}

void entry_register(void) {
    const struct manager_registration registration = {
        .restart_start = (uint32_t)(uintptr_t)exit_range,
        .restart_end = (uint32_t)(uintptr_t)exit_range_end,
        .syscall_calls = (uint32_t)(uintptr_t)system_call_counts,
        .syscall_unknown = (uint32_t)(uintptr_t)unknown,
    };
    if (manager_register(&registration) != STATUS_OK)
        panic("the core refused the manager's registration");
}
