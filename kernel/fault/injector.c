// SPDX-License-Identifier: MIT
/*
 * One mutation at a time:
 *
 *   nothing ──inject──> waiting ──fresh copy──> placed ──trap, fetch, completion──> met ──crash──> failed
 *              │ (at_start only)                  ^  │                                            │
 *              └──────────────────────────────────┘  └──withdraw, or a crash by an earlier one    └──> recovered
 *
 * Code is met when it is executed: until then the first byte of the mutated instruction is HLT, which traps in every
 * outer ring; the trap puts the mutation there and goes on with it. A word is met when it is read (watch.h).
 *
 * What was met stays in the domain, also when the next one is injected: mutations pile up until the domain fails. Its
 * restart wipes them all out, since it fills the copy from the pristine image; a manager's mutated text lies on a page
 * of its own, which goes with the tenant (private_text).
 *
 * A failure before the mutation was met is the doing of an earlier one; it is noted all the same, with met_at = 0.
 */
#include "kernel/fault/injector.h"

#if TEST_FAULTS

#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fault/watch.h"
#include "kernel/io/binding.h"
#include "kernel/log/log.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"
#include "kernel/sched/thread.h"

#include <stddef.h>
#include <string.h>

#define VECTOR_DEBUG      1
#define VECTOR_PROTECTION 13
#define WORD              4u
#define TEXT_PAGES        64u
#define HLT               0xF4u /* one byte, and #GP in every ring but 0 */

enum injection_state { NOTHING, WAITING, PLACED, MET };

static struct {
    enum injection_state state;
    struct fault_order order;
    struct driver *driver; /* one of the two is set, unless NOTHING */
    struct tenant *tenant;
    uint8_t before[FAULT_BYTES];
    uint64_t served_before;
    struct fault_outcome outcome;
} now;

/* ---- The domain's memory ---- */

static frame_t slot_frame(const struct driver *driver, uint32_t offset) {
    const uint64_t *table = window_map(WINDOW_TABLE, driver->directory_table[offset / TABLE_BYTES]);
    uint64_t leaf = table[(offset >> PAGE_SHIFT) % TABLE_ENTRIES];

    return (leaf & PTE_PRESENT) && !(leaf & PTE_DEVICE) ? PTE_FRAME(leaf) : NO_FRAME_T;
}

static frame_t frame_at(uint32_t address) {
    if (now.driver)
        return address < DRIVER_INFORMATION ? slot_frame(now.driver, address) : NO_FRAME_T;
    const uint64_t *entry = table_entry(now.tenant->directory, address);
    return entry && (*entry & PTE_PRESENT) ? PTE_FRAME(*entry) : NO_FRAME_T;
}

static uint8_t *byte_at(uint32_t address) {
    return (uint8_t *)window_map(WINDOW_TARGET, frame_at(address)) + address % PAGE_SIZE;
}

/* A manager's text is the bundle's own, and every tenant's. So a page that is to be mutated is copied first, and the copy
 * takes its place in this tenant. The tenant's end lets go of the copies by itself: it counts image pages, and these are. */
static struct {
    frame_t frames[TEXT_PAGES];
    uint32_t taken, used; /* by the tenant as it lives now */
} private_text;

static frame_t next_copy(void) {
    if (private_text.used == private_text.taken && private_text.taken < TEXT_PAGES) {
        frame_t frame = frame_take(ACCOUNT_CORE, FRAME_IMAGE);
        if (frame != NO_FRAME_T)
            private_text.frames[private_text.taken++] = frame;
    }
    return private_text.used < private_text.taken ? private_text.frames[private_text.used++]
                                                  : NO_FRAME_T;
}

static bool is_private(frame_t frame) {
    for (uint32_t n = 0; n < private_text.used; n++)
        if (private_text.frames[n] == frame)
            return true;
    return false;
}

static bool make_private(uint32_t address) {
    uint64_t leaf = *table_entry(now.tenant->directory, address);
    if (!(leaf & PTE_IMAGE) || is_private(PTE_FRAME(leaf)))
        return true;
    frame_t copy = next_copy();
    if (copy == NO_FRAME_T)
        return false;
    memcpy(window_map(WINDOW_TARGET, copy), window_map(WINDOW_SOURCE, PTE_FRAME(leaf)), PAGE_SIZE);
    table_store(table_entry(now.tenant->directory, address),
                PTE_PAGE(copy) | (leaf & ~(uint64_t)PTE_PAGE(PTE_FRAME(leaf))));
    write_cr3(read_cr3());
    return true;
}

