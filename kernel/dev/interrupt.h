// SPDX-License-Identifier: MIT
/*
 * Interrupt lines, and who owns each: 0..15 are those of the 8259 pair, vectors 0x20..0x2F; from LINE_MESSAGES on each driver
 * number has one for its function's messages (message.h), which nobody shares. The local APIC's timer has a vector of
 * its own. A line that fires is masked until its driver comes back to DRIVER_WAIT; one of messages when it fires twice.
 */
#ifndef KERNEL_DEV_INTERRUPT_H
#define KERNEL_DEV_INTERRUPT_H

#include "kernel/abi/status.h"

#include <stdbool.h>
#include <stdint.h>

#define VECTOR_LINES    0x20
#define LINES           32
#define LINE_MESSAGES   16
#define VECTOR_TIMER    0x40
#define VECTOR_SPURIOUS 0x4F

/* The claim's bit for a PCI function's line, which may be shared, or for its messages. */
#define INTERRUPT_BIT_PCI 31

struct driver;

void interrupt_initialise(void); /* all lines masked; trigger modes stay as the firmware set them */
/* `bit` as in driver_information.interrupts. Refuses lines of the core (NOT_PERMITTED), lines that
 * somebody has and that are not PCI lines of both (BUSY), and lines that do not exist. Starts
 * silent. */
enum status interrupt_claim(uint32_t line, struct driver *driver, uint32_t bit);
void interrupt_release(struct driver *driver); /* gives up all its claims */
/* Does another driver wait for this one's line while this one is at work? */
bool interrupt_is_shared(const struct driver *driver);
/* The driver starts: its lines may fire. */
void interrupt_enable_driver(struct driver *driver);
/* The driver is down. `silent`: its device cannot hold a shared line up, so the others keep the
 * line. */
void interrupt_mask_driver(struct driver *driver, bool silent);
void interrupt_rearm(struct driver *driver, uint32_t bits); /* the driver has handled these */
/* No more of what it was told of comes until that is handled. */
void interrupt_pause(struct driver *driver);
void interrupt_open_timer_line(void);    /* for kernel/dev/timer.c, without an APIC */
void interrupt_arrived(uint32_t vector); /* from the trap dispatcher */

#endif
