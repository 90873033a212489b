// SPDX-License-Identifier: MIT
/*
 * See remote.h. `asked` is set by who has the lock and cleared by the CPU itself, when it has loaded its views.
 */
#include "kernel/cpu/remote.h"

#include "kernel/cpu/registers.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/interrupt.h"

#include <stdbool.h>
#include <stddef.h>

struct cpu *cpus[CPU_MAX];
uint32_t cpus_running = 1;

static bool stopped;

void remote_ask_reload(struct cpu *cpu) {
    __atomic_store_n(&cpu->asked, 1, __ATOMIC_RELEASE);
}

void remote_call_in(struct cpu *cpu) {
    if (cpu_is_this(cpu))
        return;
    remote_ask_reload(cpu);
    if (cpu->current == NULL)
        return;
    apic_send(cpu->apic_id, VECTOR_REMOTE);
    while (__atomic_load_n(&cpu->asked, __ATOMIC_ACQUIRE))
        __asm__ volatile("pause");
}

void remote_kick(struct cpu *cpu) {
    if (cpu->reschedule)
        return;
    cpu->reschedule = 1;
    if (!cpu_is_this(cpu))
        apic_send(cpu->apic_id, VECTOR_REMOTE);
}

void remote_forget_all(void) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        remote_call_in(cpus[n]);
}

void remote_reload(void) {
    write_cr3(read_cr3());
    __atomic_store_n(&this_cpu()->asked, 0, __ATOMIC_RELEASE);
}

void remote_stop_all(void) {
    __atomic_store_n(&stopped, true, __ATOMIC_RELEASE);
    for (uint32_t n = 0; cpu_count() > 1 && n < cpu_count(); n++)
        if (!cpu_is_this(cpus[n]))
            apic_send_nmi(cpus[n]->apic_id);
}

void remote_look_at_stop(void) {
    while (__atomic_load_n(&stopped, __ATOMIC_ACQUIRE))
        __asm__ volatile("cli\n\thlt");
}
