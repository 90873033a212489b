// SPDX-License-Identifier: MIT
/*
 * The core is brought up as on a real machine: memory, devices and a bundle (modules.h) are there, its own code starts the drivers, and
 * the tenants once these have settled. Then all domains run, a step of each processor at a time, until they wait for whatever comes.
 */
#include "tests/fuzz/machine/boot.h"

#include "kernel/boot_information.h"
#include "kernel/cpu/cpu.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/driver.h"
#include "kernel/fence/fence.h"
#include "kernel/fence/view.h"
#include "kernel/layout.h"
#include "kernel/network/uplink.h"
#include "tests/fuzz/machine/card.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/modules.h"
#include "tests/fuzz/machine/pci_space.h"
#include "tests/fuzz/machine/processor.h"

#define LOW_FRAMES      16u    /* the core's */
#define HOLE_FIRST      0xA0u  /* device memory below 1 MiB */
#define HOLE_END        0x100u /* frames */
#define MORE_THREADS    2u
#define BOOT_STEPS      4000u
#define VIRTIO_DEVICE   3u
#define OPERATOR_FRAMES 160u
#define TENANT_FRAMES   120u

struct pci_space devices_at_boot;

static struct frame_record records[MACHINE_FRAMES];

/* ---- The machine ---- */

static void adopt_frames(void) {
    for (frame_t frame = 0; frame < MACHINE_FRAMES; frame++) {
        bool is_module = frame >= MODULE_FRAME && frame < MODULE_FRAME + MODULE_PAGES;
        bool is_hole = frame >= HOLE_FIRST && frame < HOLE_END;

        records[frame].kind = frame < LOW_FRAMES ? FRAME_CORE
                              : is_hole          ? FRAME_UNUSABLE
                              : is_module        ? FRAME_IMAGE
                                                 : FRAME_FREE;
    }
    frame_adopt(records, MACHINE_FRAMES);
}

