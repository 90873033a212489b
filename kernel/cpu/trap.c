// SPDX-License-Identifier: MIT
/*
 * What entry.S and gate.S call, and the way out.
 *
 *   outer ring ──trap, interrupt──> trap_from_outer ──┐
 *   outer ring ──call gate──> handler ──(switch)──> gate_switch ──> leave() ──> resume_thread ──> outer ring
 *   ring 0 ────idle interrupt, NMI, faulting exit──> trap_nested ──> where it was
 *
 * A thread that is not running is nothing but its saved frame, so both ways in end with the same way out.
 */
#include "kernel/cpu/trap.h"

#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/mitigation.h"
#include "kernel/cpu/offsets.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/cpu/stretch.h"
#include "kernel/cpu/tables.h"
#include "kernel/cpu/upcall.h"
#include "kernel/defence.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fault/injector.h"
#include "kernel/fence/fence.h"
#include "kernel/fence/probe.h"
#include "kernel/fence/view.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"
#include "kernel/sched/sweep.h"

#include <string.h>

#define ENTRY_STACK_USED 512u /* at most, by the stubs and the CPU */

#define VECTOR_DEBUG         1
#define VECTOR_NMI           2
#define VECTOR_DOUBLE_FAULT  8
#define VECTOR_MACHINE_CHECK 18
#define EXCEPTIONS           32

_Noreturn void resume_frame(struct trap_frame *frame, uint32_t outer_cr3);

struct fixup {
    uint32_t instruction, target;
};
extern const struct fixup trap_fixups[];
extern const char gate_first_segment[], gate_last_segment[], gate_first_paging[],
    gate_last_paging[];

/* Of an assignment the compiler makes a loop or a call. */
static inline void copy_frame(struct trap_frame *to, const struct trap_frame *from) {
    uint32_t words = sizeof *to / sizeof(uint32_t);

    __asm__ volatile("rep movsl" : "+S"(from), "+D"(to), "+c"(words) : : "memory");
}

static _Noreturn void leave(void) {
    struct cpu *cpu = this_cpu();

    if (cpu->reschedule || cpu->current == NULL || cpu->current->state != THREAD_RUNNING)
        scheduler_run();
    resume_thread(cpu->current);
}

static void handle_interrupt(uint32_t vector, uint32_t eip) {
    struct cpu *cpu = this_cpu();

    cpu->interrupts++;
    if (vector == VECTOR_TIMER) {
        timer_has_rung();
        scheduler_interrupted();
        sweep_hit(eip);
    } else if (vector == VECTOR_REMOTE) {
        apic_end_interrupt();
        cpu->interrupted |= cpu->reschedule;
    } else if (vector >= VECTOR_LINES && vector < VECTOR_LINES + LINES) {
        interrupt_arrived(vector); /* a driver that is at work hears of it when it waits */
        cpu->interrupted |= cpu->reschedule;
    }
}

/* Another CPU may have taken the thread away while this one waited for the lock: then nobody is at fault. */
void trap_from_outer(struct trap_frame *frame) {
    struct cpu *cpu = this_cpu();
    uint32_t vector = frame->vector;

    if (probe_is_running())
        probe_answer(frame);
    if (vector == VECTOR_NMI) {
        remote_look_at_stop();
        sweep_nmi(frame->eip);
    }
    stretch_begin(cpu, vector);
    core_lock_take();
    if (cpu->current)
        copy_frame(&cpu->current->frame, frame);
    if (vector == VECTOR_MACHINE_CHECK)
        panic("machine check at CPL %u", frame->cs & 3);
    if (vector >= EXCEPTIONS)
        handle_interrupt(vector, frame->eip);
    if (cpu->current && frame->eflags & EFLAGS_VM)
        fault_in_virtual_mode(cpu->current);
    else if (cpu->current && vector < EXCEPTIONS && vector != VECTOR_NMI)
        fault_from_outer(cpu->current);
    leave();
}

