// SPDX-License-Identifier: MIT
/*
 * The modern interface: vendor capabilities in PCI config space say in which BAR, and where in it,
 * each structure lies (virtio 1.1, 4.1.4). BARs in memory are mapped into the driver's slot.
 *
 *   capability:  0 id 09h   1 next   3 type   4 BAR   8 offset in it   12 bytes   16 notify
 * multiplier
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/virtio/transport.h"
#include "drivers/lib/virtio/virtqueue.h"

#define PCI_CAPABILITIES  0x34
#define CAPABILITY_VENDOR 0x09
#define CAPABILITIES_MOST 48

enum structure { COMMON = 1, NOTIFY = 2, INTERRUPT = 3, DEVICE = 4, STRUCTURE_COUNT };

/* The common configuration (4.1.4.3). */
struct common {
    uint32_t device_feature_select;
    uint32_t device_feature;
    uint32_t driver_feature_select;
    uint32_t driver_feature;
    uint16_t msix_configuration;
    uint16_t queue_count;
    uint8_t device_status;
    uint8_t generation;
    uint16_t queue_select;
    uint16_t queue_size;
    uint16_t queue_msix;
    uint16_t queue_enable;
    uint16_t queue_notify_offset;
    uint32_t queue_descriptors[2];
    uint32_t queue_available[2];
    uint32_t queue_used[2];
};

_Static_assert(sizeof(struct common) == 56, "the device's layout");

static volatile uint8_t *structures[STRUCTURE_COUNT];
static uint32_t notify_multiplier;
static volatile uint16_t *doorbells[QUEUES_MOST];

static volatile struct common *common(void) {
    return (volatile struct common *)structures[COMMON];
}

/* Notes where a structure lies, if its BAR is one that is mapped and holds all of it. */
static void note_structure(uint32_t capability) {
    const volatile struct driver_information *information = driver_information();
    uint32_t type = gate_pci_read(capability + 3, 1);
    uint32_t bar = gate_pci_read(capability + 4, 1);
    uint32_t offset = gate_pci_read(capability + 8, 4);
    uint32_t bytes = gate_pci_read(capability + 12, 4);
    if (type == 0 || type >= STRUCTURE_COUNT || structures[type] != 0 || bar >= 6)
        return;
    uint32_t mapped = information->bar_bytes[bar];
    if (information->bar_address[bar] < DRIVER_MMIO || offset > mapped || bytes > mapped - offset)
        return;
    structures[type] = (volatile uint8_t *)(information->bar_address[bar] + offset);
    if (type == NOTIFY)
        notify_multiplier = gate_pci_read(capability + 16, 4);
}

static bool find(void) {
    uint32_t capability = gate_pci_read(PCI_CAPABILITIES, 1) & 0xFC;
    for (uint32_t i = 0; capability >= 0x40 && capability < 0x100 && i < CAPABILITIES_MOST; i++) {
        if (gate_pci_read(capability, 1) == CAPABILITY_VENDOR)
            note_structure(capability);
        capability = gate_pci_read(capability + 1, 1) & 0xFC;
    }
    return structures[COMMON] && structures[NOTIFY] && structures[INTERRUPT] && structures[DEVICE];
}

static uint8_t status(void) {
    return common()->device_status;
}

static void set_status(uint8_t value) {
    common()->device_status = value;
}

static uint64_t features(void) {
    common()->device_feature_select = 1;
    uint64_t high = common()->device_feature;
    common()->device_feature_select = 0;
    return high << 32 | common()->device_feature;
}

static void accept_features(uint64_t accepted) {
    common()->driver_feature_select = 0;
    common()->driver_feature = (uint32_t)accepted;
    common()->driver_feature_select = 1;
    common()->driver_feature = (uint32_t)(accepted >> 32);
}

static uint32_t queue_size(uint32_t queue) {
    common()->queue_select = (uint16_t)queue;
    return common()->queue_size;
}

static void set_address(volatile uint32_t field[2], uint64_t address) {
    field[0] = (uint32_t)address;
    field[1] = (uint32_t)(address >> 32);
}

static bool set_message(void) {
    common()->queue_msix = MESSAGE;
    return common()->queue_msix == MESSAGE;
}

static bool set_queue(uint32_t queue, uint32_t size, uint64_t bus_address) {
    common()->queue_select = (uint16_t)queue;
    common()->queue_size = (uint16_t)size;
    set_address(common()->queue_descriptors, bus_address);
    set_address(common()->queue_available, bus_address + virtqueue_available_offset(size));
    set_address(common()->queue_used, bus_address + virtqueue_used_offset(size));
    uint32_t offset = common()->queue_notify_offset * notify_multiplier;
    doorbells[queue] = (volatile uint16_t *)(structures[NOTIFY] + offset);
    bool hears = !driver_information()->messages || set_message();
    common()->queue_enable = 1;
    return hears;
}

static void notify(uint32_t queue) {
    *doorbells[queue] = (uint16_t)queue;
}

static void acknowledge(void) {
    if (!driver_information()->messages)
        (void)*structures[INTERRUPT];
}

static uint32_t configuration(uint32_t offset) {
    return *(volatile uint32_t *)(structures[DEVICE] + offset);
}

const struct transport transport_modern = {
    "modern",   find,      status, set_status,  features,      accept_features,
    queue_size, set_queue, notify, acknowledge, configuration,
};