/* With MSI-X, whose table the second BAR decodes, and a vendor's capability. */
static void plug_in(uint32_t number, uint8_t device, uint32_t bar, uint32_t table) {
    const uint8_t identity[12] = {0xF4, 0x1A, device, 0x10, 7, 0, 0x10, 0, 0, 0, 0, 1};
    static const uint8_t capabilities[] = {0x11, 0x50, 3,  0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0, 0,
                                           0x09, 0x00, 20, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct pci_space_function *function = &pci_space.functions[number];

    pci_space.count = number + 1;
    function->place = (uint8_t)((VIRTIO_DEVICE + number) << 3);
    memcpy(function->registers, identity, sizeof identity);
    memcpy(function->registers + 0x10, &bar, sizeof bar);
    memcpy(function->registers + 0x14, &table, sizeof table);
    function->registers[0x34] = 0x40;
    function->registers[0x3C] = 11;
    function->registers[0x3D] = 1;
    memcpy(function->registers + 0x40, capabilities, sizeof capabilities);
}

/* The first and the card have ports, and a line that they share, since their tables have no place. */
static void plug_in_devices(void) {
    plug_in(0, 0x01, 0xC001, 0);
    plug_in(1, 0x42, (DEVICE_FRAME + 1) * PAGE_SIZE, DEVICE_FRAME * PAGE_SIZE);
    plug_in(2, 0x43, (DEVICE_FRAME + 2) * PAGE_SIZE, (DEVICE_FRAME + 3) * PAGE_SIZE);
    plug_in(3, 0x00, 0xD001, 0);
}

void give_port(struct tenant_configuration *wanted, uint32_t number) {
    wanted->network = (struct network_grant){
        .device = "net0", .identity = {.prefix = 24, .uplink = 1}, .weight = 100};
    card_address(number, wanted->network.identity.hardware);
}

static void create(const char *name, bool is_operator, const char *device) {
    struct tenant_configuration wanted = {
        .manager = "linux",
        .frames = is_operator ? OPERATOR_FRAMES : TENANT_FRAMES,
        .cpu_reservation = 10,
        .cpu_weight = 100,
        .cpu_cap = 100,
        .restart = 1,
    };
    char reason[TENANT_REASON];
    uint32_t number;

    strcpy(wanted.name, name);
    strcpy(wanted.image, is_operator ? "operator" : "base");
    if (device != NULL) {
        strcpy(wanted.disks[0].name, "vda");
        strcpy(wanted.disks[0].device, device);
        wanted.disks[0].bytes = DISK_BYTES;
        wanted.disks[0].weight = 100;
    }
    give_port(&wanted, tenants_end());
    PROMISE(tenant_create(&wanted, is_operator, &number, reason) == STATUS_OK);
}

static void create_tenants(void) {
    create("operator", true, NULL);
    create("red", false, "blk0");
    create("blue", false, "blk1");
}

/* The core reaches bounce buffers at their own addresses. Slots are built once, at boot. */
static void show_slots(void) {
    for (uint32_t n = 0; n < DRIVER_MAX && drivers[n] != NULL; n++)
        for (uint32_t half = 0; half < 2; half++)
            memory_show_table(drivers[n]->slot + half * TABLE_BYTES,
                              drivers[n]->directory_table[half]);
}

static void bring_up(void) {
    object_initialise();
    interrupt_initialise();
    pci_initialise();
    fence_choose("fence=segment");
    bundles_initialise();
    uplink_initialise();
    drivers_initialise();
    show_slots();
    drivers_when_settled(create_tenants);
}

/* ---- Boot ---- */

uint8_t pattern_byte(uint32_t index, uint32_t offset) {
    return (uint8_t)(index * 37 + offset * 11 + offset / 256 + 1);
}

static void call(gate_handler *const *group, uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
    call_gate(group, &(struct call){number, {a, b, c}});
}

static void fill_pattern(void) {
    uint32_t first = tenants[BLUE]->information->first_frame;

    call(memory_gate, FRAME_BIND, first, PATTERN_FRAMES, 0);
    for (uint32_t i = 0; i < PATTERN_FRAMES; i++) {
        uint8_t bytes[PAGE_SIZE];

        for (uint32_t offset = 0; offset < PAGE_SIZE; offset++)
            bytes[offset] = pattern_byte(i, offset);
        PROMISE(put(MANAGER_WINDOW + (first + i) * PAGE_SIZE, bytes, PAGE_SIZE) == STATUS_OK);
    }
}

static void register_manager(void) {
    const struct manager_registration registration = {
        .restart_start = MANAGER_BASE + 0x100,
        .restart_end = MANAGER_BASE + 0x200,
        .syscall_calls = MANAGER_BASE + 0x1000,
        .syscall_unknown = MANAGER_BASE + 0x1800,
    };

    PROMISE(put(HONEST_SCRATCH, &registration, sizeof registration) == STATUS_OK);
    call(thread_gate, MANAGER_REGISTER, HONEST_SCRATCH, 0, 0);
}

/* So that some can sleep and others go on. */
static void create_threads(void) {
    const struct thread_start start = {
        .instruction = MANAGER_BASE,
        .stack = MANAGER_MAPPINGS_LIMIT - 512,
        .stack_top = MANAGER_MAPPINGS_LIMIT - 256,
    };

    for (uint32_t n = 0; n < MORE_THREADS; n++) {
        PROMISE(put(HONEST_SCRATCH, &start, sizeof start) == STATUS_OK);
        call(thread_gate, THREAD_CREATE, HONEST_SCRATCH, 0, 0);
    }
}

static bool is_registered(const struct tenant *tenant) {
    return tenant != NULL && tenant->registration.restart_end != 0;
}

/* The drivers and the bystander sleep; the others are ready for whatever comes. */
static bool is_settled(void) {
    for (uint32_t i = OPERATOR; i <= BLUE; i++)
        if (!is_registered(tenants[i]))
            return false;
    for (uint32_t i = 0; drivers[i] != NULL; i++)
        if (!drivers[i]->waiting)
            return false;
    return tenants[BLUE]->threads->state == THREAD_BLOCKED;
}

static void settle(struct thread *thread) {
    if (thread->driver || is_registered(thread->tenant)) {
        if (thread->driver || thread->tenant->number == BLUE)
            serve(thread);
        else
            call(thread_gate, THREAD_YIELD, 0, 0, 0);
        return;
    }
    register_manager();
    if (processor_runs() != thread)
        return;
    if (thread->tenant->number == BLUE)
        fill_pattern();
    else
        create_threads();
}

/* Before anything runs: every processor has its views and its memory. */
static void start_processors(void) {
    for (uint32_t n = 0; n < PROCESSORS; n++) {
        PROMISE(n == 0 || view_make_pages(n));
        view_initialise(n);
        cpus[n]->apic_id = n;
    }
    processors_start();
}

static void nothing(void) {}

/* One step of each processor. */
static void settle_all(void) {
    for (uint32_t n = 0; n < PROCESSORS; n++) {
        processor_select(n);
        if (processors[n].is_called)
            processor_interrupt(VECTOR_REMOTE);
        if (processor_runs() != NULL)
            settle(processor_runs());
    }
}

void boot_machine(void) {
    memory_reserve();
    plug_in_devices();
    modules_load();
    adopt_frames();
    start_processors();
    processor_boot(bring_up);
    processor_select(1);
    processor_boot(nothing);
    for (uint32_t step = 0; !is_settled(); step++) {
        PROMISE(step < BOOT_STEPS);
        settle_all();
        processors_pass_time(1000000);
    }
    devices_at_boot = pci_space;
    processor_select(0);
}