/* A hostile TF is alive until the stub's second instruction has run: #DB then hits ring 0. */
static bool in_gate_stub(uint32_t eip) {
    return (eip >= (uint32_t)gate_first_segment && eip < (uint32_t)gate_last_segment) ||
           (eip >= (uint32_t)gate_first_paging && eip < (uint32_t)gate_last_paging);
}

static bool fix_up(struct trap_frame *frame) {
    for (const struct fixup *fixup = trap_fixups; fixup->instruction; fixup++) {
        if (fixup->instruction != frame->eip)
            continue;
        if (fixup->target == FIXUP_RESUME)
            run_on_core_stack(fault_at_resume);
        if (fixup->target == FIXUP_GATE)
            run_on_core_stack(fault_at_gate_return);
        frame->eip = fixup->target;
        return true;
    }
    return false;
}

/* NMIs only count: they may hit between any two instructions of the core. An interrupt hits an idle CPU, or the
 * start of a gate's stub: and if another CPU takes the caller away meanwhile, there is nobody to return to, nor
 * the segments to return with. */
void trap_nested(struct trap_frame *frame) {
    uint32_t vector = frame->vector;

    if (vector == VECTOR_NMI) {
        remote_look_at_stop();
        sweep_nmi(frame->eip);
        return;
    }
    if (DEFENCE_GATE_DEBUG_WINDOW && vector == VECTOR_DEBUG && in_gate_stub(frame->eip)) {
        frame->eflags &= ~EFLAGS_TF;
        return;
    }
    if (vector == VECTOR_DEBUG && injector_watched())
        return;
    if (vector >= EXCEPTIONS) {
        core_lock_take();
        handle_interrupt(vector, frame->eip);
        if (in_gate_stub(frame->eip) && this_cpu()->current == NULL)
            run_on_core_stack(scheduler_run);
        core_lock_drop();
        return;
    }
    if (vector >= 10 && vector <= 14 && fix_up(frame))
        return;
    panic("%s in the core: eip %08x error %x cr2 %08x cs %x eflags %x", exception_name(vector),
          frame->eip, frame->error, read_cr2(), frame->cs, frame->eflags);
}

/* #DF in the inner view, by its task gate: nothing of the interrupted state can be trusted. */
_Noreturn void double_fault_entry(void) {
    const struct task_state *tss = (const struct task_state *)ENTRY_TSS;

    panic("double fault: eip %08x esp %08x cs %x eflags %x cr2 %08x", tss->eip, tss->esp, tss->cs,
          tss->eflags, read_cr2());
}

/* The gate left FS and GS in the registers; everything else is in its frame. */
void gate_switch(struct gate_frame *gate, uint32_t status) {
    struct cpu *cpu = this_cpu();
    struct thread *thread = cpu->current;

    stretch_goes_on(cpu);
    if (thread) {
        struct trap_frame *frame = &thread->frame;
        uint32_t fs, gs;

        __asm__ volatile("mov %%fs, %0\n\tmov %%gs, %1" : "=r"(fs), "=r"(gs));
        /* A call that blocked may have been answered already: then EAX and EDX are the waker's. */
        uint32_t eax = status == GATE_SWITCH ? frame->eax : status;
        uint32_t edx = status == GATE_SWITCH ? frame->edx : gate->edx;
        frame->gs = gs;
        frame->fs = fs;
        frame->es = gate->es;
        frame->ds = gate->ds;
        frame->edi = gate->edi;
        frame->esi = gate->esi;
        frame->ebp = gate->ebp;
        frame->ebx = gate->ebx;
        frame->edx = edx;
        frame->ecx = gate->ecx;
        frame->eax = eax;
        frame->eip = gate->eip;
        frame->cs = gate->cs;
        frame->eflags = EFLAGS_OUTER;
        frame->esp = gate->esp;
        frame->ss = gate->ss;
        frame->reserved = frame->vector = frame->error = 0;
    }
    leave();
}

/* ---- the way out ---- */

/* Eager, so that nothing of another domain is left to be read: a driver gets CR0.TS instead. What a CPU holds is
 * also in its thread's block (thread_save_fpu), so it may be overwritten; it is good for as long as the thread
 * has not run elsewhere. */
