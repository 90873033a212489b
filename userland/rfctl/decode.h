// SPDX-License-Identifier: MIT
/*
 * A segment descriptor or gate, decoded from its raw 8 bytes (Intel SDM volume 3, 3.4.5, 3.5
 * and 5.8.3). Pure.
 */
#ifndef USERLAND_RFCTL_DECODE_H
#define USERLAND_RFCTL_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum descriptor_kind {
    DESCRIPTOR_EMPTY,
    DESCRIPTOR_CODE,
    DESCRIPTOR_DATA,
    DESCRIPTOR_CALL_GATE,
    DESCRIPTOR_TASK_GATE,
    DESCRIPTOR_TSS,
    DESCRIPTOR_LDT,
    DESCRIPTOR_UNKNOWN
};

struct descriptor {
    enum descriptor_kind kind;
    bool present, wide, accessed;
    bool writable;    /* data */
    bool readable;    /* code */
    bool conforming;  /* code */
    bool expand_down; /* data */
    uint8_t privilege;
    uint32_t base;
    uint32_t first, last; /* offsets that may be used; first > last: none */
    uint16_t target;      /* gates: selector, offset, parameters */
    uint32_t offset;
    uint8_t parameters;
};

struct descriptor descriptor_decode(uint64_t raw);
/* The highest linear address that it lets a program name; offsets past 4 GiB wrap to everything. */
uint32_t descriptor_reach(const struct descriptor *descriptor);

#endif
