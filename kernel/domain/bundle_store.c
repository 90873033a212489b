// SPDX-License-Identifier: MIT
/*
 * All payloads of all good boot modules, found by kind and name.
 *
 * Modules are mapped read-only, each at the offset in 2 MiB that its RAM has, so that large pages
 * do for all but its ends. The rest of a module's last page is cleared: it is mapped into tenants
 * with the image whose end lies in it.
 */
#include "kernel/boot_information.h"
#include "kernel/domain/bundle.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"

#include <stddef.h>

static struct bundle_item items[BUNDLE_ITEMS];
static uint32_t item_count;

static uint32_t page_count(uint32_t bytes) {
    return (bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

static bool is_same_name(const char a[48], const char *b) {
    for (uint32_t i = 0; i < 48; i++) {
        if (a[i] != b[i])
            return false;
        if (a[i] == '\0')
            return true;
    }
    return true;
}

static struct bundle_item *find(uint32_t kind, const char *name) {
    for (uint32_t i = 0; i < item_count; i++)
        if (items[i].kind == kind && is_same_name(items[i].name, name))
            return &items[i];
    return NULL;
}

/* A later bundle's entry replaces an earlier one; the same bundle's order numbers the drivers. */
static void add_item(const struct bundle_entry *entry, const uint8_t *bundle, frame_t first_frame) {
    struct bundle_item *item = find(entry->kind, entry->name);

    if (!item && item_count == BUNDLE_ITEMS) {
        log_line("bundle: no room for %s, %u entries are the most", entry->name, BUNDLE_ITEMS);
        return;
    }
    if (!item)
        item = &items[item_count++];
    item->kind = entry->kind;
    __builtin_memcpy(item->name, entry->name, sizeof item->name);
    item->data = bundle + entry->offset;
    item->first_frame = first_frame + (entry->offset >> PAGE_SHIFT);
    item->bytes = entry->size;
}

static void clear_tail(const struct boot_module *module) {
    uint32_t used = module->bytes % PAGE_SIZE;
    frame_t last = (module->start + module->bytes) >> PAGE_SHIFT;

    if (used != 0)
        __builtin_memset((uint8_t *)window_map(WINDOW_ZERO, last) + used, 0, PAGE_SIZE - used);
}

/* Maps the module at or above `*next` and moves that behind it; NULL if there is no room. */
static const uint8_t *map_module(const struct boot_module *module, uint32_t *next) {
    uint32_t address = *next + module->start % TABLE_BYTES;
    uint32_t pages = page_count(module->bytes);

    if (address >= CORE_MODULES_LIMIT || pages > (CORE_MODULES_LIMIT - address) >> PAGE_SHIFT)
        return NULL;
    core_map(address, module->start >> PAGE_SHIFT, pages, PTE_NX);
    *next = (address + pages * PAGE_SIZE + TABLE_BYTES - 1) & ~(TABLE_BYTES - 1);
    return (const uint8_t *)address;
}

static void add_module(uint32_t number, const struct boot_module *module, uint32_t *next) {
    const struct bundle_header *header;
    const uint8_t *bundle;
    const char *wrong;

    if (module->start % PAGE_SIZE != 0 || module->bytes == 0) {
        log_line("boot module %u refused: empty, or not loaded on a page boundary", number);
        return;
    }
    bundle = map_module(module, next);
    if (!bundle) {
        log_line("boot module %u refused: %u KiB do not fit into the %u MiB for modules", number,
                 module->bytes >> 10, (CORE_MODULES_LIMIT - CORE_MODULES) >> 20);
        return;
    }
    clear_tail(module);
    wrong = bundle_check(bundle, module->bytes);
    if (wrong) {
        log_line("boot module %u refused: %s", number, wrong);
        return;
    }
    header = (const struct bundle_header *)bundle;
    for (uint32_t i = 0; i < header->entry_count; i++)
        add_item(&header->entries[i], bundle, module->start >> PAGE_SHIFT);
}

void bundles_initialise(void) {
    uint32_t next = CORE_MODULES;

    for (uint32_t i = 0; i < boot_information.module_count; i++)
        add_module(i, &boot_information.modules[i], &next);
}

const struct bundle_item *bundle_find(uint32_t kind, const char *name) {
    return find(kind, name);
}

const struct bundle_item *bundle_item(uint32_t index) {
    return index < item_count ? &items[index] : NULL;
}

frame_t bundle_image_frame(uint32_t image, uint32_t page) {
    const struct bundle_item *item = bundle_item(image);

    return item && page < page_count(item->bytes) ? item->first_frame + page : NO_FRAME_T;
}
