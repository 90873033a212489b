// SPDX-License-Identifier: MIT
/*
 * The card's registers, in BAR 0 (Software Developer's Manual, 13).
 */
#ifndef DRIVERS_E1000_REGISTER_H
#define DRIVERS_E1000_REGISTER_H

#include "drivers/lib/information.h"

#include <stdint.h>

#define REGISTER_BYTES 0x20000u

#define DEVICE_CONTROL       0x0000u
#define DEVICE_STATUS        0x0008u
#define INTERRUPT_CAUSE      0x00C0u /* reading it clears it */
#define INTERRUPT_MASK_SET   0x00D0u
#define INTERRUPT_MASK_CLEAR 0x00D8u
#define RECEIVE_CONTROL      0x0100u
#define TRANSMIT_CONTROL     0x0400u
#define TRANSMIT_GAP         0x0410u
#define RECEIVE_RING         0x2800u /* a ring's registers stand at the same places from here … */
#define TRANSMIT_RING        0x3800u
#define RING_ADDRESS_LOW     0x00u
#define RING_ADDRESS_HIGH    0x04u
#define RING_BYTES           0x08u
#define RING_HEAD            0x10u
#define RING_TAIL            0x18u

#define CONTROL_LINK_RESET  (1u << 3 | 1u << 7 | 1u << 31) /* link, inverted loss of signal, PHY */
#define CONTROL_AUTO_SPEED  (1u << 5)
#define CONTROL_SET_LINK_UP (1u << 6)
#define CONTROL_RESET       (1u << 26)
#define STATUS_LINK_UP      (1u << 1)

/* On, with all addresses and broadcasts, buffers of 2 KiB, without the CRC. */
#define RECEIVE_ON (1u << 1 | 1u << 3 | 1u << 4 | 1u << 15 | 1u << 26)
/* On, short frames padded, collisions as the manual advises for full duplex. */
#define TRANSMIT_ON  (1u << 1 | 1u << 3 | 0xFu << 4 | 0x40u << 12)
#define GAP_STANDARD (10u | 8u << 10 | 6u << 20)

#define ALL_INTERRUPTS 0xFFFFFFFFu
/* A frame was sent; few or no receive buffers; a frame has come. */
#define INTERRUPTS_WANTED (1u << 0 | 1u << 4 | 1u << 6 | 1u << 7)

static inline volatile uint32_t *register_at(uint32_t offset) {
    return (volatile uint32_t *)(driver_information()->bar_address[0] + offset);
}

static inline uint32_t register_read(uint32_t offset) {
    return *register_at(offset);
}

static inline void register_write(uint32_t offset, uint32_t value) {
    *register_at(offset) = value;
}

#endif