static bool is_there(uint32_t address, uint32_t length) {
    return frame_at(address) != NO_FRAME_T && frame_at(address + length - 1) != NO_FRAME_T;
}

static uint32_t changed(uint32_t word) {
    return (word ^ now.order.change) + now.order.addend;
}

static void put(const uint8_t *bytes) {
    for (uint32_t n = 0; n < now.order.length; n++)
        *byte_at(now.order.address + n) = bytes[n];
}

/* ---- Placing ---- */

static void place(void) {
    uint8_t bytes[WORD];
    uint32_t word;

    for (uint32_t n = 0; n < now.order.length; n++)
        now.before[n] = *byte_at(now.order.address + n);
    if (now.order.place == FAULT_TEXT) {
        *byte_at(now.order.address) = HLT;
        return;
    }
    memcpy(&word, now.before, WORD);
    word = changed(word);
    memcpy(bytes, &word, WORD);
    put(bytes);
    watch_set((now.driver ? now.driver->slot : 0) + now.order.address);
}

static bool is_in_memory(void) {
    return now.order.place == FAULT_TEXT || now.order.place == FAULT_STATE;
}

static uint64_t served(void) {
    return now.driver ? now.driver->device->served : 0;
}

static void begin(void) {
    now.state = PLACED;
    now.outcome.is_injected = 1;
    now.outcome.injected_at = clock_now();
    now.served_before = served();
    if (is_in_memory())
        place();
}

static bool is_up(const struct fault_order *order) {
    if (order->domain == FAULT_IN_DRIVER)
        return drivers[order->number]->state == DRIVER_RUNNING;
    return tenants[order->number]->state == TENANT_RUNNING && !tenants[order->number]->building;
}

static bool is_known(const struct fault_order *order) {
    if (order->domain == FAULT_IN_DRIVER)
        return order->number < DRIVER_MAX && drivers[order->number];
    return order->domain == FAULT_IN_TENANT && order->number < TENANT_MAX && tenants[order->number];
}

static enum status check(const struct fault_order *order) {
    bool is_word = order->place == FAULT_STATE;
    if (!is_known(order))
        return STATUS_BAD_HANDLE;
    if (order->place >= FAULT_PLACE_COUNT || order->length == 0 || order->length > FAULT_BYTES ||
        (is_word && order->length != WORD))
        return STATUS_BAD_ARGUMENT;
    if (order->domain == FAULT_IN_TENANT && (order->place > FAULT_STATE || order->at_start))
        return STATUS_UNSUPPORTED;
    return is_up(order) ? STATUS_OK : STATUS_BUSY;
}

enum status injector_inject(const struct fault_order *order) {
    enum status status = check(order);
    if (status != STATUS_OK)
        return status;
    watch_clear();
    now.state = NOTHING;
    now.order = *order;
    now.outcome = (struct fault_outcome){0};
    now.driver = order->domain == FAULT_IN_DRIVER ? drivers[order->number] : NULL;
    now.tenant = order->domain == FAULT_IN_TENANT ? tenants[order->number] : NULL;
    if (is_in_memory() && !is_there(order->address, order->length))
        return STATUS_BAD_ADDRESS;
    if (now.tenant &&
        !(make_private(order->address) && make_private(order->address + order->length - 1)))
        return STATUS_NO_MEMORY;
    if (!order->at_start) {
        begin();
        return STATUS_OK;
    }
    now.state = WAITING;
    driver_restart(now.driver);
    return STATUS_OK;
}

enum status injector_withdraw(void) {
    if (now.state == PLACED && is_in_memory()) {
        watch_clear();
        if (is_there(now.order.address, now.order.length)) /* a manager may have given it back */
            put(now.before);
    }
    now.state = now.state == MET ? MET : NOTHING;
    return STATUS_OK;
}

/* ---- Looking on ---- */

static void meet(void) {
    now.state = MET;
    now.outcome.met_at = clock_now();
    now.served_before = served();
}