static void load_fpu(struct cpu *cpu, struct thread *thread) {
    if (thread->driver) {
        if (DEFENCE_FPU_CLOSED_TO_DRIVERS && !cpu->task_switched) {
            write_cr0(read_cr0() | CR0_TS);
            cpu->task_switched = true;
        }
        return;
    }
    if (cpu->task_switched)
        clear_task_switched();
    cpu->task_switched = false;
    if (!DEFENCE_FPU_SWITCH || (cpu->fpu_owner == thread && thread->cpu == cpu->number))
        return;
    __asm__ volatile("fxrstor %0" : : "m"(thread->fpu));
    cpu->fpu_owner = thread;
}

static void load_ports(struct cpu *cpu, struct driver *driver) {
    uint32_t index = 0;
    uint16_t first, count;

    if (cpu->loaded_driver == driver)
        return;
    while (DEFENCE_DRIVER_PORTS_CLOSED && cpu->loaded_driver &&
           driver_next_ports(cpu->loaded_driver, &index, &first, &count))
        tables_close_port_range(first, count);
    for (index = 0; driver_next_ports(driver, &index, &first, &count);)
        tables_open_port_range(first, count);
    cpu->loaded_driver = driver;
}

/* What is a thread's own. */
static void load_thread(struct cpu *cpu, struct thread *thread) {
    static const uint64_t no_tls[TLS_SLOT_COUNT];

    if (thread->driver) {
        view_load_driver(thread->driver);
        if (DEFENCE_TLS_EMPTY_FOR_DRIVERS)
            tables_set_tls(no_tls);
    } else {
        view_load_tenant(thread->tenant, thread->space);
        tables_set_tls(thread->tls);
        tables_set_stack2(thread->stack_top);
    }
    load_fpu(cpu, thread);
}

/* What all threads of a domain have in common. Its LDT is mapped by now. */
static void load_domain(struct cpu *cpu, struct thread *thread) {
    if (thread->driver) {
        load_ports(cpu, thread->driver);
        tables_set_ldt(thread->driver->slot + DRIVER_LDT, DRIVER_LDT_ENTRIES);
    } else {
        tables_set_ldt(MANAGER_LDT, TENANT_LDT_ENTRIES);
    }
    tables_use_ports(thread->driver != NULL);
    mitigation_cross(cpu,
                     thread); /* last: what was moved here for the old domain is in buffers too */
}

/* Registers of a domain that was interrupted at a stub's start lie below the frame on the entry stack. */
static void scrub_entry_stack(void) {
    memset((void *)(ENTRY_STACK_TOP - ENTRY_STACK_USED), 0,
           ENTRY_STACK_USED - sizeof(struct trap_frame));
}

/* `before` ran here last; NULL: not known. */
static bool is_of_another_domain(const struct thread *thread, const struct thread *before) {
    return before == NULL || thread->tenant == NULL || thread->tenant != before->tenant;
}

void resume_thread(struct thread *thread) {
    struct cpu *cpu = this_cpu();
    bool paging = fence_uses_paging();
    struct trap_frame *way_out = (struct trap_frame *)((paging ? ENTRY_STACK_TOP : CORE_STACK_TOP) -
                                                       sizeof(struct trap_frame));

    if (cpu->resumed != thread || thread->cpu != cpu->number) {
        load_thread(cpu, thread);
        if (is_of_another_domain(thread, cpu->resumed)) {
            load_domain(cpu, thread);
            if (paging)
                scrub_entry_stack();
        }
        cpu->resumed = thread;
        cpu->context_switches++;
        thread->cpu = cpu->number;
    }
    if (thread->poked && !upcall_poke(thread))
        run_on_core_stack(scheduler_run); /* its ring-2 stack was bad: the tenant is gone */
    copy_frame(way_out, &thread->frame);
    sweep_arm(thread);
    injector_resumes(thread);
    stretch_end(cpu);
    remote_answer();
    core_lock_drop();
    resume_frame(way_out, cpu->outer_cr3);
}
