// SPDX-License-Identifier: MIT
// sources: tests/fuzz/gates/arguments.c tests/fuzz/gates/hostile.c tests/fuzz/gates/sense.c
// sources: tests/fuzz/machine/snapshot.c tests/fuzz/machine/memory.c tests/fuzz/machine/snapshot_begin.c
// sources: kernel/network/*.c kernel/gate/*.c kernel/channel/*.c kernel/link/*.c kernel/domain/*.c kernel/io/*.c
// sources: kernel/sched/*.c
// sources: kernel/mem/audit.c kernel/mem/copy.c kernel/mem/digital_tree.c kernel/mem/frame.c
// sources: kernel/mem/object.c kernel/mem/object_region.c kernel/mem/space.c kernel/mem/space_map.c
// sources: kernel/mem/table.c kernel/mem/translation.c kernel/fence/fence.c kernel/fence/decide.c
// sources: kernel/fence/view.c kernel/cpu/descriptor.c kernel/cpu/fault.c kernel/cpu/ldt.c
// sources: kernel/cpu/upcall.c kernel/cpu/remote.c kernel/cpu/core_lock.c
// sources: kernel/dev/interrupt.c kernel/dev/message.c kernel/dev/pci.c kernel/log/format.c kernel/log/log.c
// sources: kernel/log/log_limit.c kernel/command_line.c tests/fuzz/machine/pci_space.c
// sources: tests/fuzz/machine/processor.c tests/fuzz/machine/boot.c tests/fuzz/machine/modules.c
// sources: tests/fuzz/machine/honest.c tests/fuzz/machine/card.c
// sources: tests/fuzz/machine/invariants.c
// sources: tests/fuzz/machine/snapshot_end.c
// wraps: region_map region_unmap object_allocate object_free
/*
 * The core itself, called from rings 1 and 2. Everything of kernel/ that is not bare hardware runs here as it is:
 * gates, frames, spaces, scheduler, tenants, drivers, IO, channels, links; the machine under it is modelled
 * (tests/fuzz/machine), with two processors. An input is a list of steps, each of one processor; whom the scheduler
 * has chosen there does it:
 *
 *   call     a gate of its own with hostile arguments, also with memory that it has filled for it: gates/hostile.c
 *   sense    a call that makes sense for it, so that there is something to be hostile to: gates/sense.c
 *   fault    any exception at any address, in ring 3, 2 or 1
 *   outside  an interrupt, or time that passes
 *
 * After each step the accounts must be right, and at the end every frame and the bystander's memory; then all
 * tenants but the operator are destroyed, and not one frame may be missing.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/interrupt.h"
#include "kernel/domain/driver.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/gates/calls.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/invariants.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/processor.h"
#include "tests/fuzz/machine/snapshot.h"

#include <stddef.h>

#define STEPS_MOST     600u
#define TEARDOWN_STEPS 60000u
#define FRAMES_CHECKED 128u /* steps from one look at all frames to the next */

static uint32_t frames_at_boot; /* in use by the core and drivers alone */

/* ---- Steps ---- */

static void do_fault(struct input *input) {
    static const uint8_t vectors[] = {0, 1, 3, 6, 10, 12, 13, 14, 14, 14, 16, 17};
    uint32_t vector = vectors[take8(input) % sizeof vectors], error = take8(input);

    processor_fault(vector, error, take_argument(input));
}

static void do_outside(struct input *input) {
    /* the drivers' twice, then the core's and nobody's */
    static const uint8_t lines[] = {1, 4, 11, 17, 1, 4, 11, 17, 0, 2, 7, 8, 14, 15, 16, 31};
    uint32_t what = take8(input);

    if (what & 1)
        processor_interrupt(VECTOR_LINES + lines[what / 16]);
    else
        processors_pass_time(1ull << (10 + what / 16));
}

static bool is_bystander(const struct thread *thread) {
    return thread->tenant && thread->tenant->number == BLUE && thread->tenant->restarts == 0;
}

/* An interrupt from the other processor comes before whatever this one does next, or it has entered a gate by then:
 * `late`. */
static void take_call(bool late) {
    if (processors[this_cpu()->number].is_called && (!late || processor_runs() == NULL))
        processor_interrupt(VECTOR_REMOTE);
}

static void step(struct input *input) {
    uint32_t kind = take8(input), which = take8(input);

    processor_select(which % PROCESSORS);
    take_call(which & 0x80 && kind < 0x70);
    struct thread *thread = processor_runs();
    if (thread == NULL || kind >= 0xF0)
        do_outside(input);
    else if (is_bystander(thread))
        serve(thread);
    else if (kind >= 0xE8)
        do_fault(input);
    else if (kind >= 0x70)
        do_sense(input);
    else
        do_call(input);
}

/* ---- The end ---- */

static void destroy_others(void) {
    for (uint32_t number = 1; number < tenants_end(); number++)
        tenant_destroy(number);
    for (uint32_t i = 0; i < DRIVER_MAX && drivers[i] != NULL; i++)
        driver_restart(drivers[i]);
}

static bool all_gone(void) {
    for (uint32_t number = 1; number < tenants_end(); number++)
        if (tenants[number] != NULL)
            return false;
    for (frame_t frame = 0; frame < MACHINE_FRAMES; frame++)
        if (frame_records[frame].kind == FRAME_QUARANTINE)
            return false;
    return true;
}

/* Drivers are honest from here on, so that whatever is in flight comes to its end. */
static void expect_everything_back(void) {
    processor_select(0);
    take_call(false);
    processor_boot(destroy_others);
    for (uint32_t steps = 0; !all_gone(); steps++) {
        PROMISE(steps < TEARDOWN_STEPS);
        if (machine_is_off)
            return;
        processor_select(steps % PROCESSORS);
        take_call(false);
        if (processor_runs() && processor_runs()->driver)
            serve(processor_runs());
        else
            processors_pass_time(10000000);
    }
    check_accounts();
    check_frames();
    PROMISE(frames_in_use() == frames_at_boot + tenants[OPERATOR]->quota.used);
}

static void boot_once(void) {
    static bool booted;

    if (booted) {
        snapshot_restore();
        return;
    }
    booted = true;
    boot_machine();
    check_accounts();
    check_frames();
    frames_at_boot = frames_in_use();
    for (uint32_t i = OPERATOR; i <= BLUE; i++)
        frames_at_boot -= tenants[i]->quota.used;
    snapshot_take();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};

    boot_once();
    for (uint32_t steps = 0; steps < STEPS_MOST && input.at < input.end; steps++) {
        step(&input);
        if (machine_is_off)
            return 0;
        check_accounts();
        if (steps % FRAMES_CHECKED == FRAMES_CHECKED - 1)
            check_frames();
    }
    check_frames();
    expect_everything_back();
    return 0;
}
