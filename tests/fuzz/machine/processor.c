// SPDX-License-Identifier: MIT
/*
 * See processor.h. What is hardware in the core ends here: kernel/cpu/trap.c, tables.c, kernel/dev/clock.c, apic.c
 * and timer.c have no part in it, and these functions stand for theirs.
 */
#define _GNU_SOURCE /* memfd_create() */
#include "tests/fuzz/machine/processor.h"

#include "kernel/boot_information.h"
#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/mitigation.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/cpu/stretch.h"
#include "kernel/cpu/tables.h"
#include "kernel/cpu/trap.h"
#include "kernel/cpu/upcall.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/probe.h"
#include "kernel/fence/view.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/pci_space.h"

#include <setjmp.h>
#include <sys/mman.h>
#include <unistd.h>

#define PORT_PCI_FIRST    0xCF8u
#define PORT_PCI_END      0xD00u
#define TICK              100u /* nanoseconds that pass whenever somebody looks at the clock */
#define LONGEST_SLEEP     100000000ull
#define TSC_PER_NANO      0x100000000ull /* a tick is a nanosecond */
#define VECTOR_EXCEPTIONS 32u
#define LOCAL_BYTES       (CPU_LOCAL_PAGES * PAGE_SIZE)

struct processor processors[PROCESSORS];
uint64_t processor_time;
bool machine_is_off;
struct boot_information boot_information;
uint64_t core_directory[512];

extern uint32_t core_lock;

static int local_files[PROCESSORS]; /* each processor's memory at CPU_LOCAL */
static jmp_buf left;                /* where the core goes on to when it leaves */

/* ---- Whose turn it is ---- */

static void map_local(void *address, uint32_t number) {
    PROMISE(mmap(address, LOCAL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                 local_files[number], 0) == address);
}

/* Its struct cpu is then at two addresses, as the core has it: at CPU_LOCAL, and where it was built. */
static void share_local(uint32_t number) {
    void *place = (void *)cpus[number];
    uint8_t bytes[LOCAL_BYTES];

    copy_unseen(bytes, place, LOCAL_BYTES);
    local_files[number] = memfd_create("local", 0);
    PROMISE(ftruncate(local_files[number], LOCAL_BYTES) == 0);
    map_local(place, number);
    copy_unseen(place, bytes, LOCAL_BYTES);
}

void processors_start(void) {
    for (uint32_t number = 0; number < PROCESSORS; number++)
        share_local(number);
    cpus_running = PROCESSORS;
    processor_select(0);
}

void processor_select(uint32_t number) {
    map_local((void *)CPU_LOCAL, number);
    PROMISE(this_cpu()->number == number);
}

static struct processor *this_processor(void) {
    return &processors[this_cpu()->number];
}

struct thread *processor_runs(void) {
    return this_cpu()->current;
}

/* ---- Into the core and out of it ---- */

static void enter(void) {
    if (machine_is_off)
        longjmp(left, 1);
    PROMISE(core_lock == 0);
    core_lock_take();
}

static _Noreturn void leave(void) {
    struct cpu *cpu = this_cpu();

    if (cpu->reschedule || cpu->current == NULL || cpu->current->state != THREAD_RUNNING)
        scheduler_run();
    resume_thread(cpu->current);
}

static void check_thread(const struct thread *thread) {
    PROMISE(thread == this_cpu()->current && thread->state == THREAD_RUNNING);
    for (uint32_t n = 0; n < PROCESSORS; n++)
        PROMISE(cpus[n]->current != thread || n == this_cpu()->number);
    if (thread->tenant) {
        PROMISE(thread->tenant->state == TENANT_RUNNING && !thread->tenant->building);
        PROMISE(thread->space == NULL || !thread->space->dying);
    }
}

void resume_thread(struct thread *thread) {
    struct cpu *cpu = this_cpu();

    check_thread(thread);
    if (cpu->resumed != thread || thread->cpu != cpu->number) {
        if (thread->tenant) {
            view_load_tenant(thread->tenant, thread->space);
            tables_set_tls(thread->tls);
            cpu->fpu_owner = thread;
        } else {
            view_load_driver(thread->driver);
        }
        cpu->resumed = thread;
        thread->cpu = cpu->number;
    }
    if (thread->poked && !upcall_poke(thread))
        scheduler_run();
    remote_answer();
    core_lock_drop();
    longjmp(left, 1);
}

void wait_for_interrupt(void) {
    PROMISE(core_lock == 0 && this_cpu()->current == NULL);
    longjmp(left, 1);
}

void take_interrupts(void) {
    PROMISE(core_lock == 0);
}

/* Another processor may have taken the thread away while this one waited for the lock. */
void processor_call(gate_handler *handler, struct gate_frame *frame) {
    if (setjmp(left) != 0)
        return;
    enter();
    struct thread *thread = this_cpu()->current;
    if (thread == NULL)
        leave();
    uint32_t status = handler(frame);
    PROMISE(status < STATUS_COUNT || status == GATE_SWITCH);
    PROMISE(status != GATE_SWITCH || this_cpu()->reschedule);
    if (this_cpu()->current == thread && status != GATE_SWITCH) {
        thread->frame.eax = status;
        thread->frame.edx = frame->edx;
    }
    leave();
}

