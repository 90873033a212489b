// SPDX-License-Identifier: MIT
/*
 * Building descriptors and cutting TLS segments. The fence for TLS is APP_LIMIT: a thread's storage is app
 * memory. The two halves are exact to the byte below the fence for `up` only in whole pages, so the last
 * partial page of app memory is not reachable through TLS; nothing lives there.
 */
#include "kernel/cpu/descriptor.h"

#include "kernel/abi/layout.h"
#include "kernel/defence.h"

#define ACCESS_SHIFT     40
#define TYPE_EXPAND_DOWN (0x04ull << ACCESS_SHIFT)
#define ACCESS_TLS_UP    0xF3u /* present, DPL 3, data, writable, accessed */
#define ACCESS_TLS_DOWN  0xF7u /* the same, expand-down */
#define ACCESS_KIND_MASK 0xFAu /* all but expand-down and accessed */
#define FLAG_BIG         (0x4ull << 52)
#define FLAG_LONG        (0x2ull << 52)

uint64_t segment_descriptor(uint32_t base, uint32_t limit, uint32_t access, uint32_t flags) {
    return (uint64_t)(limit & 0xFFFF) | (uint64_t)(base & 0xFFFFFF) << 16 |
           (uint64_t)access << ACCESS_SHIFT | (uint64_t)((limit >> 16) & 0xF) << 48 |
           (uint64_t)flags << 52 | (uint64_t)(base >> 24) << 56;
}

uint64_t gate_descriptor(uint16_t selector, uint32_t offset, uint32_t access) {
    return (uint64_t)(offset & 0xFFFF) | (uint64_t)selector << 16 |
           (uint64_t)access << ACCESS_SHIFT | (uint64_t)(offset >> 16) << 48;
}

uint32_t descriptor_base(uint64_t descriptor) {
    return (uint32_t)(descriptor >> 16 & 0xFFFFFF) | (uint32_t)(descriptor >> 56) << 24;
}

/* An empty slot, or a 32-bit data segment of ring 3 whose base lies below the fence. A 16-bit one would bring
 * back the leak of ESP's upper half at `iret`. */
enum status tls_check(uint64_t descriptor) {
    uint32_t access = (uint32_t)(descriptor >> ACCESS_SHIFT) & 0xFF;

    if (descriptor == 0)
        return STATUS_OK;
    if (DEFENCE_TLS_DATA_ONLY && (access & ACCESS_KIND_MASK) != (ACCESS_TLS_UP & ACCESS_KIND_MASK))
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_TLS_32_BIT && (!(descriptor & FLAG_BIG) || (descriptor & FLAG_LONG)))
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_TLS_BASE && descriptor_base(descriptor) >= APP_LIMIT)
        return STATUS_BAD_ARGUMENT;
    return STATUS_OK;
}

uint64_t tls_cut(uint64_t descriptor, enum tls_half half) {
    uint32_t base = descriptor_base(descriptor);

    if (descriptor == 0)
        return 0;
    if (half == TLS_DOWN || APP_LIMIT - base < PAGE_SIZE) {
        /* Valid offsets start at (limit + 1) pages: the first page boundary at or above 2^32 - base. */
        uint32_t first_page = (uint32_t)((0x100000000ull - base + PAGE_SIZE - 1) >> PAGE_SHIFT);
        return segment_descriptor(base, first_page - 1, ACCESS_TLS_DOWN, FLAGS_PAGES);
    }
    return segment_descriptor(base, ((APP_LIMIT - base) >> PAGE_SHIFT) - 1, ACCESS_TLS_UP,
                              FLAGS_PAGES);
}

enum tls_half tls_half_of(uint64_t descriptor) {
    return descriptor & TYPE_EXPAND_DOWN ? TLS_DOWN : TLS_UP;
}
