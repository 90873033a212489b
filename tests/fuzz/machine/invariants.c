// SPDX-License-Identifier: MIT
/*
 * See invariants.h. The maps of frames are counted here by a walk of its own over all page tables: the audit is
 * under test as well.
 */
#include "tests/fuzz/machine/invariants.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/ldt.h"
#include "kernel/dev/message.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/driver.h"
#include "kernel/layout.h"
#include "kernel/mem/audit.h"
#include "kernel/mem/object.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/pci_space.h"
#include "tests/fuzz/machine/processor.h"

#define AUDIT_SLICES 100000u

/* Registers of a PCI function. */
#define COMMAND      0x04u
#define BUS_MASTER   0x4u
#define STATUS       0x06u
#define VENDOR_FIRST 0x53u
#define VENDOR_END   0x64u

/* Interrupts by message. */
#define MESSAGES      4u
#define MASKED        1u
#define APIC_MESSAGES 0xFEE00000u /* to the first processor */

static uint32_t maps[MACHINE_FRAMES];

/* ---- Accounts ---- */

static uint32_t count_threads(const struct tenant *tenant) {
    uint32_t count = 0;

    for (const struct thread *thread = tenant->threads; thread; thread = thread->next) {
        PROMISE(thread->tenant == tenant);
        PROMISE(thread->next == NULL || thread->next->previous == thread);
        count++;
    }
    return count;
}

static uint32_t count_spaces(const struct tenant *tenant) {
    uint32_t count = 0;

    for (const struct space *space = tenant->spaces; space; space = space->next) {
        PROMISE(space->tenant == tenant);
        count++;
    }
    return count;
}

static void check_tenant(const struct tenant *tenant) {
    uint32_t objects = object_pool_frames(&tenant->pool) + object_pool_frames(&tenant->block_pool);

    PROMISE(tenant->quota.used <= tenant->quota.limit);
    PROMISE(tenant->quota.used == tenant->bound + tenant->tables + tenant->link_frames + objects);
    PROMISE(tenant->quota.peak >= tenant->quota.used);
    PROMISE(count_threads(tenant) == tenant->thread_count);
    PROMISE(count_spaces(tenant) == tenant->space_count);
}

static uint32_t frames_in_quarantine(void) {
    uint32_t count = 0;

    for (frame_t frame = 0; frame < MACHINE_FRAMES; frame++)
        count += frame_records[frame].kind == FRAME_QUARANTINE;
    return count;
}

static uint64_t pointer_to(frame_t directory) {
    return directory == NO_FRAME_T ? 0 : PTE_PAGE(directory) | PTE_PRESENT;
}

/* What it has loaded names no directory that is nobody's any more. */
static void check_pointers(const struct cpu *cpu, const uint64_t pointers[4]) {
    for (uint32_t i = 0; i < 3; i++) {
        frame_t directory = PTE_FRAME(pointers[i]);

        if (!(pointers[i] & PTE_PRESENT))
            continue;
        PROMISE(cpu->loaded_tenant != NULL && frame_records[directory].kind == FRAME_TABLE);
        PROMISE(frame_records[directory].account == cpu->loaded_tenant->account);
    }
}

/* A device reaches memory only by the word of a driver that may have DMA and has seen it reset. */
static void check_bus_masters(void) {
    struct pci_function *function;
    uint32_t command;

    for (uint32_t n = 0; (function = pci_function(n)) != NULL; n++) {
        const struct driver *owner = function->owner;

        PROMISE(pci_driver_read(function, COMMAND, 2, &command) == STATUS_OK);
        if (command & BUS_MASTER)
            PROMISE(owner != NULL && owner->manifest.dma && owner->reset_done);
    }
}

/* The first message goes to its driver's vector, and not while the driver is down; the others go nowhere. */
static void check_messages(const struct driver *driver) {
    const uint32_t aimed[3] = {APIC_MESSAGES, 0, VECTOR_MESSAGES + driver->number};
    uint32_t table[MESSAGES][4];

    memory_read(DEVICE_FRAME, 0, table, sizeof table);
    PROMISE(memcmp(table[0], aimed, sizeof aimed) == 0);
    PROMISE(table[0][3] == MASKED || (table[0][3] == 0 && driver->started));
    for (uint32_t n = 1; n < MESSAGES; n++)
        PROMISE(table[n][0] == 0 && table[n][1] == 0 && table[n][2] == 0 && table[n][3] == MASKED);
}

