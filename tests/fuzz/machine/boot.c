// SPDX-License-Identifier: MIT
/*
 * The boot bundle is made here: ELF files of one page of text and one of data each, which is all that the core
 * looks at, since no instruction of theirs is ever executed.
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
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/pci_space.h"
#include "tests/fuzz/machine/processor.h"

#include <elf.h>
#include <stddef.h>

#define LOW_FRAMES      16u    /* the core's */
#define HOLE_FIRST      0xA0u  /* device memory below 1 MiB */
#define HOLE_END        0x100u /* frames */
#define MODULE_FRAME    0x400u
#define MODULE_PAGES    64u
#define FILE_PAGES      4u /* of an ELF file: headers, text, data, section headers */
#define MORE_THREADS    2u
#define BOOT_STEPS      4000u
#define SCRATCH         (DRIVER_STACK_TOP - 1024u)
#define MANAGER_SCRATCH (MANAGER_MAPPINGS_LIMIT - 1024u)
#define VIRTIO_DEVICE   3u
#define OPERATOR_FRAMES 160u
#define TENANT_FRAMES   120u
#define DISK_BYTES      (1u << 20)

struct pci_space devices_at_boot;

static struct frame_record records[MACHINE_FRAMES];

/* ---- The bundle ---- */

struct elf_file {
    Elf32_Ehdr header;
    Elf32_Phdr programs[2];
    Elf32_Shdr sections[3];
    char names[32];
    struct driver_manifest manifest;
};

static struct elf_file make_elf(uint32_t base, const struct driver_manifest *manifest) {
    struct elf_file file = {
        .header = {.e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_386,
                   .e_version = EV_CURRENT,
                   .e_entry = base,
                   .e_phoff = offsetof(struct elf_file, programs),
                   .e_shoff = offsetof(struct elf_file, sections),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 2,
                   .e_shentsize = sizeof(Elf32_Shdr),
                   .e_shnum = 3,
                   .e_shstrndx = 1},
        .programs = {{PT_LOAD, 0x1000, base, 0, 0x1000, 0x1000, PF_R | PF_X, 4096},
                     {PT_LOAD, 0x2000, base + 0x1000, 0, 0x800, 0x1000, PF_R | PF_W, 4096}},
        .sections = {[1] = {.sh_name = 1,
                            .sh_type = SHT_STRTAB,
                            .sh_offset = offsetof(struct elf_file, names),
                            .sh_size = 32},
                     [2] = {.sh_name = 8,
                            .sh_type = SHT_PROGBITS,
                            .sh_offset = offsetof(struct elf_file, manifest),
                            .sh_size = sizeof(struct driver_manifest)}},
        .names = "\0.names\0.manifest",
    };

    if (manifest != NULL)
        file.manifest = *manifest;
    return file;
}

static const struct driver_manifest disk_with_dma = {
    .magic = MANIFEST_MAGIC,
    .name = "dma",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1001}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .dma = 1,
    .dma_frames = 2,
};

static const struct driver_manifest disk_without_dma = {
    .magic = MANIFEST_MAGIC,
    .name = "pio",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1042}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .messages = 1,
};

/* Wants the page where its device is told whom to interrupt, so it never runs. */
static const struct driver_manifest greedy = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1043}},
    .pci_class = 0xFFFF,
    .use_bars = 2,
};

static const struct driver_manifest network = {
    .magic = MANIFEST_MAGIC,
    .name = "network",
    .device = "net",
    .class = DEVICE_NETWORK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1000}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .dma = 1,
};

static const struct driver_manifest console = {
    .magic = MANIFEST_MAGIC,
    .name = "console",
    .device = "console",
    .class = DEVICE_CONSOLE,
    .pci_class = 0xFFFF,
    .port_count = 1,
    .ports = {{0x3F8, 8}},
    .irq_count = 2,
    .irqs = {1, 4},
    .mmio_count = 1,
    .mmio = {{0xB8000, 0x8000}},
};

/* The bundle's first page; the payloads follow, FILE_PAGES each. */
static union {
    struct bundle_header header;
    uint8_t bytes[PAGE_SIZE];
} bundle;

static uint32_t add_bytes(uint32_t kind, const char *name, uint32_t bytes) {
    uint32_t number = bundle.header.entry_count++, page = 1 + number * FILE_PAGES;

    bundle.header.entries[number] = (struct bundle_entry){kind, page * PAGE_SIZE, bytes, 0, ""};
    strcpy(bundle.header.entries[number].name, name);
    return MODULE_FRAME + page;
}

static void add_elf(uint32_t kind, const char *name, const struct elf_file *file) {
    memory_write(add_bytes(kind, name, 3 * PAGE_SIZE), 0, file, sizeof *file);
}