static bool is_target(const struct thread *thread) {
    return now.state == PLACED && thread->driver == now.driver && thread->tenant == now.tenant;
}

void injector_resumes(const struct thread *thread) {
    watch_arm(is_target(thread));
}

static bool executes_it(const struct thread *thread) {
    return is_target(thread) && now.order.place == FAULT_TEXT &&
           thread->frame.vector == VECTOR_PROTECTION && thread->frame.eip == now.order.address;
}

bool injector_trapped(const struct thread *thread) {
    if (executes_it(thread)) {
        put(now.order.bytes);
        meet();
        return true;
    }
    return thread->frame.vector == VECTOR_DEBUG && injector_watched();
}

bool injector_watched(void) {
    enum watch_hit hit = watch_take();
    if (hit == HIT_READ)
        meet();
    if (hit == HIT_WRITTEN) {
        now.state = NOTHING;
        now.outcome.overwritten = 1;
    }
    return hit != HIT_NOTHING;
}

void injector_fresh_copy(struct driver *driver) {
    if (now.state == WAITING && driver == now.driver)
        begin();
}

void injector_fetched(const struct driver *driver, struct driver_request *request) {
    uint32_t words[sizeof *request / WORD];

    if (now.state != PLACED || driver != now.driver || now.order.place != FAULT_REQUEST)
        return;
    memcpy(words, request, sizeof words);
    words[now.order.address / WORD] = changed(words[now.order.address / WORD]);
    memcpy(request, words, sizeof words);
    meet();
}

bool injector_completes(const struct driver *driver, struct gate_frame *frame) {
    uint32_t *const registers[] = {&frame->ebx, &frame->ecx, &frame->edx};
    bool is_silent = now.order.place == FAULT_SILENCE;

    if (now.state != PLACED || driver != now.driver ||
        (now.order.place != FAULT_COMPLETION && !is_silent))
        return true;
    meet();
    if (is_silent)
        return false;
    uint32_t *value = registers[now.order.address / WORD % 3];
    *value = changed(*value);
    return true;
}

/* ---- The end ---- */

static void fail(const char *cause) {
    struct fault_outcome *outcome = &now.outcome;

    if (now.state == WAITING)
        return; /* the restart that was asked for */
    if (now.state == PLACED)
        watch_clear();
    now.state = now.state == PLACED ? NOTHING : now.state;
    if (outcome->failures++ > 0)
        return;
    outcome->failed_at = clock_now();
    format_text(outcome->cause, sizeof outcome->cause, "%s", cause);
}

void injector_driver_failed(const struct driver *driver, const char *cause) {
    if (driver == now.driver)
        fail(cause);
}

void injector_driver_ready(const struct driver *driver, uint32_t replayed) {
    if (driver != now.driver || now.outcome.failures == 0)
        return;
    now.outcome.recovered_at = clock_now();
    now.outcome.replayed += replayed;
}

void injector_tenant_died(const struct tenant *tenant, const char *cause) {
    if (tenant != now.tenant)
        return;
    private_text.used = 0;
    fail(cause);
}

static bool is_serving(const struct fault_order *order) {
    return is_up(order) &&
           (order->domain == FAULT_IN_TENANT || drivers[order->number]->completed_since_start);
}

/* A request with which something was wrong: another fault before its end would not be one fault at a time. */
static bool is_suspect(const struct io_slot *slot) {
    return slot->state != SLOT_FREE &&
           (slot->crashes > 0 || slot->doubts != 0 || slot->repaired != 0);
}

static uint32_t replays_left(const struct driver *driver) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++)
        count += is_suspect(&driver->device->slots[n]);
    return count;
}

enum status injector_look(const struct fault_order *order, struct fault_outcome *outcome) {
    if (!is_known(order))
        return STATUS_BAD_HANDLE;
    *outcome = now.outcome;
    outcome->is_running = is_serving(order);
    if (order->domain == FAULT_IN_DRIVER) {
        outcome->oldest_sent = io_oldest_sent(drivers[order->number]);
        outcome->replays_left = replays_left(drivers[order->number]);
    }
    outcome->served = (uint32_t)(served() - now.served_before);
    return STATUS_OK;
}

#endif
