// SPDX-License-Identifier: MIT
/*
 * A driver takes what there is for its device and completes it at once, with no data but the card's; a frame that is to be received stays
 * until one comes. What the core tells a device to touch is looked at here, where it is told.
 */
#include "tests/fuzz/machine/honest.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/driver.h"
#include "tests/fuzz/machine/card.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/processor.h"

#define DRIVER_SCRATCH (DRIVER_STACK_TOP - 1024u)

enum status put(uint32_t address, const void *bytes, uint32_t count) {
    return gate_copy_out(address, bytes, count);
}

void call_gate(gate_handler *const *group, const struct call *call) {
    struct gate_frame frame = {
        .eax = call->number,
        .ebx = call->arguments[0],
        .ecx = call->arguments[1],
        .edx = call->arguments[2],
        .esi = call->arguments[3],
        .edi = call->arguments[4],
    };
    struct trap_frame *registers = &this_cpu()->current->frame;

    frame.eip = registers->eip;
    frame.cs = registers->cs;
    frame.esp = registers->esp;
    frame.ss = registers->ss;
    processor_call(group[call->number], &frame);
}

static void call(gate_handler *const *group, uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
    call_gate(group, &(struct call){number, {a, b, c}});
}

static uint32_t answer_of(struct thread *thread) {
    return thread->frame.eax;
}

static void get_ready(struct driver *driver) {
    const struct device_description description = {
        .bytes = driver->manifest.class == DEVICE_BLOCK ? 4 * DISK_BYTES : 0,
        .depth = 4,
        .segment_limit = IO_SEGMENTS,
    };

    call(driver_gate, DRIVER_RESET_DONE, 0, 0, 0);
    PROMISE(put(DRIVER_SCRATCH, &description, sizeof description) == STATUS_OK);
    call(driver_gate, DRIVER_READY, DRIVER_SCRATCH, 0, 0);
}

/* A device with DMA reads and writes there, whatever the driver or the tenant does meanwhile. */
static void check_segments(const struct driver *driver, const struct driver_request *request) {
    for (uint32_t n = 0; n < request->segment_count; n++) {
        const struct driver_segment *segment = &request->segments[n];
        uint64_t end = segment->bus_address + segment->bytes;

        for (uint64_t at = segment->bus_address; at < end; at += PAGE_SIZE - at % PAGE_SIZE) {
            const struct frame_record *record = frame_record((frame_t)(at >> PAGE_SHIFT));

            PROMISE(record != NULL);
            PROMISE(frame_pins(record) != 0 || record->account == ACCOUNT_DRIVER + driver->number);
        }
    }
}

static void serve_device(struct driver *driver) {
    struct driver_request request;

    if (driver->state != DRIVER_RUNNING) {
        get_ready(driver);
        return;
    }
    call(driver_gate, DRIVER_FETCH, DRIVER_SCRATCH, 0, 0);
    if (processor_runs() != &driver->thread)
        return;
    if (answer_of(&driver->thread) != STATUS_OK) {
        call(driver_gate, DRIVER_WAIT, UINT32_MAX, UINT32_MAX, 0);
        return;
    }
    PROMISE(gate_copy_in(&request, DRIVER_SCRATCH, sizeof request) == STATUS_OK);
    check_segments(driver, &request);
    if (driver->manifest.class == DEVICE_NETWORK && request.operation == IO_READ)
        return; /* until a frame comes */
    if (driver->manifest.class == DEVICE_NETWORK)
        card_sends(driver, &request);
    call(driver_gate, DRIVER_COMPLETE, request.id, STATUS_OK, request.bytes);
}

static void sleep_on(uint32_t word) {
    const uint32_t value = 0;

    PROMISE(put(word, &value, sizeof value) == STATUS_OK);
    call_gate(thread_gate, &(struct call){THREAD_BLOCK, {word, 0, UINT32_MAX, UINT32_MAX}});
}

void serve(struct thread *thread) {
    if (thread->driver)
        serve_device(thread->driver);
    else
        sleep_on(HONEST_SCRATCH);
}
