// SPDX-License-Identifier: MIT
/*
 * Interrupts by message: a function writes a vector to the local APIC instead of raising a line that others share
 * (MSI-X; PCI Local Bus 3.0, 6.8.2). Each driver has one, which goes to the first CPU:
 *
 *   the function's table          entry 0: address, data, mask     the core's alone: its BAR is in no slot
 *                                 all others: masked
 *
 * The core writes the address, so a driver cannot aim a message elsewhere; it only tells its device which of the
 * device's events use entry 0. A masked message stays pending in the device and comes at the unmasking.
 */
#ifndef KERNEL_DEV_MESSAGE_H
#define KERNEL_DEV_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#define VECTOR_MESSAGES 0x30 /* and one more for each driver's number */

struct pci_function;

/* From here on the function has no line but driver `number`'s message, masked. Called once, on the first CPU, for a table
 * that pci_message_table() has found and that is device memory. */
void message_open(struct pci_function *function, uint32_t number);
void message_mask(uint32_t number, bool masked); /* of one that is open */

#endif
