// SPDX-License-Identifier: MIT
// sources: tests/fuzz/machine/snapshot.c tests/fuzz/machine/memory.c tests/fuzz/machine/snapshot_begin.c
// sources: kernel/network/*.c kernel/gate/*.c kernel/channel/*.c kernel/link/*.c kernel/domain/*.c kernel/io/*.c
// sources: kernel/sched/*.c
// sources: kernel/mem/audit.c kernel/mem/copy.c kernel/mem/digital_tree.c kernel/mem/frame.c
// sources: kernel/mem/object.c kernel/mem/object_region.c kernel/mem/space.c kernel/mem/space_map.c
// sources: kernel/mem/table.c kernel/mem/translation.c kernel/fence/fence.c kernel/fence/decide.c
// sources: kernel/fence/view.c kernel/cpu/descriptor.c kernel/cpu/fault.c kernel/cpu/ldt.c
// sources: kernel/cpu/upcall.c kernel/cpu/remote.c kernel/cpu/core_lock.c
// sources: kernel/dev/interrupt.c kernel/dev/message.c kernel/dev/pci.c kernel/log/format.c kernel/log/log.c
// sources: kernel/log/log_limit.c kernel/command_line.c tests/fuzz/machine/pci_space.c
// sources: tests/fuzz/machine/processor.c tests/fuzz/machine/boot.c tests/fuzz/machine/card.c
// sources: tests/fuzz/machine/invariants.c
// sources: tests/fuzz/machine/snapshot_end.c
// wraps: region_map region_unmap object_allocate object_free
/*
 * The core itself, called from rings 1 and 2. Everything of kernel/ that is not bare hardware runs here as it is:
 * gates, frames, spaces, scheduler, tenants, drivers, IO, channels, links; the machine under it is modelled
 * (tests/fuzz/machine), with two processors. An input is a list of steps, each of one processor; whom the scheduler
 * has chosen there does it:
 *
 *   call     a gate of its own with hostile arguments, also with memory that it has filled for it
 *   sense    a call that makes sense for it, so that there is something to be hostile to
 *   fault    any exception at any address, in ring 3, 2 or 1
 *   outside  an interrupt, or time that passes
 *
 * After each step the accounts must be right, and at the end every frame and the bystander's memory; then all
 * tenants but the operator are destroyed, and not one frame may be missing.
 */
#include "kernel/channel/channel.h"
#include "kernel/cpu/cpu.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/interrupt.h"
#include "kernel/domain/driver.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/card.h"
#include "tests/fuzz/machine/invariants.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/processor.h"
#include "tests/fuzz/machine/snapshot.h"

#include <stddef.h>

#define STEPS_MOST      600u
#define TEARDOWN_STEPS  60000u
#define FRAMES_CHECKED  128u /* steps from one look at all frames to the next */
#define STRUCTURE_MOST  128u
#define DRIVER_SCRATCH  (DRIVER_STACK_TOP - DRIVER_STACK_SIZE + 256u)
#define MANAGER_SCRATCH (MANAGER_MAPPINGS_LIMIT - 0x4000u + 256u)
#define SCRATCH_BYTES   0x3000u
#define RED_INDEX       60u /* the index of a ring's frame, when it makes sense */
#define DATA_FRAMES     4u  /* behind it */
#define PORT_INDEX      59u /* of a port's ring */
#define ARP_BYTES       42u
#define ARP_SENDER      22u

static uint32_t frames_at_boot; /* in use by the core and drivers alone */

/* ---- Arguments ---- */

static const uint32_t telling_values[] = {
    0,          1,          2,          8,          9,          31,         32,         33,
    511,        512,        0x1000,     0xFFF,      0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0x82000000,
    0x88000000, 0x8FEFF000, 0x8FF00000, 0x8FFFD000, 0x8FFFF000, 0x90000000, 0xBFFFF000, 0xBFFFFFFF,
    0xC0000000, 0xC0001000, 0xE0000000, 0xE8000000, 0xFFE00000, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
    0x2FFFF,    0x30000,    0x30001,    0x3FE000,   0x3FF000,   0x400000,   0x3FFFFF,   0x200000,
};