/* Its command register aside, a driver may change what the vendor has put behind a capability's head. */
static void check_registers(void) {
    for (uint32_t n = 0; n < pci_space.count; n++) {
        const uint8_t *now = pci_space.functions[n].registers;
        const uint8_t *then = devices_at_boot.functions[n].registers;

        PROMISE(memcmp(now, then, COMMAND) == 0);
        PROMISE(memcmp(now + STATUS, then + STATUS, VENDOR_FIRST - STATUS) == 0);
        PROMISE(memcmp(now + VENDOR_END, then + VENDOR_END, 256 - VENDOR_END) == 0);
    }
}

/* Who runs, may; and sees its own quarters, as they are now. One that is asked to load its views anew is on its
 * way into the core. */
static void check_processor(uint32_t number) {
    const struct cpu *cpu = cpus[number];
    const struct thread *thread = cpu->current;
    const uint64_t *pointers = processors[number].pointers;

    check_pointers(cpu, cpu->view_inner);
    if (thread != NULL)
        PROMISE(thread->state == THREAD_RUNNING && thread->cpu == number);
    if (cpu->asked)
        return;
    check_pointers(cpu, pointers);
    if (thread == NULL || thread->tenant == NULL)
        return;
    PROMISE(thread->tenant->state == TENANT_RUNNING);
    for (uint32_t i = 0; i < 2; i++)
        PROMISE(pointers[i] == (thread->space ? pointer_to(thread->space->directory[i]) : 0));
    PROMISE(pointers[2] == pointer_to(thread->tenant->directory));
}

void check_accounts(void) {
    uint32_t promised = 0;

    for (uint32_t i = 0; i < tenants_end(); i++) {
        if (tenants[i] == NULL)
            continue;
        check_tenant(tenants[i]);
        promised += tenants[i]->quota.limit;
    }
    PROMISE(frames_reserved() == promised + frames_in_quarantine());
    PROMISE(frames_reserved() <= frames_total());
    for (uint32_t n = 0; n < PROCESSORS; n++)
        check_processor(n);
    check_bus_masters();
    check_registers();
    check_messages(drivers[DISK_WITHOUT_DMA]);
}

/* ---- Frames ---- */

static void count_leaves(frame_t table, uint32_t from, uint32_t end) {
    uint64_t leaves[TABLE_ENTRIES];

    memory_read(table, 0, leaves, sizeof leaves);
    for (uint32_t i = from; i < end; i++)
        if (leaves[i] & PTE_PRESENT)
            maps[PTE_FRAME(leaves[i])]++;
}

/* All but the window, whose leaves own their frames. */
static void count_quarter(const struct tenant *tenant) {
    uint64_t entries[TABLE_ENTRIES];

    if (tenant->directory == NO_FRAME_T)
        return;
    memory_read(tenant->directory, 0, entries, sizeof entries);
    for (uint32_t i = 0; i <= (MANAGER_WINDOW - MANAGER_BASE) / TABLE_BYTES; i++) {
        uint32_t below = (MANAGER_WINDOW - MANAGER_BASE) / PAGE_SIZE - i * TABLE_ENTRIES;

        if (entries[i] & PTE_PRESENT)
            count_leaves(PTE_FRAME(entries[i]), 0, below < TABLE_ENTRIES ? below : TABLE_ENTRIES);
    }
}

/* Of a space that is being destroyed, what its cursor has not passed. */
static void count_space(const struct space *space) {
    for (uint32_t half = 0; half < 2; half++) {
        uint64_t entries[TABLE_ENTRIES];

        if (space->directory[half] == NO_FRAME_T)
            continue;
        memory_read(space->directory[half], 0, entries, sizeof entries);
        for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
            if (entries[i] & PTE_PRESENT)
                count_leaves(PTE_FRAME(entries[i]),
                             half * TABLE_ENTRIES + i == space->cursor ? space->leaf : 0,
                             TABLE_ENTRIES);
    }
}

