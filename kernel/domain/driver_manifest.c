// SPDX-License-Identifier: MIT
/*
 * Default deny: a field with a value that has no meaning refuses the whole driver.
 */
#include "kernel/domain/driver_manifest.h"

#include "kernel/defence.h"

#include <stddef.h>

#define NO_CLASS   0xFFFFu
#define DMA_FRAMES ((DRIVER_MMIO - DRIVER_DMA) / PAGE_SIZE)
#define MMIO_BYTES (DRIVER_INFORMATION - DRIVER_MMIO)
/* Devices without BARs decode 10 bits of a port (the ISA bus had no more). Everything above is a PCI function's,
 * its driver's or nobody's, or the firmware's. */
#define ISA_PORTS_LIMIT 0x400u
/* Where devices without BARs have their memory: VGA and adapters, below the firmware. Everything above is
 * RAM, or registers that belong to the core (interrupt controllers, timers) or to a PCI function. */
#define ISA_MEMORY       0xA0000u
#define ISA_MEMORY_LIMIT 0xE0000u

/* Printable, ended, not empty: it goes into log lines and names of devices. */
static bool is_name(const char name[DRIVER_NAME]) {
    uint32_t length = 0;
    while (length < DRIVER_NAME && name[length] > ' ' && name[length] < 0x7F)
        length++;
    return length > 0 && length < DRIVER_NAME && name[length] == '\0';
}

static const char *check_ports(const struct driver_manifest *manifest) {
    if (manifest->port_count > MANIFEST_PORTS)
        return "too many port ranges";
    for (uint32_t n = 0; n < manifest->port_count; n++) {
        uint32_t first = manifest->ports[n].first, count = manifest->ports[n].count;
        if (count == 0 || first + count > 0x10000)
            return "a port range is empty or wraps";
        if (DEFENCE_FIXED_PORTS && first + count > ISA_PORTS_LIMIT)
            return "a port range is no ISA device's: others have BARs";
    }
    return NULL;
}

static const char *check_interrupts(const struct driver_manifest *manifest) {
    if (manifest->irq_count > MANIFEST_IRQS)
        return "too many interrupt lines";
    for (uint32_t n = 0; n < manifest->irq_count; n++)
        if (manifest->irqs[n] > 15)
            return "an interrupt line does not exist";
    return NULL;
}

static bool is_isa_memory(uint32_t first, uint32_t bytes) {
    return first >= ISA_MEMORY && first < ISA_MEMORY_LIMIT && bytes <= ISA_MEMORY_LIMIT - first;
}

static const char *check_memory(const struct driver_manifest *manifest) {
    if (manifest->mmio_count > sizeof manifest->mmio / sizeof *manifest->mmio)
        return "too many MMIO ranges";
    for (uint32_t n = 0; n < manifest->mmio_count; n++) {
        uint32_t first = manifest->mmio[n].first, bytes = manifest->mmio[n].bytes;
        if ((first | bytes) % PAGE_SIZE != 0 || bytes == 0 || bytes > MMIO_BYTES)
            return "an MMIO range is not whole pages, or too large";
        if (DEFENCE_FIXED_DEVICE_MEMORY && !is_isa_memory(first, bytes))
            return "an MMIO range is no ISA device's: others have BARs";
    }
    if (manifest->dma > 1)
        return "the DMA flag is neither 0 nor 1";
    if (manifest->messages > 1)
        return "the flag of messages is neither 0 nor 1";
    if (manifest->class == DEVICE_NETWORK && manifest->dma == 0)
        return "a network card without DMA";
    if (manifest->dma_frames > DMA_FRAMES)
        return "more DMA memory than a slot holds";
    return NULL;
}

const char *manifest_check(const struct driver_manifest *manifest) {
    if (manifest->magic != MANIFEST_MAGIC)
        return "no manifest (wrong magic)";
    if (!is_name(manifest->name) || !is_name(manifest->device))
        return "the manifest's names are not names";
    if (manifest->class > DEVICE_NETWORK)
        return "unknown device class";
    if (manifest->pci_id_count > MANIFEST_IDS)
        return "too many PCI ids";
    if (manifest->use_bars >= 1u << 6 || (manifest->use_bars != 0 && manifest_is_legacy(manifest)))
        return "asks for BARs that do not exist";
    if (manifest->budget_microseconds > MANIFEST_BUDGET_MOST)
        return "asks for too long an activation";
    const char *wrong = check_ports(manifest);
    if (wrong == NULL)
        wrong = check_interrupts(manifest);
    return wrong != NULL ? wrong : check_memory(manifest);
}

bool manifest_is_legacy(const struct driver_manifest *manifest) {
    return manifest->pci_id_count == 0 && manifest->pci_class == NO_CLASS;
}

bool manifest_matches(const struct driver_manifest *manifest, uint16_t vendor, uint16_t device,
                      uint16_t class) {
    if (manifest->pci_class != NO_CLASS && manifest->pci_class == class)
        return true;
    for (uint32_t n = 0; n < manifest->pci_id_count; n++)
        if (manifest->pci_ids[n].vendor == vendor && manifest->pci_ids[n].device == device)
            return true;
    return false;
}
