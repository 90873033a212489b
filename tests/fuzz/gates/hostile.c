// SPDX-License-Identifier: MIT
/*
 * Hostile calls: any call of the caller's gates, with arguments that are mostly near what it would accept.
 */
#include "tests/fuzz/gates/calls.h"

#include "kernel/domain/driver.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/processor.h"

#include <stddef.h>

/* What a call takes its arguments for: most of them are then near what it would accept. */
enum shape {
    ANY,
    INDEX,
    COUNT,
    SPACE,
    THREAD,
    PAGE,
    WORD,
    POINTER,
    SMALL,
    ZERO,
    SEGMENT,
    WIDTH,
    FLAG
};

struct group {
    gate_handler *const *handlers;
    uint32_t count;
    uint8_t (*shapes)[4];
};

static uint8_t memory_shapes[MEMORY_CALL_COUNT][4] = {
    [FRAME_BIND] = {INDEX, COUNT},
    [FRAME_UNBIND] = {INDEX, COUNT},
    [SPACE_DESTROY] = {SPACE},
    [SPACE_MAP] = {SPACE, POINTER, COUNT},
    [SPACE_UNMAP] = {SPACE, PAGE, SMALL},
    [SPACE_ACTIVATE] = {SPACE},
    [MEMORY_STATUS] = {POINTER},
};

static uint8_t thread_shapes[THREAD_CALL_COUNT][4] = {
    [THREAD_CREATE] = {POINTER},
    [THREAD_BLOCK] = {WORD, ZERO, ANY, ZERO},
    [THREAD_WAKE] = {WORD, SMALL},
    [THREAD_POKE] = {THREAD},
    [THREAD_SET_TLS] = {COUNT, ANY, SEGMENT},
    [THREAD_TIMES] = {THREAD, POINTER},
    [THREAD_SET_WEIGHT] = {THREAD, SMALL},
    [THREAD_PLACE] = {THREAD, POINTER},
    [MANAGER_REGISTER] = {POINTER},
    [MANAGER_LOG] = {POINTER, SMALL},
    [MANAGER_EXIT] = {COUNT, POINTER, SMALL},
};

static uint8_t io_shapes[IO_CALL_COUNT][4] = {
    [IO_ATTACH] = {COUNT, INDEX},
    [IO_DETACH] = {COUNT},
    [IO_SUBMIT] = {COUNT, COUNT},
    [IO_STATUS] = {COUNT, POINTER},
};

static uint8_t channel_shapes[CHANNEL_CALL_COUNT][4] = {
    [CHANNEL_DESCRIBE] = {COUNT, POINTER},
    [CHANNEL_READ] = {COUNT, COUNT, POINTER, SMALL},
    [CHANNEL_WRITE] = {COUNT, COUNT, POINTER, SMALL},
    [CHANNEL_SHUT] = {COUNT, COUNT},
    [CHANNEL_SET_WINDOW] = {COUNT},
    [CHANNEL_EXIT] = {COUNT, SMALL},
    [CHANNEL_CLOSE] = {COUNT},
    [LINK_OFFER] = {COUNT, SMALL, SMALL},
    [LINK_DESCRIBE] = {COUNT, POINTER},
    [LINK_RING] = {COUNT},
    [LINK_CLOSE] = {COUNT},
};

static uint8_t control_shapes[CONTROL_CALL_COUNT][4] = {
    [CONTROL_TENANT_CREATE] = {POINTER},
    [CONTROL_TENANT_DESTROY] = {COUNT},
    [CONTROL_TENANT_SET] = {POINTER},
    [CONTROL_TENANT_STATUS] = {COUNT, POINTER},
    [CONTROL_DRIVER_STATUS] = {COUNT, POINTER},
    [CONTROL_DRIVER_CRASH] = {COUNT, SMALL},
    [CONTROL_DRIVER_RESTART] = {COUNT},
    [CONTROL_TENANT_RESTART] = {COUNT},
    [CONTROL_CHANNEL_OPEN] = {POINTER},
    [CONTROL_MACHINE_STATUS] = {POINTER},
    [CONTROL_DESCRIPTORS] = {POINTER},
    [CONTROL_LOG_READ] = {POINTER},
    [CONTROL_DEBUG_WRITE] = {ANY, POINTER, SMALL},
    [CONTROL_AUDIT] = {POINTER},
    [CONTROL_SYSCALL_COUNTS] = {COUNT, POINTER},
    [CONTROL_DEVICE_MODEL] = {COUNT, POINTER},
    [CONTROL_NETWORK_ALLOW] = {COUNT, COUNT, COUNT},
};