static void check_maps(void) {
    memset(maps, 0, sizeof maps);
    for (uint32_t i = 0; i < tenants_end(); i++) {
        if (tenants[i] == NULL)
            continue;
        count_quarter(tenants[i]);
        for (const struct space *space = tenants[i]->spaces; space; space = space->next)
            count_space(space);
    }
    for (frame_t frame = 0; frame < MACHINE_FRAMES; frame++) {
        const struct frame_record *record = &frame_records[frame];

        if (record->kind == FRAME_BOUND)
            PROMISE(frame_maps(record) == maps[frame]);
        else if (record->kind != FRAME_IMAGE && record->kind != FRAME_OBJECT)
            PROMISE(maps[frame] == 0);
        if (record->kind != FRAME_FREE && frame_pins(record) != 0)
            PROMISE(record->kind == FRAME_BOUND || record->kind == FRAME_QUARANTINE);
    }
}

static void check_audit(void) {
    struct audit_result result;
    uint32_t slices = 0;

    while (!audit_slice(&result)) /* the one that a call may have begun */
        PROMISE(slices++ < AUDIT_SLICES);
    while (!audit_slice(&result))
        PROMISE(slices++ < AUDIT_SLICES);
    PROMISE(result.leaked == 0 && result.foreign == 0);
    PROMISE(result.charged == result.found);
}

/* What the core tells a domain is as the core wrote it. */
static void check_tables(void) {
    for (uint32_t i = 0; i < tenants_end(); i++) {
        uint64_t ldt[TENANT_LDT_ENTRIES] = {0};

        if (tenants[i] == NULL || tenants[i]->information == NULL ||
            tenants[i]->state != TENANT_RUNNING)
            continue;
        ldt_build_tenant(ldt, tenants[i]->is_operator);
        PROMISE(memcmp(ldt, tenants[i]->information->ldt, sizeof ldt) == 0);
    }
    for (uint32_t i = 0; i < DRIVER_MAX && drivers[i] != NULL; i++) {
        uint64_t ldt[DRIVER_LDT_ENTRIES] = {0};

        ldt_build_driver(ldt, drivers[i]->slot);
        PROMISE(memcmp(ldt, drivers[i]->ldt, sizeof ldt) == 0);
    }
}

/* The operator may restart or destroy it; nothing else may change it. */
static void check_bystander(void) {
    struct tenant *blue = tenants[BLUE];

    if (blue == NULL || blue->state != TENANT_RUNNING || blue->restarts != 0 ||
        strcmp(blue->configuration.name, "blue") != 0 || blue->building)
        return;
    for (uint32_t i = 0; i < PATTERN_FRAMES; i++) {
        uint8_t bytes[PAGE_SIZE];
        frame_t frame = tenant_frame(blue, blue->information->first_frame + i);

        PROMISE(frame != NO_FRAME_T);
        memory_read(frame, 0, bytes, sizeof bytes);
        for (uint32_t offset = 0; offset < PAGE_SIZE; offset++)
            PROMISE(bytes[offset] == pattern_byte(i, offset));
    }
}

static bool aims_messages(frame_t frame) {
    struct pci_function *function;
    uint64_t table;
    uint32_t entries;

    for (uint32_t n = 0; (function = pci_function(n)) != NULL; n++)
        if (pci_message_table(function, &table, &entries) && PTE_PAGE(frame) == table)
            return true;
    return false;
}

/* A driver sees its own memory and its device's registers, but not those by which messages are aimed. */
static void check_slot(const struct driver *driver, frame_t half) {
    uint64_t leaves[TABLE_ENTRIES];

    memory_read(half, 0, leaves, sizeof leaves);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        frame_t frame = PTE_FRAME(leaves[i]);

        if (leaves[i] & PTE_DEVICE)
            PROMISE(!aims_messages(frame));
        else if (leaves[i] & PTE_PRESENT)
            PROMISE(frame_records[frame].account == ACCOUNT_DRIVER + driver->number);
    }
}

static void check_slots(void) {
    for (uint32_t i = 0; i < DRIVER_MAX && drivers[i] != NULL; i++)
        for (uint32_t half = 0; half < 2; half++)
            check_slot(drivers[i], drivers[i]->directory_table[half]);
}

void check_frames(void) {
    check_audit();
    check_maps();
    check_slots();
    check_tables();
    check_bystander();
}
