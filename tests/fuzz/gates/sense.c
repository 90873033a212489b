// SPDX-License-Identifier: MIT
/*
 * Calls that make sense, so that there is something to be hostile to: memory that is bound and mapped, threads, rings with requests
 * in them, channels, links, tenants; and drivers that serve.
 */
#include "tests/fuzz/gates/calls.h"

#include "kernel/channel/channel.h"
#include "kernel/domain/driver.h"
#include "kernel/sched/thread.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/card.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/processor.h"

#include <stddef.h>

#define RED_INDEX   60u /* the index of a ring's frame, when it makes sense */
#define DATA_FRAMES 4u  /* behind it */
#define PORT_INDEX  59u /* of a port's ring */
#define ARP_BYTES   42u
#define ARP_SENDER  22u

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
    uint32_t space = is_own ? MANAGER_SPACE : handle_of(1, flags >> 5);
    put(scratch(), entries, sizeof entries);
    if (count == 1 && flags & 0x10) /* the entry in registers */
        call_gate(memory_gate,
                  &(struct call){SPACE_MAP, {space, 0, 1, entries[0].address, entries[0].frame}});
    else
        call(memory_gate, SPACE_MAP, space, scratch(), count);
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
    call(io_gate, IO_SUBMIT, device_number((shape & 0x30) == 0x30), shape >> 7, 0);
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

void do_sense(struct input *input) {
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
