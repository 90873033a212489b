// SPDX-License-Identifier: MIT
/*
 * Building a manager quarter. The core's own pages come with the creation, the rest in slices:
 *
 *   part 0..n-1   the ELF's segments. Read-only pages are the bundle's frames, shared by all tenants;
 *                 writable ones are the tenant's, bound to its lowest indices, filled from the file
 *   part n        the first stack, bound likewise, below MANAGER_MAPPINGS_LIMIT
 *   then          the first thread, at the ELF's entry point
 *
 * So the manager finds its own data in its frame window too, and its free indices start at
 * tenant_information.first_frame.
 */
#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/ldt.h"
#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/mem/leaf.h"
#include "kernel/mem/window.h"
#include "kernel/network/bind.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

#define STACK_BYTES 0x2000u
/* Cost of a slice, in shared pages; a private page is cleared and filled. */
#define SLICE_COST   24u
#define PRIVATE_COST 8u
/* Tenant block, LDT, information page, thread, runs, bindings; and some for the manager to start
 * with. */
#define OBJECT_FRAMES 8u
#define START_FRAMES  16u

static uint32_t page_down(uint32_t address) {
    return address & ~(PAGE_SIZE - 1);
}

static uint32_t segment_pages(const struct elf_segment *segment) {
    uint32_t first = page_down(segment->address);
    uint32_t end = segment->address + segment->memory_bytes + PAGE_SIZE - 1;

    return (page_down(end) - first) >> PAGE_SHIFT;
}

static uint32_t tables_for(uint32_t pages) {
    return (pages + TABLE_ENTRIES - 1) / TABLE_ENTRIES;
}

uint32_t build_frames_needed(const struct elf_image *manager) {
    uint32_t private_pages = STACK_BYTES >> PAGE_SHIFT, directory = 1, top_table = 1, tables = 0;

    for (uint32_t i = 0; i < manager->segment_count; i++) {
        const struct elf_segment *segment = &manager->segments[i];

        tables += tables_for(segment_pages(segment)) + 1;
        if (segment->write)
            private_pages += segment_pages(segment);
    }
    return directory + top_table + tables + private_pages + tables_for(private_pages) +
           OBJECT_FRAMES + START_FRAMES;
}

const char *build_check_manager(const struct bundle_item *file, struct elf_image *manager) {
    const char *wrong =
        elf_parse(file->data, file->bytes, MANAGER_BASE, MANAGER_IMAGE_WINDOW, manager);

    if (wrong)
        return wrong;
    if (manager->segments[0].address != MANAGER_BASE || !manager->segments[0].execute)
        return "its entry vectors are not at the start of the manager quarter";
    for (uint32_t i = 0; i < manager->segment_count; i++)
        if (!manager->segments[i].write &&
            manager->segments[i].memory_bytes != manager->segments[i].file_bytes)
            return "a read-only segment has bytes that the file has not";
    return NULL;
}

/* Maps one page of the quarter, its table paid by the tenant; false if the quota is used up. */
static bool map_page(struct tenant *tenant, uint32_t address, uint64_t leaf) {
    if (table_missing(tenant->directory, address)) {
        if (!quota_withdraw(&tenant->quota, 1))
            return false;
        tenant->tables++;
    }
    table_store(table_entry_make(tenant->directory, address, tenant->account), leaf | PTE_PRESENT);
    leaf_hold(tenant, leaf);
    return true;
}

/* The page of the core's own, that the manager reads: at one address what it is told, at the other its LDT. */
static bool map_core_page(struct tenant *tenant) {
    uint64_t leaf = PTE_NX | (DEFENCE_CORE_PAGES_READ_ONLY ? 0 : PTE_WRITE);

    tenant->information = object_pages(&tenant->pool, 1);
    if (!tenant->information)
        return false;
    leaf |= PTE_PAGE(object_frame(tenant->information));
    return map_page(tenant, MANAGER_INFORMATION, leaf) && map_page(tenant, MANAGER_LDT, leaf);
}

/* The next free index gets a frame, which is mapped at `address` too. NO_FRAME_T: quota used up. */
static frame_t map_private_page(struct tenant *tenant, uint32_t address) {
    uint32_t index = tenant->bound;
    frame_t frame;

    if (frames_bind(tenant, index, 1) != STATUS_OK)
        return NO_FRAME_T;
    frame = tenant_frame(tenant, index);
    return map_page(tenant, address, PTE_PAGE(frame) | PTE_WRITE | PTE_NX | PTE_MANAGER)
               ? frame
               : NO_FRAME_T;
}

/* Copies what the file has for the page of `segment` at `page`. */
static void fill_page(const struct tenant *tenant, const struct elf_segment *segment, uint32_t page,
                      frame_t frame) {
    uint32_t start = page < segment->address ? segment->address : page;
    uint32_t file_end = segment->address + segment->file_bytes;
    uint32_t end = page + PAGE_SIZE < file_end ? page + PAGE_SIZE : file_end;
    uint8_t *target = window_map(WINDOW_TARGET, frame);

    if (start < end)
        __builtin_memcpy(target + (start - page),
                         tenant->manager_file->data + segment->file_offset +
                             (start - segment->address),
                         end - start);
}

/* elf_parse() has seen to it that a page of the segment is a page of the file. */
static bool map_shared_page(struct tenant *tenant, const struct elf_segment *segment,
                            uint32_t page) {
    uint32_t file_page =
        (page_down(segment->file_offset) + (page - page_down(segment->address))) >> PAGE_SHIFT;
    uint64_t leaf = PTE_PAGE(tenant->manager_file->first_frame + file_page) | PTE_IMAGE;

    if (!DEFENCE_SHARED_TEXT_READ_ONLY)
        leaf |= PTE_WRITE;

    return map_page(tenant, page, segment->execute ? leaf : leaf | PTE_NX);
}