static void load_bundle(void) {
    struct elf_file manager = make_elf(MANAGER_BASE, NULL);
    struct elf_file drivers[] = {make_elf(DRIVER_IMAGE, &disk_with_dma),
                                 make_elf(DRIVER_IMAGE, &disk_without_dma),
                                 make_elf(DRIVER_IMAGE, &console), make_elf(DRIVER_IMAGE, &network),
                                 make_elf(DRIVER_IMAGE, &greedy)};

    memcpy(bundle.header.magic, "RFBNDL1", 8);
    bundle.header.total_size = MODULE_PAGES * PAGE_SIZE;
    add_elf(BUNDLE_DRIVER, "dma", &drivers[0]);
    add_elf(BUNDLE_DRIVER, "pio", &drivers[1]);
    add_elf(BUNDLE_DRIVER, "console", &drivers[2]);
    add_elf(BUNDLE_DRIVER, "network", &drivers[3]);
    add_elf(BUNDLE_DRIVER, "greedy", &drivers[4]);
    add_elf(BUNDLE_MANAGER, "linux", &manager);
    add_bytes(BUNDLE_IMAGE, "base", 3 * PAGE_SIZE);
    add_bytes(BUNDLE_IMAGE, "operator", PAGE_SIZE + 100);
    add_bytes(BUNDLE_FILE, "machine.json", 200);
    memory_write(MODULE_FRAME, 0, &bundle, sizeof bundle);
    boot_information.module_count = 1;
    boot_information.modules[0] =
        (struct boot_module){MODULE_FRAME * PAGE_SIZE, MODULE_PAGES * PAGE_SIZE};
}

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

/* ---- Honest domains ---- */

enum status put(uint32_t address, const void *bytes, uint32_t count) {
    return gate_copy_out(address, bytes, count);
}

void call_gate(gate_handler *const *group, const struct call *call) {
    struct gate_frame frame = {
        .eax = call->number,
        .ebx = call->arguments[0],
        .ecx = call->arguments[1],
        .edx = call->arguments[2],
        .esi = call->arguments[3],
        .edi = call->arguments[4],
    };
    struct trap_frame *registers = &this_cpu()->current->frame;

    frame.eip = registers->eip;
    frame.cs = registers->cs;
    frame.esp = registers->esp;
    frame.ss = registers->ss;
    processor_call(group[call->number], &frame);
}

static void call(gate_handler *const *group, uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
    call_gate(group, &(struct call){number, {a, b, c}});
}

static uint32_t answer_of(struct thread *thread) {
    return thread->frame.eax;
}

static void get_ready(struct driver *driver) {
    const struct device_description description = {
        .bytes = driver->manifest.class == DEVICE_BLOCK ? 4 * DISK_BYTES : 0,
        .depth = 4,
        .segment_limit = IO_SEGMENTS,
    };

    call(driver_gate, DRIVER_RESET_DONE, 0, 0, 0);
    PROMISE(put(SCRATCH, &description, sizeof description) == STATUS_OK);
    call(driver_gate, DRIVER_READY, SCRATCH, 0, 0);
}

/* A device with DMA reads and writes there, whatever the driver or the tenant does meanwhile. */
static void check_segments(const struct driver *driver, const struct driver_request *request) {
    for (uint32_t n = 0; n < request->segment_count; n++) {
        const struct driver_segment *segment = &request->segments[n];
        uint64_t end = segment->bus_address + segment->bytes;

        for (uint64_t at = segment->bus_address; at < end; at += PAGE_SIZE - at % PAGE_SIZE) {
            const struct frame_record *record = frame_record((frame_t)(at >> PAGE_SHIFT));

            PROMISE(record != NULL);
            PROMISE(frame_pins(record) != 0 || record->account == ACCOUNT_DRIVER + driver->number);
        }
    }
}

static void serve_device(struct driver *driver) {
    struct driver_request request;

    if (driver->state != DRIVER_RUNNING) {
        get_ready(driver);
        return;
    }
    call(driver_gate, DRIVER_FETCH, SCRATCH, 0, 0);
    if (processor_runs() != &driver->thread)
        return;
    if (answer_of(&driver->thread) != STATUS_OK) {
        call(driver_gate, DRIVER_WAIT, UINT32_MAX, UINT32_MAX, 0);
        return;
    }
    PROMISE(gate_copy_in(&request, SCRATCH, sizeof request) == STATUS_OK);
    check_segments(driver, &request);
    if (driver->manifest.class == DEVICE_NETWORK && request.operation == IO_READ)
        return; /* until a frame comes */
    if (driver->manifest.class == DEVICE_NETWORK)
        card_sends(driver, &request);
    call(driver_gate, DRIVER_COMPLETE, request.id, STATUS_OK, request.bytes);
}

static void sleep_on(uint32_t word) {
    const uint32_t value = 0;

    PROMISE(put(word, &value, sizeof value) == STATUS_OK);
    call_gate(thread_gate, &(struct call){THREAD_BLOCK, {word, 0, UINT32_MAX, UINT32_MAX}});
}

void serve(struct thread *thread) {
    if (thread->driver)
        serve_device(thread->driver);
    else
        sleep_on(MANAGER_SCRATCH);
}

/* ---- Boot ---- */

uint8_t pattern_byte(uint32_t index, uint32_t offset) {
    return (uint8_t)(index * 37 + offset * 11 + offset / 256 + 1);
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

    PROMISE(put(MANAGER_SCRATCH, &registration, sizeof registration) == STATUS_OK);
    call(thread_gate, MANAGER_REGISTER, MANAGER_SCRATCH, 0, 0);
}

/* So that some can sleep and others go on. */
static void create_threads(void) {
    const struct thread_start start = {
        .instruction = MANAGER_BASE,
        .stack = MANAGER_MAPPINGS_LIMIT - 512,
        .stack_top = MANAGER_MAPPINGS_LIMIT - 256,
    };

    for (uint32_t n = 0; n < MORE_THREADS; n++) {
        PROMISE(put(MANAGER_SCRATCH, &start, sizeof start) == STATUS_OK);
        call(thread_gate, THREAD_CREATE, MANAGER_SCRATCH, 0, 0);
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
    load_bundle();
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
