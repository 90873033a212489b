// SPDX-License-Identifier: MIT
/*
 * From the bundles' ELF files to drivers that run: default deny, and a line in the log for each that was
 * refused or has no device.
 *
 *   ELF ──parse──> manifest ──check──> for each function that matches (or once, if legacy):
 *       claim the function, ports, interrupt lines ──> build the slot ──> map device memory ──> start
 *
 * Whatever is refused on the way gives back what it had claimed. One driver gets one function; a second
 * disk makes a second driver from the same file.
 */
#include "kernel/defence.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/message.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/driver_slot.h"
#include "kernel/io/device.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"

#include <stddef.h>
#include <string.h>

#define IMAGE_LIMIT (DRIVER_STACK_TOP - DRIVER_STACK_SIZE - PAGE_SIZE) /* a guard page between */

struct driver *drivers[DRIVER_MAX];
static struct driver blocks[DRIVER_MAX];
static uint32_t driver_count;

/* ---- What it asks for beyond its slot ---- */

static const char *claim_range(struct driver *driver, uint32_t first, uint32_t count) {
    static char wrong[80];
    const char *owner = ports_owner(first, count);
    if (DEFENCE_PORT_OWNERS && owner != NULL) {
        format_text(wrong, sizeof wrong, "ports %x..%x belong to %s", first, first + count - 1,
                    owner);
        return wrong;
    }
    struct port_range range = {(uint16_t)first, (uint16_t)count};
    if (!ports_claim(range, driver->manifest.name))
        return "the core has no room for more port ranges";
    driver->ports[driver->port_count++] = range;
    return NULL;
}

static const char *claim_ports(struct driver *driver) {
    const char *wrong = NULL;
    for (uint32_t n = 0; n < driver->manifest.port_count && wrong == NULL; n++)
        wrong =
            claim_range(driver, driver->manifest.ports[n].first, driver->manifest.ports[n].count);
    for (uint32_t n = 0; n < PCI_BARS && wrong == NULL; n++) {
        if (driver->function == NULL || !(driver->manifest.use_bars & 1u << n))
            continue;
        const struct pci_bar *bar = &driver->function->bars[n];
        if (bar->is_port && bar->bytes != 0)
            wrong = claim_range(driver, (uint32_t)bar->address, bar->bytes);
    }
    return wrong;
}

static const char *claim_line(struct driver *driver, uint32_t line, uint32_t bit) {
    static char wrong[48];
    if (interrupt_claim(line, driver, bit) == STATUS_OK)
        return NULL;
    format_text(wrong, sizeof wrong, "interrupt line %u is taken", line);
    return wrong;
}

/* A table in RAM would be somebody's memory: such a function keeps its line. */
static bool claim_message(struct driver *driver) {
    uint64_t table;
    uint32_t entries;
    return driver->function != NULL && driver->manifest.messages && apic_is_there() &&
           pci_message_table(driver->function, &table, &entries) &&
           slot_check_device(DRIVER_MMIO, table, entries * PCI_MESSAGE_BYTES) == NULL &&
           interrupt_claim(LINE_MESSAGES + driver->number, driver, INTERRUPT_BIT_PCI) == STATUS_OK;
}

static const char *claim_interrupts(struct driver *driver) {
    const char *wrong = NULL;
    for (uint32_t n = 0; n < driver->manifest.irq_count && wrong == NULL; n++)
        wrong = claim_line(driver, driver->manifest.irqs[n], n);
    if (wrong == NULL && claim_message(driver))
        driver->by_message = true;
    else if (wrong == NULL && driver->function != NULL && driver->function->interrupt_line != 0)
        wrong = claim_line(driver, driver->function->interrupt_line, INTERRUPT_BIT_PCI);
    return wrong;
}

/* ---- Its device memory: planned first, mapped when nothing can be refused any more ---- */

struct device_window {
    uint64_t physical;
    uint32_t bytes, offset;
};

struct window_plan {
    struct device_window windows[PCI_BARS + 2];
    uint32_t count, next_offset;
};