static uint8_t driver_shapes[DRIVER_CALL_COUNT][4] = {
    [DRIVER_WAIT] = {ANY, ZERO},        [DRIVER_READY] = {POINTER},
    [DRIVER_FETCH] = {POINTER},         [DRIVER_COMPLETE] = {COUNT, COUNT, SMALL},
    [DRIVER_PCI_READ] = {SMALL, WIDTH}, [DRIVER_PCI_WRITE] = {SMALL, WIDTH},
    [DRIVER_BUS_MASTER] = {FLAG},       [DRIVER_LOG] = {POINTER, SMALL},
};

static const struct group groups[] = {
    {memory_gate, MEMORY_CALL_COUNT, memory_shapes},
    {thread_gate, THREAD_CALL_COUNT, thread_shapes},
    {io_gate, IO_CALL_COUNT, io_shapes},
    {channel_gate, CHANNEL_CALL_COUNT, channel_shapes},
    {control_gate, CONTROL_CALL_COUNT, control_shapes},
    {driver_gate, DRIVER_CALL_COUNT, driver_shapes},
};

enum { GROUP_CONTROL = 4, GROUP_DRIVER = 5 };

/* Near its frames; or past the window, where its other pages' tables would be next. */
static uint32_t take_index(struct input *input) {
    static const uint32_t others[] = {MANAGER_BASE, MANAGER_LINKS, MANAGER_INFORMATION,
                                      MANAGER_LDT};
    const struct tenant *tenant = processor_runs()->tenant;
    uint32_t what = take8(input);

    if (what >= 0xF0)
        return (others[what % 4] - MANAGER_WINDOW) >> PAGE_SHIFT;
    return (tenant ? tenant->information->first_frame : 0) + what % 80 - 8;
}

/* The high half of a descriptor: data of ring 3, wherever it lies and ends. */
static uint32_t take_segment(struct input *input) {
    return (take32(input) & 0xFF8F05FF) | 0x0040F200;
}

static uint32_t take_shaped(struct input *input, enum shape shape) {
    uint32_t chance = take8(input);

    if (chance >= 0xE0)
        return take_argument(input);
    switch (shape) {
    case INDEX:
        return take_index(input);
    case COUNT:
        return chance % 12;
    case SPACE:
        return chance % 4 == 0 ? MANAGER_SPACE : handle_of(1, chance >> 4);
    case THREAD:
        return handle_of(0, chance >> 4);
    case PAGE:
        return take_page(input);
    case WORD:
        return scratch() + chance % 4 * 4;
    case POINTER:
        return take_structure(input);
    case SMALL:
        return chance;
    case ZERO:
        return 0;
    case SEGMENT:
        return take_segment(input);
    case WIDTH:
        return 1u << chance % 3;
    case FLAG:
        return chance & 1;
    default:
        return take_argument(input);
    }
}

/* Whose LDT holds which gate. */
static const struct group *take_group(struct input *input) {
    const struct thread *thread = processor_runs();
    uint32_t number = take8(input) % GROUP_DRIVER;

    if (thread->driver)
        return &groups[GROUP_DRIVER];
    if (number == GROUP_CONTROL && !thread->tenant->is_operator)
        number = 0;
    return &groups[number];
}

void do_call(struct input *input) {
    const struct group *group = take_group(input);
    struct call call = {.number = take8(input) % group->count};

    if (group->handlers == control_gate && call.number == CONTROL_POWER_OFF)
        return;
    for (uint32_t i = 0; i < 4; i++)
        call.arguments[i] = take_shaped(input, group->shapes[call.number][i]);
    call_gate(group->handlers, &call);
}
