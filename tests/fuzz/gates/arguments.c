// SPDX-License-Identifier: MIT
/*
 * Arguments: small ones, any, telling ones, memory that the input fills, handles that there are.
 */
#include "tests/fuzz/gates/calls.h"

#include "kernel/domain/tenant.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/processor.h"

#include <stddef.h>

#define STRUCTURE_MOST  128u
#define DRIVER_SCRATCH  (DRIVER_STACK_TOP - DRIVER_STACK_SIZE + 256u)
#define MANAGER_SCRATCH (MANAGER_MAPPINGS_LIMIT - 0x4000u + 256u)

static const uint32_t telling_values[] = {
    0,          1,          2,          8,          9,          31,         32,         33,
    511,        512,        0x1000,     0xFFF,      0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0x82000000,
    0x88000000, 0x8FEFF000, 0x8FF00000, 0x8FFFD000, 0x8FFFF000, 0x90000000, 0xBFFFF000, 0xBFFFFFFF,
    0xC0000000, 0xC0001000, 0xE0000000, 0xE8000000, 0xFFE00000, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
    0x2FFFF,    0x30000,    0x30001,    0x3FE000,   0x3FF000,   0x400000,   0x3FFFFF,   0x200000,
};

uint32_t scratch(void) {
    return processor_runs()->driver ? DRIVER_SCRATCH : MANAGER_SCRATCH;
}

/* Memory of the caller's with bytes of the input in it; now and then across a page's end. */
uint32_t take_structure(struct input *input) {
    uint8_t bytes[STRUCTURE_MOST];
    uint32_t count = take8(input) % (STRUCTURE_MOST + 1), place = take8(input);
    uint32_t address = scratch() + (place & 1 ? PAGE_SIZE - 256 - place / 2 : place / 2 * 4);

    take(input, bytes, count);
    put(address, bytes, count);
    return address;
}

uint32_t handle_of(uint32_t kind, uint32_t number) {
    const struct tenant *tenant = processor_runs()->tenant;

    if (tenant == NULL)
        return number;
    const struct thread *thread = tenant->threads;
    const struct space *space = tenant->spaces;
    while (kind == 0 && thread && number-- > 0)
        thread = thread->next;
    while (kind == 1 && space && number-- > 0)
        space = space->next;
    if (kind == 0)
        return thread ? thread->by_handle.key : 1;
    return space ? space->by_handle.key : 1;
}

uint32_t take_argument(struct input *input) {
    uint32_t kind = take8(input), detail = kind >> 3;

    switch (kind & 7) {
    case 0:
        return detail;
    case 1:
        return take32(input);
    case 2:
        return telling_values[take8(input) % (sizeof telling_values / sizeof *telling_values)];
    case 3:
        return take_structure(input);
    case 4:
        return handle_of(detail & 1, detail >> 1);
    case 5:
        return MANAGER_WINDOW + detail * PAGE_SIZE + take8(input) * 16;
    case 6:
        return detail << 27 | take8(input) << 12;
    default:
        return scratch() + detail * 4;
    }
}

/* A page of one of the places where pages can be, by the caller's own choice of 64 in each. */
uint32_t take_page(struct input *input) {
    static const uint32_t places[] = {0,
                                      0x200000,
                                      0x40000000,
                                      APP_LIMIT - 64 * PAGE_SIZE,
                                      MANAGER_IMAGE_WINDOW,
                                      MANAGER_MAPPINGS,
                                      MANAGER_MAPPINGS_LIMIT - 64 * PAGE_SIZE,
                                      MANAGER_WINDOW};
    uint32_t what = take8(input);

    return places[what & 7] + (what >> 3) * PAGE_SIZE;
}
