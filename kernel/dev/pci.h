// SPDX-License-Identifier: MIT
/*
 * PCI functions, found at boot through configuration mechanism #1 (PCI Local Bus 3.0, 3.2.2.3.2).
 *
 * The core keeps what could reach beyond the device: the command register, the BARs, MSI and MSI-X (message.h),
 * the interrupt line. A driver that owns a function may read all of its configuration space and
 * write only inside its vendor-specific capabilities.
 */
#ifndef KERNEL_DEV_PCI_H
#define KERNEL_DEV_PCI_H

#include "kernel/abi/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_FUNCTIONS_MAX 64
#define PCI_BARS          6
#define PCI_MESSAGE_BYTES 16u /* of an entry of an MSI-X table */

struct driver;

struct pci_bar {
    uint64_t address; /* physical, or the first port */
    uint32_t bytes;   /* 0: there is none */
    bool is_port;
};

struct pci_function {
    uint32_t address; /* bus << 16 | device << 8 | function */
    uint16_t vendor, device;
    uint16_t class;         /* class << 8 | subclass */
    uint8_t interrupt_line; /* of the 8259 pair; 0: the function has none */
    struct pci_bar bars[PCI_BARS];
    uint32_t msix_bar, msix_offset, msix_bytes; /* the table's place; msix_bytes == 0: none */
    struct driver *owner;
};

void pci_initialise(void);                         /* finds all functions behind host bridge 0 */
struct pci_function *pci_function(uint32_t index); /* NULL past the last */

/* The function becomes this driver's: its BARs are sized and decoded; bus mastering, MSI, MSI-X and
 * its interrupt are off. */
void pci_claim(struct pci_function *function, struct driver *owner);
void pci_bus_master(struct pci_function *function, bool on);
/* Turns the INTx line of the function on or off; false if the function cannot be silenced (it
 * predates PCI 2.3). */
bool pci_interrupt(struct pci_function *function, bool on);
/* Where the function's MSI-X table is in memory, once it is claimed, and its entries of PCI_MESSAGE_BYTES; false: it has
 * none, or the firmware gave it no place. */
bool pci_message_table(const struct pci_function *function, uint64_t *physical, uint32_t *entries);
/* MSI-X instead of the line, until the function is claimed again. Its table is kernel/dev/message.c's. */
void pci_messages_on(const struct pci_function *function);

/* What DRIVER_PCI_READ and DRIVER_PCI_WRITE come to: `size` 1, 2 or 4, `offset` a multiple of it,
 * below 256. */
enum status pci_driver_read(struct pci_function *function, uint32_t offset, uint32_t size,
                            uint32_t *value);
enum status pci_driver_write(struct pci_function *function, uint32_t offset, uint32_t size,
                             uint32_t value);

#endif
