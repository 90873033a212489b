// SPDX-License-Identifier: MIT
/*
 * A ring-1 driver and the core.
 *
 * A driver is one thread in a loop: wait for events, act, complete. Its activation (from the return of
 * DRIVER_WAIT to the next DRIVER_WAIT) has a time budget; past it the driver is treated as crashed.
 *
 *   starting ──DRIVER_READY──> ready ──crash──> resetting ──> starting (a fresh copy of the image)
 *
 * A driver that finds no device waits without a deadline instead of saying DRIVER_READY: the core takes
 * that for its answer and does not run it again.
 *
 * After a crash the fresh copy starts with `restarts` > 0 in its information page. It must bring its
 * device to a complete reset before anything else and say so by DRIVER_RESET_DONE: until then the core
 * keeps what was in flight pinned and bus mastering off.
 *
 * A driver with DMA sees bus addresses only. A driver without (`manifest.dma == 0`) sees the data in its
 * bounce buffer for the request id: DRIVER_BOUNCE + id * DRIVER_BOUNCE_SIZE.
 */
#ifndef KERNEL_ABI_DRIVER_H
#define KERNEL_ABI_DRIVER_H

#include "kernel/abi/io.h"
#include "kernel/abi/layout.h"

#include <stdint.h>

#define MANIFEST_MAGIC 0x4D464E52u /* "RNFM" */
#define MANIFEST_IDS   8
#define MANIFEST_PORTS 6
#define MANIFEST_IRQS  3
#define DRIVER_DEPTH   16 /* most requests in flight at one driver: ids 0..15 */
#define DRIVER_NAME    16

/* Default deny: a driver gets exactly what its manifest, a struct in its ELF section ".manifest",
 * names. Ports that another driver owns make the load fail with a message. */
struct driver_manifest {
    uint32_t magic;
    char name[DRIVER_NAME];   /* of the driver: "virtio_blk" */
    char device[DRIVER_NAME]; /* prefix of the device's name: "blk" */
    uint32_t class;           /* enum device_class */
    uint32_t pci_id_count;    /* 0: a legacy device, always tried */
    struct {
        uint16_t vendor, device;
    } pci_ids[MANIFEST_IDS];
    uint16_t pci_class; /* class << 8 | subclass to match instead of ids; 0xFFFF: none */
    uint16_t reserved;
    uint32_t port_count; /* legacy ports */
    struct {
        uint16_t first, count;
    } ports[MANIFEST_PORTS];
    uint32_t irq_count; /* legacy IRQ lines; a PCI function's own INTx line comes by itself */
    uint32_t irqs[MANIFEST_IRQS];
    uint32_t use_bars; /* bit n: BAR n of the function: IO BARs go into the bitmap, memory BARs are
                                mapped from DRIVER_MMIO on */
    uint32_t mmio_count; /* fixed device memory, of ISA devices: mapped from DRIVER_MMIO on */
    struct manifest_memory {
        uint32_t first, bytes; /* physical, whole pages, from 0xA0000 to below 0xE0000 */
    } mmio[2];
    uint32_t dma;        /* 1: gets bus addresses; 0: gets bounce buffers */
    uint32_t dma_frames; /* contiguous frames at DRIVER_DMA, for rings and descriptors */
    uint32_t messages;   /* 1: it can do with MSI-X, by driver_information.messages */
    uint32_t
        budget_microseconds; /* of one activation, 100 ms at most; 0: the core's default, 50 ms */
};

/* Events, bits of DRIVER_WAIT's value. */
#define EVENT_REQUEST   0x1u  /* DRIVER_FETCH has something */
#define EVENT_INTERRUPT 0x2u  /* see driver_information.interrupts */
#define EVENT_TIMER     0x4u  /* the deadline given to DRIVER_WAIT has passed */
#define EVENT_HEARTBEAT 0x8u  /* just come back to DRIVER_WAIT in time */
#define EVENT_CRASH     0x10u /* execute driver_information.crash_kind, for `rfctl crash` */

struct driver_segment {
    uint64_t bus_address;
    uint32_t bytes;
    uint32_t reserved;
};

struct driver_request {
    uint32_t id;        /* 0..DRIVER_DEPTH-1, free again after DRIVER_COMPLETE */
    uint32_t operation; /* enum io_operation */
    uint64_t position;  /* bytes on the device (the core has added the volume's start) */
    uint32_t bytes;
    uint32_t segment_count; /* 0 for a driver without DMA: data is in the bounce buffer */
    uint32_t more;          /* 0: there is no other one until the next EVENT_REQUEST */
    struct driver_segment segments[IO_SEGMENTS + 1];
};

struct device_description {
    uint64_t bytes;         /* capacity; 0 for a console */
    uint32_t depth;         /* requests that it can take at once, 1..DRIVER_DEPTH */
    uint32_t segment_limit; /* most segments in one request */
};

/* The read-only page at DRIVER_INFORMATION. */
struct driver_information {
    uint32_t restarts;
    uint32_t
        interrupts; /* bit n: manifest IRQ n came (bit 31: the PCI function's line or message); until the next
                             DRIVER_WAIT */
    uint32_t crash_kind; /* enum crash_kind, with EVENT_CRASH */
    uint32_t messages;   /* 1: the PCI function has no line, but entry 0 of its MSI-X table */
    uint32_t pci_present;
    uint16_t pci_vendor, pci_device;
    uint32_t bar_address[6]; /* IO BAR: the port; memory BAR: the offset in the slot; 0: none */
    uint32_t bar_bytes[6];
    uint32_t mmio_address[2]; /* offsets of the manifest's legacy MMIO ranges */
    uint64_t dma_bus_address; /* of DRIVER_DMA */
    uint64_t tsc_at_boot;
    uint64_t tsc_multiplier; /* as in struct tenant_information */
    uint32_t crash_target
        [4]; /* for wild writes and reads: linear addresses of the core, of another driver,
                                of a tenant's manager, and of the entry area, as offsets for this slot */
};

#endif