void processor_fault(uint32_t vector, uint32_t error, uint32_t address) {
    if (setjmp(left) != 0)
        return;
    enter();
    struct thread *thread = this_cpu()->current;
    this_processor()->fault_address = address;
    if (thread != NULL) {
        thread->frame.vector = vector % VECTOR_EXCEPTIONS;
        thread->frame.error = error;
        fault_from_outer(thread);
    }
    leave();
}

void processor_interrupt(uint32_t vector) {
    if (setjmp(left) != 0)
        return;
    enter();
    if (vector == VECTOR_REMOTE) {
        this_processor()->is_called = false;
        this_cpu()->interrupted |= this_cpu()->reschedule != 0;
        leave();
    }
    if (vector == VECTOR_TIMER)
        timer_has_rung();
    else
        interrupt_arrived(vector);
    scheduler_interrupted();
    leave();
}

void processor_boot(void (*function)(void)) {
    if (setjmp(left) != 0)
        return;
    enter();
    function();
    scheduler_run();
}

/* The other one answers at once, as whoever comes into the core or waits for the lock does. What else it has to do
 * there it does in a step of its own. */
void apic_send(uint32_t id, uint32_t vector) {
    uint32_t sender = this_cpu()->number;

    PROMISE(vector == VECTOR_REMOTE && id < PROCESSORS && id != sender);
    processors[id].is_called = true;
    processor_select(id);
    remote_answer();
    processor_select(sender);
}

bool apic_is_there(void) {
    return true;
}

uint32_t apic_id(void) {
    return this_cpu()->number;
}

void apic_end_interrupt(void) {}

void apic_send_nmi(uint32_t id) {
    (void)id;
}

uint32_t gate_null(struct gate_frame *frame) {
    (void)frame;
    return STATUS_OK;
}

void panic(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "the core panics: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    abort();
}

/* The operator may; nothing that the core does afterwards counts. */
void power_off(void) {
    machine_is_off = true;
    core_lock_drop();
    longjmp(left, 1);
}

void debug_frame(char type, const void *payload, uint32_t bytes) {
    (void)type;
    touch(payload, bytes);
}

/* ---- Time ---- */

uint64_t read_tsc(void) {
    return processor_time += TICK;
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
    this_cpu()->alarm = when < now + LONGEST_SLEEP ? when : now + LONGEST_SLEEP;
}

void timer_has_rung(void) {
    this_cpu()->alarm = 0;
}

static uint64_t first_alarm(void) {
    uint64_t first = UINT64_MAX;

    for (uint32_t n = 0; n < PROCESSORS; n++)
        if (cpus[n]->alarm != 0 && cpus[n]->alarm < first)
            first = cpus[n]->alarm;
    return first;
}

void processors_pass_time(uint64_t nanoseconds) {
    uint64_t until = processor_time + nanoseconds, alarm = first_alarm();
    uint32_t selected = this_cpu()->number;

    if (alarm > processor_time)
        processor_time = alarm < until ? alarm : until;
    for (uint32_t n = 0; n < PROCESSORS && !machine_is_off; n++)
        if (cpus[n]->alarm != 0 && cpus[n]->alarm <= processor_time) {
            processor_select(n);
            processor_interrupt(VECTOR_TIMER);
        }
    processor_select(selected);
}

void stretch_begin(struct cpu *cpu, uint32_t by) {
    (void)by;
    cpu->entered = processor_time;
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
    return this_processor()->fault_address;
}

uint32_t read_cr3(void) {
    return this_cpu()->inner_cr3;
}

/* The page-directory pointers are read here and at no other time (SDM 3A 4.4.1). */
void write_cr3(uint32_t value) {
    (void)value;
    if (cpus_running == PROCESSORS)
        memcpy(this_processor()->pointers, this_cpu()->view_inner, sizeof processors[0].pointers);
}

void invalidate_page(uint32_t address) {
    (void)address;
}

/* ---- Tables ---- */

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

void tables_build(uint64_t *inner_idt, uint64_t *outer_idt) {
    (void)inner_idt, (void)outer_idt;
}

void tables_load(void) {}

void tables_select_fence(uint64_t *inner_idt, uint64_t *outer_idt, bool paging) {
    (void)inner_idt, (void)outer_idt, (void)paging;
}

void mitigation_fill_status(struct machine_status *status) {
    (void)status;
}

void probe_run(struct probe_result *result) {
    *result = (struct probe_result){.checks = 36};
}

/* The linker's, around the entry text; and the stubs of gate.S, as addresses for the descriptors. */
const char entry_image[PAGE_SIZE], entry_text_start[1], entry_text_end[1];
#define STUB(group) const char gate_##group##_segment[1], gate_##group##_paging[1]
STUB(memory);
STUB(thread);
STUB(io);
STUB(channel);
STUB(control);
STUB(driver);