static const char *plan_window(struct window_plan *plan, uint64_t physical, uint32_t bytes) {
    const char *wrong = slot_check_device(plan->next_offset, physical, bytes);
    if (wrong != NULL)
        return wrong;
    plan->windows[plan->count++] = (struct device_window){physical, bytes, plan->next_offset};
    plan->next_offset += (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    return NULL;
}

static bool overlaps(const struct manifest_memory *a, const struct manifest_memory *b) {
    return a->first < b->first + b->bytes && b->first < a->first + a->bytes;
}

/* Fixed device memory has one owner, like a port. */
static const char *check_fixed_memory(const struct manifest_memory *range) {
    static char wrong[80];
    for (uint32_t n = 0; n < driver_count; n++)
        for (uint32_t i = 0; i < drivers[n]->manifest.mmio_count; i++)
            if (overlaps(range, &drivers[n]->manifest.mmio[i])) {
                format_text(wrong, sizeof wrong, "device memory at %x belongs to %s", range->first,
                            drivers[n]->manifest.name);
                return wrong;
            }
    return NULL;
}

static bool uses_memory_bar(const struct driver *driver, uint32_t number) {
    return driver->function != NULL && driver->manifest.use_bars & 1u << number &&
           !driver->function->bars[number].is_port && driver->function->bars[number].bytes != 0;
}

/* A memory BAR smaller than a page shares its page with somebody else's registers; one with the MSI-X
 * table could redirect interrupts. */
static const char *plan_windows(const struct driver *driver, struct window_plan *plan) {
    const struct pci_function *function = driver->function;
    const char *wrong = NULL;
    plan->next_offset = DRIVER_MMIO;
    for (uint32_t n = 0; n < PCI_BARS && wrong == NULL; n++) {
        if (!uses_memory_bar(driver, n))
            continue;
        if (function->bars[n].bytes < PAGE_SIZE)
            return "a memory BAR shares its page with other devices";
        if (DEFENCE_MESSAGE_TABLE && function->msix_bytes != 0 && function->msix_bar == n)
            return "a memory BAR holds the MSI-X table";
        wrong = plan_window(plan, function->bars[n].address, function->bars[n].bytes);
    }
    for (uint32_t n = 0; n < driver->manifest.mmio_count && wrong == NULL; n++) {
        const struct manifest_memory *range = &driver->manifest.mmio[n];
        wrong = check_fixed_memory(range);
        if (wrong == NULL)
            wrong = plan_window(plan, range->first, range->bytes);
    }
    return wrong;
}

/* The windows of the plan are in the order in which it was made: memory BARs, then legacy ranges. */
static void map_windows(struct driver *driver, const struct window_plan *plan) {
    struct driver_information *information = driver->information;
    uint32_t next = 0;
    for (uint32_t n = 0; n < plan->count; n++)
        slot_map_device(driver, plan->windows[n].offset, plan->windows[n].physical,
                        plan->windows[n].bytes);
    for (uint32_t n = 0; n < PCI_BARS; n++) {
        if (driver->function == NULL || !(driver->manifest.use_bars & 1u << n))
            continue;
        const struct pci_bar *bar = &driver->function->bars[n];
        information->bar_bytes[n] = bar->bytes;
        information->bar_address[n] =
            uses_memory_bar(driver, n) ? plan->windows[next++].offset : (uint32_t)bar->address;
    }
    for (uint32_t n = 0; n < driver->manifest.mmio_count; n++)
        information->mmio_address[n] = plan->windows[next++].offset;
}

/* ---- One driver ---- */

/* Where its faults on demand aim: real memory of others, as offsets from its own base. */
static void fill_information(struct driver *driver) {
    struct driver_information *information = driver->information;
    uint32_t neighbour = (driver->number + 1) % DRIVER_MAX;
    information->pci_present = driver->function != NULL;
    information->messages = driver->by_message;
    if (driver->function != NULL) {
        information->pci_vendor = driver->function->vendor;
        information->pci_device = driver->function->device;
    }
    information->tsc_at_boot = clock_tsc_at_boot();
    information->tsc_multiplier = clock_tsc_multiplier();
    information->crash_target[0] = (uint32_t)drivers - driver->slot;
    information->crash_target[1] =
        DRIVER_SLOTS + neighbour * DRIVER_SLOT_SIZE + DRIVER_IMAGE - driver->slot;
    information->crash_target[2] = MANAGER_BASE - driver->slot;
    information->crash_target[3] = ENTRY_GDT - driver->slot;
}

static const char *equip(struct driver *driver) {
    struct window_plan plan = {0};
    const char *wrong = plan_windows(driver, &plan);
    if (wrong == NULL)
        wrong = claim_ports(driver);
    if (wrong == NULL)
        wrong = claim_interrupts(driver);
    if (wrong == NULL)
        wrong = slot_build(driver);
    if (wrong == NULL)
        map_windows(driver, &plan);
    return wrong;
}

static void give_back(struct driver *driver) {
    ports_release(driver->manifest.name);
    interrupt_release(driver);
    if (driver->function != NULL)
        driver->function->owner = NULL;
}

static void load_instance(const struct driver *template, struct pci_function *function) {
    if (driver_count == DRIVER_MAX) {
        log_line("driver %s: refused: no slot left", template->manifest.name);
        return;
    }
    struct driver *driver = &blocks[driver_count];
    *driver = *template;
    driver->number = driver_count;
    driver->slot = DRIVER_SLOTS + driver_count * DRIVER_SLOT_SIZE;
    driver->function = function;
    if (function != NULL)
        pci_claim(function, driver);
    const char *wrong = equip(driver);
    if (wrong != NULL) {
        log_line("driver %s: refused: %s", driver->manifest.name, wrong);
        give_back(driver);
        return;
    }
    drivers[driver_count++] = driver;
    if (driver->by_message)
        message_open(function, driver->number);
    fill_information(driver);
    driver->device = io_device_make(driver);
    if (!io_device_is_usable(driver->device)) {
        log_line("driver %s: not started: no memory for such a device, or too many of them",
                 driver->manifest.name);
        driver->answered = true;
        return;
    }
    log_line("driver %s: slot %x, %u frames, %s%s", driver->manifest.name, driver->slot,
             driver->frames, function != NULL ? "PCI" : "legacy ports",
             driver->by_message ? ", interrupts by message" : "");
    driver_first_start(driver);
}

static void load_instances(const struct driver *template) {
    bool found = false;
    if (manifest_is_legacy(&template->manifest)) {
        load_instance(template, NULL);
        return;
    }
    for (uint32_t n = 0; pci_function(n) != NULL; n++) {
        struct pci_function *function = pci_function(n);
        if (function->owner != NULL || !manifest_matches(&template->manifest, function->vendor,
                                                         function->device, function->class))
            continue;
        found = true;
        load_instance(template, function);
    }
    if (!found)
        log_line("driver %s: no device", template->manifest.name);
}

/* ---- One file ---- */

static const char *read_file(const struct bundle_item *item, struct driver *template) {
    uint32_t offset, size;
    const char *wrong =
        elf_parse(item->data, item->bytes, DRIVER_IMAGE, IMAGE_LIMIT, &template->image);
    if (wrong != NULL)
        return wrong;
    if (!elf_section(item->data, item->bytes, ".manifest", &offset, &size) ||
        size < sizeof template->manifest)
        return "it has no manifest";
    memcpy(&template->manifest, item->data + offset, sizeof template->manifest);
    template->item = item;
    return manifest_check(&template->manifest);
}

void drivers_initialise(void) {
    static struct driver template;
    const struct bundle_item *item;
    for (uint32_t n = 0; (item = bundle_item(n)) != NULL; n++) {
        if (item->kind != BUNDLE_DRIVER)
            continue;
        template = (struct driver){0};
        const char *wrong = read_file(item, &template);
        if (wrong != NULL)
            log_line("driver %s: refused: %s", item->name, wrong);
        else
            load_instances(&template);
    }
}

bool driver_next_ports(const struct driver *driver, uint32_t *index, uint16_t *first,
                       uint16_t *count) {
    if (*index >= driver->port_count)
        return false;
    *first = driver->ports[*index].first;
    *count = driver->ports[*index].count;
    (*index)++;
    return true;
}
