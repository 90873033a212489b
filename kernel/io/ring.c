// SPDX-License-Identifier: MIT
/*
 * The shared ring of a binding, where everything that the tenant writes is a rumour: counters are compared
 * with the core's own, an entry is copied once and judged as copied.
 *
 * An entry is accepted only if its completion has a place in the ring already. So a tenant that does not
 * take its completions stops its own queue, and the core never has to wait or to drop.
 */
#include "kernel/io/binding.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/mem/space.h"
#include "kernel/mem/window.h"

#include <stddef.h>

static struct io_ring *ring_of(const struct io_binding *binding) {
    return window_map(WINDOW_RING, binding->ring);
}

static void pin(const struct io_request *request) {
    for (uint32_t n = 0; n < request->frame_count; n++)
        frame_pin(request->frames[n]);
}

void request_unpin(const struct io_request *request) {
    for (uint32_t n = 0; n < request->frame_count; n++)
        frame_unpin(request->frames[n]);
}

static void put_completion(struct io_binding *binding, uint32_t tag, enum status status,
                           uint32_t bytes) {
    struct io_ring *ring = ring_of(binding);
    ring->completions[binding->complete_tail % IO_RING_ENTRIES] =
        (struct io_completion){.tag = tag, .status = status, .bytes = bytes};
    binding->complete_tail++;
    binding->outstanding--;
    __atomic_store_n(&ring->complete_tail, binding->complete_tail, __ATOMIC_RELEASE);
}

static void tell_of_completions(const struct io_binding *binding) {
    tenant_event_at(binding->tenant, MANAGER_WINDOW + binding->ring_index * PAGE_SIZE +
                                         offsetof(struct io_ring, complete_tail));
}

void ring_complete(struct io_binding *binding, uint32_t tag, enum status status, uint32_t bytes) {
    put_completion(binding, tag, status, bytes);
    tell_of_completions(binding);
}

/* ---- Taking entries ---- */

static enum status translate(struct io_binding *binding, const struct io_submission *entry,
                             struct io_request *request) {
    if (submission_check(entry, binding->device->class, binding->bytes, &request->frame_count) !=
        STATUS_OK)
        return STATUS_BAD_ARGUMENT;
    request->binding = binding;
    request->tag = entry->tag;
    request->operation = entry->operation;
    request->offset = entry->offset;
    request->position = binding->start + entry->position;
    request->accepted = clock_now();
    request->bytes = entry->bytes;
    for (uint32_t n = 0; n < request->frame_count; n++) {
        request->frames[n] = tenant_frame(binding->tenant, entry->frame[n]);
        if (DEFENCE_IO_BOUND_FRAME && request->frames[n] == NO_FRAME_T)
            return STATUS_BAD_ARGUMENT;
    }
    return STATUS_OK;
}

/* No more than IO_RING_ENTRIES are outstanding, and so many have room. */
static void take_entry(struct io_binding *binding) {
    struct io_request *request = queue_room(binding->queue);
    struct io_submission entry = *(volatile struct io_submission *)&ring_of(binding)
                                      ->submissions[binding->submit_head % IO_RING_ENTRIES];
    binding->submit_head++;
    binding->outstanding++;
    enum status status = translate(binding, &entry, request);
    if (status != STATUS_OK) {
        put_completion(binding, entry.tag, status, 0);
        return;
    }
    pin(request);
    queue_push(binding->queue);
    binding->device->queued++;
    binding_look(binding, request->accepted);
}

static uint32_t at_most(uint32_t value, uint32_t most) {
    return value < most ? value : most;
}

enum status io_submit(struct tenant *tenant, uint32_t device, uint32_t *accepted) {
    struct io_binding *binding = binding_find(tenant, device);
    if (binding != NULL && binding->device->own != NULL) {
        *accepted = binding->device->own->submit(binding);
        return STATUS_OK;
    }
    if (binding == NULL || (DEFENCE_RING_ATTACHED && binding->queue == NULL))
        return STATUS_BAD_HANDLE;
    volatile struct io_ring *ring = ring_of(binding);
    uint32_t offered = at_most(ring->submit_tail - binding->submit_head, IO_RING_ENTRIES);
    uint32_t untaken = at_most(binding->complete_tail - ring->complete_head, IO_RING_ENTRIES);
    uint32_t used = at_most(binding->outstanding + untaken, IO_RING_ENTRIES);
    uint32_t told = binding->complete_tail;
    uint32_t count = DEFENCE_RING_COUNTERS
                         ? at_most(at_most(offered, IO_RING_ENTRIES - used), IO_SUBMIT_BATCH)
                         : ring->submit_tail - binding->submit_head;
    if (offered != 0 && count == 0)
        return STATUS_FULL;
    for (uint32_t n = 0; n < count; n++)
        take_entry(binding);
    ring_of(binding)->submit_head = binding->submit_head;
    if (binding->complete_tail != told)
        tell_of_completions(binding);
    *accepted = count;
    driver_post(binding->device->driver, 0);
    return STATUS_OK;
}

/* ---- Ending requests ---- */

static void count_request(struct io_binding *binding, const struct io_request *request,
                          uint32_t bytes, uint64_t now) {
    if (request->operation == IO_READ) {
        binding->reads++;
        binding->bytes_read += bytes;
    } else {
        binding->writes++;
        binding->bytes_written += bytes;
    }
    binding->latency[latency_bucket(now - request->accepted)]++;
}

void slot_finish(struct io_device *device, struct io_slot *slot, enum status status, uint32_t bytes,
                 uint64_t now) {
    struct io_binding *binding = slot->request.binding;
    slot_set_state(device, slot, SLOT_FREE);
    request_unpin(&slot->request);
    if (binding != NULL) {
        count_request(binding, &slot->request, bytes, now);
        ring_complete(binding, slot->request.tag, status, bytes);
    }
    choice_slot_is_free(device, binding, now);
}
