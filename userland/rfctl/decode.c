// SPDX-License-Identifier: MIT
/*
 *    63      56 55 54 53 52 51    48 47 46  45 44 43   40 39      32
 *   ┌──────────┬──┬──┬──┬──┬────────┬──┬──────┬──┬───────┬──────────┐
 *   │base 31:24│G │DB│  │  │lim19:16│P │ DPL  │S │ type  │base 23:16│   S=1: code, data
 *   └──────────┴──┴──┴──┴──┴────────┴──┴──────┴──┴───────┴──────────┘   S=0: TSS, LDT
 *   ┌───────────────────────────────┬───────────────────────────────┐
 *   │ base 15:0                     │ limit 15:0                    │
 *   └───────────────────────────────┴───────────────────────────────┘
 *
 * A gate has a selector in bits 31:16, its offset in bits 63:48 and 15:0, parameters in bits 36:32.
 */
#include "userland/rfctl/decode.h"

enum system_type { LDT = 0x2, TASK_GATE = 0x5, TSS = 0x9, TSS_BUSY = 0xB, CALL_GATE = 0xC };

static uint32_t bits(uint64_t raw, unsigned first, unsigned count) {
    return (uint32_t)(raw >> first) & ((1u << count) - 1);
}

static void decode_range(struct descriptor *descriptor, uint64_t raw) {
    uint32_t limit = bits(raw, 0, 16) | bits(raw, 48, 4) << 16;
    if (bits(raw, 55, 1))
        limit = limit << 12 | 0xFFF;
    descriptor->base = bits(raw, 16, 16) | bits(raw, 32, 8) << 16 | bits(raw, 56, 8) << 24;
    descriptor->first = 0;
    descriptor->last = limit;
    if (descriptor->expand_down) {
        descriptor->last = descriptor->wide ? 0xFFFFFFFF : 0xFFFF;
        descriptor->first = limit + 1;
        if (limit >= descriptor->last) { /* nothing lies above the limit */
            descriptor->first = 1;
            descriptor->last = 0;
        }
    }
}

static void decode_segment(struct descriptor *descriptor, uint64_t raw, uint32_t type) {
    bool code = type & 8;
    descriptor->kind = code ? DESCRIPTOR_CODE : DESCRIPTOR_DATA;
    descriptor->accessed = type & 1;
    descriptor->readable = code && (type & 2);
    descriptor->conforming = code && (type & 4);
    descriptor->writable = !code && (type & 2);
    descriptor->expand_down = !code && (type & 4);
    decode_range(descriptor, raw);
}

static void decode_gate(struct descriptor *descriptor, uint64_t raw) {
    descriptor->target = (uint16_t)bits(raw, 16, 16);
    descriptor->offset = bits(raw, 0, 16) | bits(raw, 48, 16) << 16;
    descriptor->parameters = (uint8_t)bits(raw, 32, 5);
}

static enum descriptor_kind kind_of_system(uint32_t type) {
    switch (type) {
    case LDT:
        return DESCRIPTOR_LDT;
    case TASK_GATE:
        return DESCRIPTOR_TASK_GATE;
    case TSS:
    case TSS_BUSY:
        return DESCRIPTOR_TSS;
    case CALL_GATE:
        return DESCRIPTOR_CALL_GATE;
    default:
        return DESCRIPTOR_UNKNOWN;
    }
}

struct descriptor descriptor_decode(uint64_t raw) {
    struct descriptor descriptor = {.kind = DESCRIPTOR_EMPTY};
    uint32_t type = bits(raw, 40, 4);
    if (raw == 0)
        return descriptor;
    descriptor.present = bits(raw, 47, 1);
    descriptor.privilege = (uint8_t)bits(raw, 45, 2);
    descriptor.wide = bits(raw, 54, 1);
    if (bits(raw, 44, 1)) {
        decode_segment(&descriptor, raw, type);
        return descriptor;
    }
    descriptor.kind = kind_of_system(type);
    if (descriptor.kind == DESCRIPTOR_CALL_GATE || descriptor.kind == DESCRIPTOR_TASK_GATE)
        decode_gate(&descriptor, raw);
    else
        decode_range(&descriptor, raw);
    return descriptor;
}

uint32_t descriptor_reach(const struct descriptor *descriptor) {
    uint64_t low = (uint64_t)descriptor->base + descriptor->first;
    uint64_t high = (uint64_t)descriptor->base + descriptor->last;
    /* Part of it wraps past 4 GiB: then the highest address is the top, unless all of it wraps. */
    if (low <= 0xFFFFFFFF && high > 0xFFFFFFFF)
        return 0xFFFFFFFF;
    return (uint32_t)high;
}
