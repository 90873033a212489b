// SPDX-License-Identifier: MIT
/*
 * user_desc <-> segment descriptor. See the Intel SDM, volume 3, 3.4.5 (segment descriptors).
 *
 *   63      56 55  52 51   48 47      40 39              16 15           0
 *   base 31:24 G D 0 A limit    P DPL S T     base 23:0        limit 15:0
 */
#include "domains/linux/process/tls.h"

#define CONTENTS_EXPAND_DOWN 0x02u

#define TYPE_DATA        0x11ull /* S = 1, accessed */
#define TYPE_WRITABLE    0x02ull
#define TYPE_EXPAND_DOWN 0x04ull
#define DPL_APP          0x60ull
#define PRESENT          0x80ull
#define AVAILABLE        0x10ull
#define DEFAULT_32       0x40ull
#define GRANULARITY      0x80ull

/* All the ways in which Linux lets a program say "empty". */
static bool is_empty(const struct user_descriptor *description) {
    uint32_t empty = USER_DESCRIPTOR_READ_ONLY | USER_DESCRIPTOR_NOT_PRESENT;
    return description->base == 0 && description->limit == 0 &&
           (description->flags == 0 || description->flags == empty);
}

bool tls_encode(const struct user_descriptor *description, uint64_t *descriptor) {
    uint32_t flags = description->flags, base = description->base, limit = description->limit;
    *descriptor = 0;
    if (is_empty(description))
        return true;
    uint32_t contents = flags & USER_DESCRIPTOR_CONTENTS;
    if (!(flags & USER_DESCRIPTOR_32BIT) || flags & USER_DESCRIPTOR_NOT_PRESENT ||
        contents > CONTENTS_EXPAND_DOWN || limit > 0xFFFFF)
        return false;
    uint64_t access = TYPE_DATA | DPL_APP | PRESENT |
                      (flags & USER_DESCRIPTOR_READ_ONLY ? 0 : TYPE_WRITABLE) |
                      (contents == CONTENTS_EXPAND_DOWN ? TYPE_EXPAND_DOWN : 0);
    uint64_t upper = DEFAULT_32 | (flags & USER_DESCRIPTOR_LIMIT_PAGES ? GRANULARITY : 0) |
                     (flags & USER_DESCRIPTOR_USEABLE ? AVAILABLE : 0) | limit >> 16;
    *descriptor = (limit & 0xFFFF) | (uint64_t)(base & 0xFFFFFF) << 16 | access << 40 |
                  upper << 48 | (uint64_t)(base >> 24) << 56;
    return true;
}

void tls_decode(uint64_t descriptor, struct user_descriptor *description) {
    uint64_t access = descriptor >> 40 & 0xFF, upper = descriptor >> 48 & 0xFF;
    description->base = (uint32_t)(descriptor >> 16 & 0xFFFFFF) | (uint32_t)(descriptor >> 56)
                                                                      << 24;
    description->limit = (uint32_t)(descriptor & 0xFFFF) | (uint32_t)(upper & 0xF) << 16;
    if (descriptor == 0)
        description->flags = USER_DESCRIPTOR_READ_ONLY | USER_DESCRIPTOR_NOT_PRESENT;
    else
        description->flags = USER_DESCRIPTOR_32BIT |
                             (access & TYPE_EXPAND_DOWN ? CONTENTS_EXPAND_DOWN : 0) |
                             (access & TYPE_WRITABLE ? 0 : USER_DESCRIPTOR_READ_ONLY) |
                             (upper & GRANULARITY ? USER_DESCRIPTOR_LIMIT_PAGES : 0) |
                             (upper & AVAILABLE ? USER_DESCRIPTOR_USEABLE : 0);
}
