// SPDX-License-Identifier: MIT
/*
 * The local APIC of the running CPU (Intel SDM 3A, chapter 11): interrupts to other CPUs, and the registers of
 * its timer, which kernel/dev/timer.c sets. All CPUs see their own at one address.
 *
 * The 8259 pair stays in charge of device lines, so the first CPU's LINT0 keeps passing them on (virtual wire);
 * no other CPU gets any.
 */
#ifndef KERNEL_DEV_APIC_H
#define KERNEL_DEV_APIC_H

#include <stdbool.h>
#include <stdint.h>

#define VECTOR_REMOTE 0x41 /* from another CPU: kernel/cpu/remote.h */

bool apic_is_there(void);         /* asks CPUID */
void apic_initialise_first(void); /* the CPU that booted; maps it. After the frame allocator */
void apic_initialise_other(void);
uint32_t apic_id(void);
void apic_end_interrupt(void);

/* The timer counts down once from `ticks`, and rings when it gets to 0; 0 stops it. */
void apic_timer_start(uint32_t ticks);
uint32_t apic_timer_left(void);
void apic_timer_open(void); /* it rings from here on */

/* Fire and forget: an interrupt, an NMI, and what starts a CPU (SDM 3A 9.4.4). `page`: where it begins, in
 * real mode, as a page number below 1 MiB. */
void apic_send(uint32_t apic_id, uint32_t vector);
void apic_send_nmi(uint32_t apic_id);
void apic_send_init(uint32_t apic_id);
void apic_send_startup(uint32_t apic_id, uint32_t page);

#endif
