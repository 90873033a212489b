// SPDX-License-Identifier: MIT
/*
 * The legacy interface: BAR 0, IO ports (virtio 1.1, 4.1.4.8).
 *
 *    0 device features     4 driver features     8 queue address / 4096   12 queue size   14 queue select
 *   16 queue notify       18 device status      19 interrupt status
 *   20 device configuration; with MSI-X it begins at 24:
 *   20 table entry for changes of the configuration                       22 table entry for the queue
 */
#include "drivers/lib/information.h"
#include "drivers/lib/port.h"
#include "drivers/lib/virtio/transport.h"
#include "drivers/lib/virtio/virtqueue.h"

#define DEVICE_FEATURES  0
#define DRIVER_FEATURES  4
#define QUEUE_ADDRESS    8
#define QUEUE_SIZE       12
#define QUEUE_SELECT     14
#define QUEUE_NOTIFY     16
#define DEVICE_STATUS    18
#define INTERRUPT_STATUS 19
#define QUEUE_MESSAGE    22
#define CONFIGURATION    20
#define MESSAGES_BYTES   4u /* that lie before it, with MSI-X */

#define LEGACY_IDS_FIRST 0x1000
#define LEGACY_IDS_LAST  0x103F

static uint16_t base;

static uint16_t at(uint32_t offset) {
    return (uint16_t)(base + offset);
}

static bool find(void) {
    const volatile struct driver_information *information = driver_information();
    uint32_t device = information->pci_device, port = information->bar_address[0];
    bool transitional = device >= LEGACY_IDS_FIRST && device <= LEGACY_IDS_LAST;
    base = (uint16_t)port;
    return transitional && port != 0 && port <= 0xFFFF;
}

static uint8_t status(void) {
    return port_read8(at(DEVICE_STATUS));
}

static void set_status(uint8_t value) {
    port_write8(at(DEVICE_STATUS), value);
}

static uint64_t features(void) {
    return port_read32(at(DEVICE_FEATURES));
}

static void accept_features(uint64_t accepted) {
    port_write32(at(DRIVER_FEATURES), (uint32_t)accepted);
}

static uint32_t queue_size(uint32_t queue) {
    port_write16(at(QUEUE_SELECT), (uint16_t)queue);
    return port_read16(at(QUEUE_SIZE));
}

static bool uses_messages(void) {
    return driver_information()->messages;
}

static bool set_message(void) {
    port_write16(at(QUEUE_MESSAGE), MESSAGE);
    return port_read16(at(QUEUE_MESSAGE)) == MESSAGE;
}

static bool set_queue(uint32_t queue, uint32_t size, uint64_t bus_address) {
    (void)size;
    port_write16(at(QUEUE_SELECT), (uint16_t)queue);
    port_write32(at(QUEUE_ADDRESS), (uint32_t)(bus_address / VIRTQUEUE_ALIGNMENT));
    return !uses_messages() || set_message();
}

static void notify(uint32_t queue) {
    port_write16(at(QUEUE_NOTIFY), (uint16_t)queue);
}

static void acknowledge(void) {
    if (!uses_messages())
        port_read8(at(INTERRUPT_STATUS));
}

static uint32_t configuration(uint32_t offset) {
    return port_read32(at(CONFIGURATION + (uses_messages() ? MESSAGES_BYTES : 0u) + offset));
}

const struct transport transport_legacy = {
    "legacy",   find,      status, set_status,  features,      accept_features,
    queue_size, set_queue, notify, acknowledge, configuration,
};
