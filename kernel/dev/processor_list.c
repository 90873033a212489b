// SPDX-License-Identifier: MIT
/*
 * What ACPI's tables and the MP table have in common: they are found by a signature, and add up to zero.
 */
#include "kernel/dev/processor_list.h"

#define EXTENDED_AREA_SEGMENT 0x40E
#define LOW_MEMORY_END        0xA0000u
#define STRUCTURE_MOST        64u
#define PIECE                 64u

void processor_list_add(struct processor_list *list, uint32_t apic_id) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->apic_ids[i] == apic_id)
            return;
    if (list->count < PROCESSORS_MAX && apic_id < 0xFF)
        list->apic_ids[list->count++] = (uint8_t)apic_id;
}

bool firmware_sum_is_zero(firmware_read *read, uint64_t physical, uint32_t bytes) {
    uint8_t sum = 0, piece[PIECE];

    for (uint32_t done = 0; done < bytes; done += PIECE) {
        uint32_t step = bytes - done < PIECE ? bytes - done : PIECE;

        if (!read(physical + done, piece, step))
            return false;
        for (uint32_t i = 0; i < step; i++)
            sum = (uint8_t)(sum + piece[i]);
    }
    return sum == 0;
}

static bool starts_with(const uint8_t *text, const char *signature) {
    while (*signature)
        if (*text++ != (uint8_t)*signature++)
            return false;
    return true;
}

uint64_t firmware_search(firmware_read *read, uint64_t start, uint32_t length,
                         const char *signature, uint32_t bytes) {
    uint8_t text[16];

    if (bytes > STRUCTURE_MOST)
        return 0;
    for (uint64_t at = start; at + bytes <= start + length; at += sizeof text)
        if (read(at, text, sizeof text) && starts_with(text, signature) &&
            firmware_sum_is_zero(read, at, bytes))
            return at;
    return 0;
}

uint64_t firmware_extended_area(firmware_read *read) {
    uint16_t segment = 0;

    if (!read(EXTENDED_AREA_SEGMENT, &segment, sizeof segment))
        return 0;
    return (uint32_t)segment * 16 < LOW_MEMORY_END ? (uint64_t)segment * 16 : 0;
}
