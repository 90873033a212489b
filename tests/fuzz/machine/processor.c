// SPDX-License-Identifier: MIT
/*
 * See processor.h. What is hardware in the core ends here: kernel/cpu/trap.c, tables.c, kernel/fence/view.c,
 * kernel/dev/clock.c and timer.c have no part in it, and these functions stand for theirs.
 */
#include "tests/fuzz/machine/processor.h"

#include "kernel/boot_information.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/stretch.h"
#include "kernel/cpu/tables.h"
#include "kernel/cpu/trap.h"
#include "kernel/cpu/upcall.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/probe.h"
#include "kernel/fence/view.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"
#include "tests/fuzz/machine/pci_space.h"

#include <setjmp.h>

#define PORT_PCI_FIRST    0xCF8u
#define PORT_PCI_END      0xD00u
#define TICK              100u /* nanoseconds that pass whenever somebody looks at the clock */
#define LONGEST_SLEEP     100000000ull
#define TSC_PER_NANO      0x100000000ull /* a tick is a nanosecond */
#define VECTOR_EXCEPTIONS 32u

struct processor processor;
struct boot_information boot_information;
uint64_t core_directory[512];

static jmp_buf left; /* where the core goes on to when it leaves */
static bool lock_taken;

/* ---- Into the core and out of it ---- */

struct thread *processor_runs(void) {
    return this_cpu()->current;
}

static _Noreturn void leave_by_scheduler(void) {
    struct cpu *cpu = this_cpu();

    if (cpu->reschedule || cpu->current == NULL || cpu->current->state != THREAD_RUNNING)
        scheduler_run();
    resume_thread(cpu->current);
}

void resume_thread(struct thread *thread) {
    PROMISE(thread == this_cpu()->current && thread->state == THREAD_RUNNING);
    if (thread->tenant) {
        PROMISE(thread->tenant->state == TENANT_RUNNING && !thread->tenant->building);
        PROMISE(thread->space == NULL || !thread->space->dying);
        view_load_tenant(thread->tenant, thread->space);
        tables_set_tls(thread->tls);
    }
    this_cpu()->resumed = thread;
    if (thread->poked && !upcall_poke(thread))
        scheduler_run();
    core_lock_drop();
    longjmp(left, 1);
}

void wait_for_interrupt(void) {
    PROMISE(!lock_taken && this_cpu()->current == NULL);
    longjmp(left, 1);
}

void take_interrupts(void) {
    PROMISE(!lock_taken);
}

void processor_call(gate_handler *handler, struct gate_frame *frame) {
    struct thread *thread = this_cpu()->current;

    if (setjmp(left) != 0)
        return;
    core_lock_take();
    uint32_t status = handler(frame);
    PROMISE(status < STATUS_COUNT || status == GATE_SWITCH);
    PROMISE(status != GATE_SWITCH || this_cpu()->reschedule);
    if (this_cpu()->current == thread && thread != NULL && status != GATE_SWITCH) {
        thread->frame.eax = status;
        thread->frame.edx = frame->edx;
    }
    leave_by_scheduler();
}

void processor_fault(uint32_t vector, uint32_t error, uint32_t address) {
    struct thread *thread = this_cpu()->current;

    if (setjmp(left) != 0)
        return;
    core_lock_take();
    processor.fault_address = address;
    thread->frame.vector = vector % VECTOR_EXCEPTIONS;
    thread->frame.error = error;
    fault_from_outer(thread);
    leave_by_scheduler();
}

void processor_interrupt(uint32_t vector) {
    if (setjmp(left) != 0)
        return;
    core_lock_take();
    if (vector != VECTOR_TIMER)
        interrupt_arrived(vector);
    scheduler_interrupted();
    leave_by_scheduler();
}

void processor_boot(void (*function)(void)) {
    if (setjmp(left) != 0)
        return;
    core_lock_take();
    function();
    scheduler_run();
}

uint32_t gate_null(struct gate_frame *frame) {
    (void)frame;
    return STATUS_OK;
}

void core_lock_take(void) {
    PROMISE(!lock_taken);
    lock_taken = true;
}

void core_lock_drop(void) {
    PROMISE(lock_taken);
    lock_taken = false;
}

void panic(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "the core panics: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    abort();
}

/* The operator may, and then there is nothing more to look at. */
void power_off(void) {
    core_lock_drop();
    longjmp(left, 1);
}

void debug_frame(char type, const void *payload, uint32_t bytes) {
    (void)type;
    touch(payload, bytes);
}

/* ---- Time ---- */

uint64_t read_tsc(void) {
    return processor.now += TICK;
}

uint64_t clock_now(void) {
    return read_tsc();
}

uint64_t clock_at(uint64_t ticks) {
    return ticks;
}

