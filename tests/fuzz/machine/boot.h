// SPDX-License-Identifier: MIT
/*
 * The modelled machine, booted: four drivers (a disk with DMA; one without, whose interrupts are messages; a
 * console; a network card), the operator's tenant and two more, all with a port.
 *
 *   0 operator   1 red, whose calls are fuzzed too   2 blue, the bystander: it sleeps and keeps a pattern
 */
#ifndef TESTS_FUZZ_MACHINE_BOOT_H
#define TESTS_FUZZ_MACHINE_BOOT_H

#include "kernel/domain/tenant.h"

enum { OPERATOR, RED, BLUE };
enum { DISK_WITH_DMA, DISK_WITHOUT_DMA, CONSOLE, CARD }; /* drivers */

#define PATTERN_FRAMES 4u /* of blue, from its first free index on */

extern struct pci_space devices_at_boot; /* as the core has set them up */

void boot_machine(void);
/* To be tenant `number`. */
void give_port(struct tenant_configuration *wanted, uint32_t number);

/* What blue's frames hold. */
uint8_t pattern_byte(uint32_t index, uint32_t offset);

#endif
