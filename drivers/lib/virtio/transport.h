// SPDX-License-Identifier: MIT
/*
 * How a virtio device is reached over PCI: by the IO ports of the legacy interface (virtio 1.1,
 * section 4.1.4.8) or by the structures that modern devices name in capabilities (4.1.4). A
 * transitional device has both; the legacy one is taken, since IO ports need no mapping.
 */
#ifndef DRIVERS_LIB_VIRTIO_TRANSPORT_H
#define DRIVERS_LIB_VIRTIO_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

/* Device status bits (2.1). 0 resets the device. */
#define DEVICE_ACKNOWLEDGE 0x01
#define DEVICE_DRIVER      0x02
#define DEVICE_DRIVER_OK   0x04
#define DEVICE_FEATURES_OK 0x08
#define DEVICE_FAILED      0x80

/* Feature bits of all devices (6); a kind of device has its own below 24. */
#define FEATURE_VERSION_1       (1ull << 32)
#define FEATURE_ACCESS_PLATFORM (1ull << 33) /* addresses go through an IOMMU, if there is one */

#define QUEUES_MOST 2u /* that drivers here use */

/* The entry of the function's MSI-X table that is ours (driver_information.messages). */
#define MESSAGE 0

struct transport {
    const char *name;
    bool (*find)(void); /* true: the device has this interface */
    uint8_t (*status)(void);
    void (*set_status)(uint8_t status);
    uint64_t (*features)(void);
    void (*accept_features)(uint64_t features);
    /* Descriptors that a queue (below QUEUES_MOST) has at most; 0: there is no such queue. */
    uint32_t (*queue_size)(uint32_t queue);
    /* Gives a queue its memory, and its interrupts the function's message, if it has one: false, if the device has no
     * means for that. The legacy interface cannot change the size. */
    bool (*set_queue)(uint32_t queue, uint32_t size, uint64_t bus_address);
    void (*notify)(uint32_t queue);
    /* Takes the line back, if there is one, by reading the interrupt status. */
    void (*acknowledge)(void);
    /* A 32-bit word of the device's own configuration. */
    uint32_t (*configuration)(uint32_t offset);
};

extern const struct transport transport_legacy, transport_modern;

/* The interface that the device has, or NULL; the legacy one first. */
const struct transport *transport_find(void);
/* Tells the device which of the features in `wanted` are used: those that it offers. False: it does not accept them
 * (3.1.1, steps 4 to 6). */
bool transport_negotiate(const struct transport *transport, uint64_t wanted, uint64_t *features);
/* The device may begin (3.1.1, step 8). */
void transport_begin(const struct transport *transport, uint64_t features);

#endif