uint64_t clock_nanoseconds(uint64_t ticks) {
    return ticks;
}

uint64_t clock_tsc_at_boot(void) {
    return 0;
}

uint64_t clock_tsc_multiplier(void) {
    return TSC_PER_NANO;
}

uint64_t clock_wall_at_boot(void) {
    return 1000000000;
}

void timer_set(uint64_t when, uint64_t now) {
    processor.alarm = when < now + LONGEST_SLEEP ? when : now + LONGEST_SLEEP;
}

void timer_has_rung(void) {}

void stretch_begin(struct cpu *cpu, uint32_t by) {
    (void)by;
    cpu->entered = processor.now;
}

void stretch_end(struct cpu *cpu) {
    (void)cpu;
}

/* ---- Ports and registers ---- */

static bool is_pci(uint16_t port) {
    return port >= PORT_PCI_FIRST && port < PORT_PCI_END;
}

void out8(uint16_t port, uint8_t value) {
    if (is_pci(port))
        pci_space_out(port, value, 1);
}

void out16(uint16_t port, uint16_t value) {
    if (is_pci(port))
        pci_space_out(port, value, 2);
}

void out32(uint16_t port, uint32_t value) {
    if (is_pci(port))
        pci_space_out(port, value, 4);
}

/* Of the others the core reads the 8259's alone: what it asks about is in service. */
uint8_t in8(uint16_t port) {
    return (uint8_t)(is_pci(port) ? pci_space_in(port, 1) : 0xFF);
}

uint16_t in16(uint16_t port) {
    return (uint16_t)(is_pci(port) ? pci_space_in(port, 2) : 0xFFFF);
}

uint32_t in32(uint16_t port) {
    return is_pci(port) ? pci_space_in(port, 4) : 0xFFFFFFFF;
}

uint32_t read_cr2(void) {
    return processor.fault_address;
}

uint32_t read_cr3(void) {
    return 0;
}

void write_cr3(uint32_t value) {
    (void)value;
}

void invalidate_page(uint32_t address) {
    (void)address;
}

/* ---- Tables and views ---- */

/* No address that a TLS segment reaches lies past the app's fence. */
static void check_tls(uint64_t descriptor) {
    uint32_t access = (uint32_t)(descriptor >> 40) & 0xFF, base = descriptor_base(descriptor);
    uint64_t limit = (descriptor & 0xFFFF) | (descriptor >> 32 & 0xF0000);
    uint64_t last = descriptor >> 55 & 1 ? limit << PAGE_SHIFT | (PAGE_SIZE - 1) : limit;

    PROMISE((access & 0xFA) == 0xF2 && base < APP_LIMIT);
    if (access & 4) /* expand-down: from behind the limit to 4 GiB, so below the base */
        PROMISE(base + last + 1 >= 0x100000000ull);
    else
        PROMISE(base + last < APP_LIMIT);
}

void tables_set_tls(const uint64_t tls[TLS_SLOT_COUNT]) {
    for (uint32_t slot = 0; slot < TLS_SLOT_COUNT; slot++)
        if (tls[slot] != 0)
            check_tls(tls[slot]);
}

uint64_t gdt_entry(uint32_t index) {
    return index;
}

void view_load_tenant(struct tenant *tenant, struct space *space) {
    processor.viewed = tenant;
    processor.view[0] = space ? space->directory[0] : NO_FRAME_T;
    processor.view[1] = space ? space->directory[1] : NO_FRAME_T;
    processor.view[2] = tenant->directory;
    this_cpu()->loaded_tenant = tenant;
}

void view_refresh(void) {
    struct cpu *cpu = this_cpu();

    if (cpu->loaded_tenant && cpu->current && cpu->current->tenant == cpu->loaded_tenant)
        view_load_tenant(cpu->loaded_tenant, cpu->current->space);
}

static void forget_view(void) {
    processor.viewed = NULL;
    processor.view[0] = processor.view[1] = processor.view[2] = NO_FRAME_T;
    this_cpu()->loaded_tenant = NULL;
    this_cpu()->resumed = NULL;
}

void view_forget_tenant(struct tenant *tenant) {
    if (this_cpu()->loaded_tenant == tenant)
        forget_view();
}

void view_forget_space(struct space *space) {
    if (space->directory[0] == NO_FRAME_T && space->directory[1] == NO_FRAME_T)
        return;
    if (processor.view[0] == space->directory[0] && processor.view[1] == space->directory[1])
        forget_view();
}

void probe_run(struct probe_result *result) {
    *result = (struct probe_result){.checks = 36};
}

/* The stubs of gate.S, as addresses for the descriptors. */
#define STUB(group) const char gate_##group##_segment[1], gate_##group##_paging[1]
STUB(memory);
STUB(thread);
STUB(io);
STUB(channel);
STUB(control);
STUB(driver);