static uint32_t scratch(void) {
    return processor_runs()->driver ? DRIVER_SCRATCH : MANAGER_SCRATCH;
}

/* Memory of the caller's with bytes of the input in it; now and then across a page's end. */
static uint32_t take_structure(struct input *input) {
    uint8_t bytes[STRUCTURE_MOST];
    uint32_t count = take8(input) % (STRUCTURE_MOST + 1), place = take8(input);
    uint32_t address = scratch() + (place & 1 ? PAGE_SIZE - 256 - place / 2 : place / 2 * 4);

    take(input, bytes, count);
    put(address, bytes, count);
    return address;
}

static uint32_t handle_of(uint32_t kind, uint32_t number) {
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

static uint32_t take_argument(struct input *input) {
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

/* ---- Hostile calls ---- */

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
    [MANAGER_REGISTER] = {POINTER},
    [MANAGER_LOG] = {POINTER, SMALL},
    [MANAGER_EXIT] = {COUNT, POINTER, SMALL},
};

static uint8_t io_shapes[IO_CALL_COUNT][4] = {
    [IO_ATTACH] = {COUNT, INDEX},
    [IO_DETACH] = {COUNT},
    [IO_SUBMIT] = {COUNT},
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

/* A page of one of the places where pages can be, by the caller's own choice of 64 in each. */
static uint32_t take_page(struct input *input) {
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

static void do_call(struct input *input) {
    const struct group *group = take_group(input);
    struct call call = {.number = take8(input) % group->count};

    if (group->handlers == control_gate && call.number == CONTROL_POWER_OFF)
        return;
    for (uint32_t i = 0; i < 4; i++)
        call.arguments[i] = take_shaped(input, group->shapes[call.number][i]);
    call_gate(group->handlers, &call);
}

/* ---- Calls that make sense ---- */

static void call(gate_handler *const *group, uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
    call_gate(group, &(struct call){number, {a, b, c}});
}

static void bind_frames(struct input *input) {
    uint32_t first = processor_runs()->tenant->information->first_frame + take8(input) % 64;

    call(memory_gate, FRAME_BIND, first, 1 + take8(input) % FRAME_BATCH, 0);
}

static void map_pages(struct input *input) {
    struct map_entry entries[4];
    uint32_t count = 1 + take8(input) % 4, flags = take8(input);
    bool is_own = false;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t where = take_page(input),
                 first = processor_runs()->tenant->information->first_frame;

        is_own |= where >= MANAGER_BASE;
        entries[i].address = where | (flags & 0xF) | MAP_PRESENT;
        entries[i].frame = flags & MAP_IMAGE
                               ? processor_runs()->tenant->image << 20 | take8(input) % 4
                               : first + take8(input) % 64;
    }
    put(scratch(), entries, sizeof entries);
    call(memory_gate, SPACE_MAP, is_own ? MANAGER_SPACE : handle_of(1, flags >> 5), scratch(),
         count);
}

/* The same few frames, so often that one slice of a space's end does not see them all. */
static void map_many(struct input *input) {
    struct map_entry entries[MAP_BATCH];
    uint32_t first = processor_runs()->tenant->information->first_frame, space = handle_of(1, 0);
    uint32_t base = take_page(input) % APP_LIMIT & ~(TABLE_BYTES - 1);

    for (uint32_t batch = 0; batch < TABLE_ENTRIES / MAP_BATCH; batch++) {
        for (uint32_t i = 0; i < MAP_BATCH; i++)
            entries[i] = (struct map_entry){
                (base + (batch * MAP_BATCH + i) * PAGE_SIZE) | MAP_PRESENT, first + i % 4};
        put(scratch(), entries, sizeof entries);
        call(memory_gate, SPACE_MAP, space, scratch(), MAP_BATCH);
        if (processor_runs() == NULL || processor_runs()->tenant == NULL)
            return;
    }
}

static void create_thread(struct input *input) {
    const struct thread_start start = {
        .instruction = MANAGER_BASE + take8(input),
        .stack = MANAGER_MAPPINGS_LIMIT - 512,
        .stack_top = MANAGER_MAPPINGS_LIMIT - 256,
    };

    put(scratch(), &start, sizeof start);
    call(thread_gate, THREAD_CREATE, scratch(), 0, 0);
}

/* A tenant's disk is its first device, its port the second; the operator's port is its first, its console the second. */
static uint32_t device_number(bool is_port) {
    return is_port != processor_runs()->tenant->is_operator;
}

static void attach_ring(struct input *input) {
    uint32_t index = processor_runs()->tenant->information->first_frame + RED_INDEX;

    call(memory_gate, FRAME_BIND, index, 1 + DATA_FRAMES, 0);
    if (processor_runs() && processor_runs()->tenant)
        call(io_gate, IO_ATTACH, device_number(take8(input) >= 0xE0), index, 0);
}

static struct io_submission take_submission(struct input *input, uint32_t shape) {
    uint32_t first = processor_runs()->tenant->information->first_frame;
    struct io_submission entry = {
        .tag = take8(input),
        .operation = (uint16_t)(shape % IO_OPERATION_COUNT),
        .offset = (uint16_t)((shape >> 2 & 1) * (1 + take8(input) % 16) * 512),
        .position = (uint64_t)take8(input) * 512,
        .bytes = (1 + take8(input) % 17) * 512u,
    };

    for (uint32_t i = 0; i < IO_SEGMENTS; i++)
        entry.frame[i] = first + (shape & 8 ? take8(input) % 64 : RED_INDEX + 1 + i % DATA_FRAMES);
    if (entry.operation == IO_FLUSH)
        entry = (struct io_submission){.tag = entry.tag, .operation = IO_FLUSH};
    if (shape >= 0xE0)
        take(input, &entry, take8(input) % (sizeof entry + 1));
    return entry;
}

/* Through the frame window, as a manager fills its ring; it takes what was completed. */
static void submit(struct input *input) {
    uint32_t index = processor_runs()->tenant->information->first_frame + RED_INDEX;
    uint32_t ring = MANAGER_WINDOW + index * PAGE_SIZE, shape = take8(input);
    uint32_t counters[4]; /* submit_tail, complete_head, submit_head, complete_tail */

    if (gate_copy_in(counters, ring, sizeof counters) != STATUS_OK) {
        attach_ring(input);
        return;
    }
    const struct io_submission entry = take_submission(input, shape);
    put(ring + (uint32_t)offsetof(struct io_ring, submissions) +
            counters[0] % IO_RING_ENTRIES * (uint32_t)sizeof entry,
        &entry, sizeof entry);
    counters[0] += 1 + ((shape & 0x50) == 0x50) * take8(input);
    counters[1] = counters[3];
    put(ring, counters, 2 * sizeof *counters);
    call(io_gate, IO_SUBMIT, device_number((shape & 0x30) == 0x30), 0, 0);
}

/* The frames for data may be there already. */
static void attach_port(void) {
    uint32_t index = processor_runs()->tenant->information->first_frame + PORT_INDEX;

    call(memory_gate, FRAME_BIND, index, 1, 0);
    if (processor_runs() && processor_runs()->tenant)
        call(io_gate, IO_ATTACH, device_number(true), index, 0);
    if (processor_runs() && processor_runs()->tenant)
        call(memory_gate, FRAME_BIND, index + RED_INDEX - PORT_INDEX, 1 + DATA_FRAMES, 0);
}

/* An address is asked for (ARP), by whom the input says. */
static void put_frame(struct input *input, uint32_t address) {
    uint8_t frame[ARP_BYTES] = {[12] = 8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
    uint32_t who = take8(input), number = processor_runs()->tenant->number;

    card_address(who % 8, frame);
    card_address(who < 0xE0 ? number : who / 8 % 4, frame + NETWORK_ADDRESS);
    card_address(number, frame + ARP_SENDER);
    put(address, frame, sizeof frame);
}

/* And room for one that comes, in the same place. */
static void send_frame(struct input *input) {
    uint32_t first = processor_runs()->tenant->information->first_frame, tails[2];
    uint32_t ring = MANAGER_WINDOW + (first + PORT_INDEX) * PAGE_SIZE, shape = take8(input);
    const struct network_buffer buffer = {
        first + RED_INDEX + 1 + shape % DATA_FRAMES,
        (uint16_t)(shape / 4 * 64 + take8(input) % 64),
        (uint16_t)(ARP_BYTES + take8(input) * 6),
    };

    if (gate_copy_in(tails, ring, sizeof tails) != STATUS_OK) {
        attach_port();
        return;
    }
    put_frame(input, MANAGER_WINDOW + buffer.frame * PAGE_SIZE + buffer.offset);
    put(ring + (uint32_t)offsetof(struct network_ring, transmit) +
            tails[0]++ % NETWORK_ENTRIES * (uint32_t)sizeof buffer,
        &buffer, sizeof buffer);
    put(ring + (uint32_t)offsetof(struct network_ring, receive) +
            tails[1]++ % NETWORK_ENTRIES * (uint32_t)sizeof buffer,
        &buffer, sizeof buffer);
    put(ring, tails, sizeof tails);
    call(io_gate, IO_SUBMIT, device_number(true), 0, 0);
}

static void open_channel(struct input *input) {
    static struct channel_offer offer;

    offer = (struct channel_offer){.tenant = take8(input) % 3, .command_bytes = 3, .command = "sh"};
    put(scratch() + PAGE_SIZE, &offer, sizeof offer);
    if (processor_runs()->tenant->is_operator)
        call(control_gate, CONTROL_CHANNEL_OPEN, scratch() + PAGE_SIZE, 0, 0);
    else
        call(channel_gate, CHANNEL_ACCEPT, 0, 0, 0);
}

/* Offers to somebody, takes what is offered, or closes; the operator says who may talk to whom. */
static void deal_with_links(struct input *input) {
    uint32_t what = take8(input), number = what / 4 % 4, other = what / 16 % 4;

    if (processor_runs()->tenant->is_operator && other != 3)
        call(control_gate, CONTROL_NETWORK_ALLOW, number, other, what % 4);
    else if (what % 4 < 2)
        call(channel_gate, LINK_OFFER, number, 1, 2);
    else
        call(channel_gate, what % 4 == 2 ? LINK_ACCEPT : LINK_CLOSE, number, 0, 0);
}

static void create_tenant(struct input *input) {
    struct tenant_configuration wanted = tenants[OPERATOR]->configuration;

    if (!processor_runs()->tenant->is_operator)
        return;
    strcpy(wanted.name, "green");
    strcpy(wanted.image, "base");
    wanted.frames = 60 + take8(input);
    wanted.restart = take8(input) & 1;
    wanted.disks[0] =
        (struct disk_grant){.name = "vda", .device = "blk0", .bytes = 1 << 20, .weight = 100};
    give_port(&wanted, tenants_end());
    put(scratch(), &wanted, sizeof wanted);
    call(control_gate, CONTROL_TENANT_CREATE, scratch(), 0, 0);
}

static void go_to_ring_3(struct input *input) {
    struct trap_frame *frame = &processor_runs()->frame;

    frame->cs = SELECTOR_APP_CODE;
    frame->ss = SELECTOR_APP_DATA;
    frame->eip = take32(input);
    frame->esp = take32(input);
}

/* A manager with four frames and a thread that sleeps is what most of a hostile call's targets need. */
static void manager_makes_sense(struct input *input) {
    switch (take8(input) % 17) {
    case 0:
        bind_frames(input);
        break;
    case 10:
        map_many(input);
        break;
    case 11:
    case 12:
        deal_with_links(input);
        break;
    case 1:
        call(memory_gate, SPACE_CREATE, 0, 0, 0);
        break;
    case 2:
    case 3:
        map_pages(input);
        break;
    case 4:
        create_thread(input);
        break;
    case 5:
        attach_ring(input);
        break;
    case 6:
    case 7:
    case 13:
    case 14:
        submit(input);
        break;
    case 15:
    case 16:
        send_frame(input);
        break;
    case 8:
        open_channel(input);
        break;
    default:
        create_tenant(input);
        break;
    }
}

static void do_sense(struct input *input) {
    struct thread *thread = processor_runs();
    uint32_t what = take8(input);

    if (thread->driver == drivers[CARD] && what % 4 == 0)
        card_receives(thread->driver, input);
    else if (thread->driver || what % 16 == 0)
        serve(thread);
    else if (what % 16 == 1)
        go_to_ring_3(input);
    else if (what % 16 == 2)
        call(memory_gate, SPACE_ACTIVATE, handle_of(1, what >> 4), 0, 0);
    else
        manager_makes_sense(input);
}

/* ---- Steps ---- */

static void do_fault(struct input *input) {
    static const uint8_t vectors[] = {0, 1, 3, 6, 10, 12, 13, 14, 14, 14, 16, 17};
    uint32_t vector = vectors[take8(input) % sizeof vectors], error = take8(input);

    processor_fault(vector, error, take_argument(input));
}

static void do_outside(struct input *input) {
    /* the drivers' twice, then the core's and nobody's */
    static const uint8_t lines[] = {1, 4, 11, 17, 1, 4, 11, 17, 0, 2, 7, 8, 14, 15, 16, 31};
    uint32_t what = take8(input);

    if (what & 1)
        processor_interrupt(VECTOR_LINES + lines[what / 16]);
    else
        processors_pass_time(1ull << (10 + what / 16));
}

static bool is_bystander(const struct thread *thread) {
    return thread->tenant && thread->tenant->number == BLUE && thread->tenant->restarts == 0;
}

/* An interrupt from the other processor comes before whatever this one does next, or it has entered a gate by then:
 * `late`. */
static void take_call(bool late) {
    if (processors[this_cpu()->number].is_called && (!late || processor_runs() == NULL))
        processor_interrupt(VECTOR_REMOTE);
}

static void step(struct input *input) {
    uint32_t kind = take8(input), which = take8(input);

    processor_select(which % PROCESSORS);
    take_call(which & 0x80 && kind < 0x70);
    struct thread *thread = processor_runs();
    if (thread == NULL || kind >= 0xF0)
        do_outside(input);
    else if (is_bystander(thread))
        serve(thread);
    else if (kind >= 0xE8)
        do_fault(input);
    else if (kind >= 0x70)
        do_sense(input);
    else
        do_call(input);
}

/* ---- The end ---- */

static void destroy_others(void) {
    for (uint32_t number = 1; number < tenants_end(); number++)
        tenant_destroy(number);
    for (uint32_t i = 0; i < DRIVER_MAX && drivers[i] != NULL; i++)
        driver_restart(drivers[i]);
}

static bool all_gone(void) {
    for (uint32_t number = 1; number < tenants_end(); number++)
        if (tenants[number] != NULL)
            return false;
    for (frame_t frame = 0; frame < MACHINE_FRAMES; frame++)
        if (frame_records[frame].kind == FRAME_QUARANTINE)
            return false;
    return true;
}

/* Drivers are honest from here on, so that whatever is in flight comes to its end. */
static void expect_everything_back(void) {
    processor_select(0);
    take_call(false);
    processor_boot(destroy_others);
    for (uint32_t steps = 0; !all_gone(); steps++) {
        PROMISE(steps < TEARDOWN_STEPS);
        if (machine_is_off)
            return;
        processor_select(steps % PROCESSORS);
        take_call(false);
        if (processor_runs() && processor_runs()->driver)
            serve(processor_runs());
        else
            processors_pass_time(10000000);
    }
    check_accounts();
    check_frames();
    PROMISE(frames_in_use() == frames_at_boot + tenants[OPERATOR]->quota.used);
}

static void boot_once(void) {
    static bool booted;

    if (booted) {
        snapshot_restore();
        return;
    }
    booted = true;
    boot_machine();
    check_accounts();
    check_frames();
    frames_at_boot = frames_in_use();
    for (uint32_t i = OPERATOR; i <= BLUE; i++)
        frames_at_boot -= tenants[i]->quota.used;
    snapshot_take();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};

    boot_once();
    for (uint32_t steps = 0; steps < STEPS_MOST && input.at < input.end; steps++) {
        step(&input);
        if (machine_is_off)
            return 0;
        check_accounts();
        if (steps % FRAMES_CHECKED == FRAMES_CHECKED - 1)
            check_frames();
    }
    check_frames();
    expect_everything_back();
    return 0;
}