static bool build_segment_page(struct tenant *tenant, const struct elf_segment *segment,
                               uint32_t page) {
    frame_t frame;

    if (!segment->write)
        return map_shared_page(tenant, segment, page);
    frame = map_private_page(tenant, page);
    if (frame == NO_FRAME_T)
        return false;
    fill_page(tenant, segment, page, frame);
    return true;
}

static void describe_image(struct information_image *to, const char *name, uint32_t image) {
    format_text(to->name, sizeof to->name, "%s", name);
    to->image = image;
    to->bytes = bundle_item(image)->bytes;
}

static void describe_boot_files(struct tenant_information *information) {
    const struct bundle_item *item;
    char name[INFORMATION_NAME];

    for (uint32_t i = 0; (item = bundle_item(i)) != NULL && information->boot_file_count < 16;
         i++) {
        if (item->kind != BUNDLE_FILE)
            continue;
        format_text(name, sizeof name, "boot/%s", item->name);
        describe_image(&information->boot_files[information->boot_file_count++], name, i);
    }
}

static void describe(struct tenant *tenant) {
    struct tenant_information *information = tenant->information;

    information->tenant = tenant->number;
    information->frames = tenant->quota.limit;
    information->is_operator = tenant->is_operator;
    information->cpu_count = cpu_count();
    information->tsc_at_boot = clock_tsc_at_boot();
    information->tsc_multiplier = clock_tsc_multiplier();
    information->wall_clock_at_boot = clock_wall_at_boot();
    seed_fill(information->random_seed);
    format_text(information->name, sizeof information->name, "%s", tenant->configuration.name);
    information->image_count = 1;
    describe_image(&information->images[0], "root", tenant->image);
    if (tenant->is_operator)
        describe_boot_files(information);
}

/* Devices get the first free numbers: the disks that are granted, then the operator's console. */
static bool bind_devices(struct tenant *tenant, char *reason) {
    const struct disk_grant console = {.name = "console", .device = "console"};
    uint32_t *count = &tenant->information->device_count;

    for (uint32_t i = 0; i < CONFIGURATION_DISKS; i++) {
        const struct disk_grant *disk = &tenant->configuration.disks[i];

        if (disk->device[0] == '\0')
            continue;
        if (io_bind(tenant, DEVICE_BLOCK, disk, *count, reason) != STATUS_OK)
            return false;
        ++*count;
    }
    if (tenant->configuration.network.device[0] != '\0') {
        if (network_bind(tenant, &tenant->configuration.network, *count, reason) != STATUS_OK)
            return false;
        ++*count;
    }
    if (!tenant->is_operator)
        return true;
    if (io_bind(tenant, DEVICE_CONSOLE, &console, *count, reason) == STATUS_OK)
        ++*count;
    else
        log_line("the operator has no console: %s", reason);
    return true;
}

bool build_begin(struct tenant *tenant, char *reason) {
    format_text(reason, TENANT_REASON, "%s: %u frames are too few to start",
                tenant->configuration.name, tenant->quota.limit);
    if (!quota_withdraw(&tenant->quota, 1))
        return false;
    tenant->directory = tenant_take_table(tenant);
    if (!map_core_page(tenant))
        return false;
    ldt_build_tenant(tenant->information->ldt, tenant->is_operator);
    describe(tenant);
    tenant->build_part = tenant->build_page = 0;
    return bind_devices(tenant, reason);
}

static bool start_manager(struct tenant *tenant) {
    const struct thread_start start = {
        .instruction = tenant->manager.entry,
        .stack = MANAGER_MAPPINGS_LIMIT,
        .stack_top = MANAGER_MAPPINGS_LIMIT,
    };
    struct thread *thread;

    tenant->information->first_frame = tenant->bound;
    tenant->building = false;
    tenant_set_work(tenant, false);
    return thread_create(tenant, &start, &thread) == STATUS_OK;
}

/* The next page of the current part; `*pages` is how many the part has. */
static bool build_page(struct tenant *tenant, uint32_t *pages, uint32_t *cost) {
    const struct elf_segment *segment = &tenant->manager.segments[tenant->build_part];
    uint32_t offset = tenant->build_page * PAGE_SIZE;

    if (tenant->build_part == tenant->manager.segment_count) {
        *pages = STACK_BYTES >> PAGE_SHIFT;
        *cost += PRIVATE_COST;
        return map_private_page(tenant, MANAGER_MAPPINGS_LIMIT - STACK_BYTES + offset) !=
               NO_FRAME_T;
    }
    *pages = segment_pages(segment);
    *cost += segment->write ? PRIVATE_COST : 1;
    return build_segment_page(tenant, segment, page_down(segment->address) + offset);
}

void build_slice(struct tenant *tenant) {
    uint32_t cost = 0, pages;
    bool fits = true;

    while (fits && cost < SLICE_COST && tenant->build_part <= tenant->manager.segment_count) {
        fits = build_page(tenant, &pages, &cost);
        if (++tenant->build_page == pages) {
            tenant->build_page = 0;
            tenant->build_part++;
        }
    }
    if (fits && tenant->build_part > tenant->manager.segment_count)
        fits = start_manager(tenant);
    if (!fits)
        tenant_kill(tenant, "its reservation is too small for its manager");
}
