// SPDX-License-Identifier: MIT
/*
 * The core's services as C functions. Each is one `lcall` through the gate that the manager's LDT
 * holds for the group; the contracts are in kernel/abi/gate.h.
 */
#ifndef DOMAINS_LIB_GATE_H
#define DOMAINS_LIB_GATE_H

#include "domains/lib/heap.h"

#include "kernel/abi/channel.h"
#include "kernel/abi/gate.h"
#include "kernel/abi/io.h"
#include "kernel/abi/link.h"
#include "kernel/abi/memory.h"
#include "kernel/abi/selector.h"
#include "kernel/abi/status.h"
#include "kernel/abi/thread.h"
#include "kernel/abi/upcall.h"

#include <stdint.h>

struct gate_answer {
    enum status status;
    uint32_t value;
};

/* One gate call. A macro because the selector is part of the instruction. */
#define GATE_CALL(selector, call, first, second, third, fourth, fifth)                             \
    ({                                                                                             \
        uint32_t gate_status = (call), gate_value = (uint32_t)(third);                             \
        __asm__ volatile("lcall %[gate], $0"                                                       \
                         : "+a"(gate_status), "+d"(gate_value)                                     \
                         : [gate] "i"(selector), "b"((uint32_t)(first)), "c"((uint32_t)(second)),  \
                           "S"((uint32_t)(fourth)), "D"((uint32_t)(fifth))                         \
                         : "memory", "cc");                                                        \
        (struct gate_answer){(enum status)gate_status, gate_value};                                \
    })

static inline enum status frame_bind(uint32_t first, uint32_t count) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, FRAME_BIND, first, count, 0, 0, 0).status;
}

static inline enum status frame_unbind(uint32_t first, uint32_t count) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, FRAME_UNBIND, first, count, 0, 0, 0).status;
}

/* What the core makes for a call is paid by the quota, of which the manager may keep something for later. */
static inline bool is_worth_another(enum status status) {
    return status == STATUS_NO_MEMORY && frames_give_up();
}

/* value: the space's handle. */
static inline struct gate_answer space_create(void) {
    struct gate_answer answer;

    do
        answer = GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_CREATE, 0, 0, 0, 0, 0);
    while (is_worth_another(answer.status));
    return answer;
}

/* AGAIN: a slice is done, call again. */
static inline enum status space_destroy(uint32_t space) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_DESTROY, space, 0, 0, 0, 0).status;
}

/* AGAIN means that page tables were made and no page has changed. */
static inline enum status space_map(uint32_t space, const struct map_entry *entries,
                                    uint32_t count) {
    enum status status;

    do
        status = GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_MAP, space, entries, count, 0, 0).status;
    while (status == STATUS_AGAIN || is_worth_another(status));
    return status;
}

/* The same of one page, whose entry needs not be fetched. */
static inline enum status space_map_page(uint32_t space, uint32_t address_and_flags,
                                         uint32_t frame) {
    enum status status;

    do
        status = GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_MAP, space, 0, 1, address_and_flags, frame)
                     .status;
    while (status == STATUS_AGAIN || is_worth_another(status));
    return status;
}

/* value: pages done; AGAIN if some are left. */
static inline struct gate_answer space_unmap(uint32_t space, uint32_t address, uint32_t pages) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_UNMAP, space, address, pages, 0, 0);
}

static inline enum status space_activate(uint32_t space) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_ACTIVATE, space, 0, 0, 0, 0).status;
}

static inline enum status memory_status(struct memory_status *status) {
    return GATE_CALL(SELECTOR_GATE_MEMORY, MEMORY_STATUS, status, 0, 0, 0, 0).status;
}

static inline uint32_t core_thread_cpu(void) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_CPU, 0, 0, 0, 0, 0).value;
}

static inline void core_thread_barrier(void) {
    GATE_CALL(SELECTOR_GATE_THREAD, THREAD_BARRIER, 0, 0, 0, 0, 0);
}

static inline uint32_t core_thread_self(void) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_SELF, 0, 0, 0, 0, 0).value;
}

/* value: the thread's handle. */
static inline struct gate_answer core_thread_create(const struct thread_start *begin) {
    struct gate_answer answer;

    do
        answer = GATE_CALL(SELECTOR_GATE_THREAD, THREAD_CREATE, begin, 0, 0, 0, 0);
    while (is_worth_another(answer.status));
    return answer;
}

static inline enum status core_thread_block(const uint32_t *word, uint32_t expected,
                                            uint64_t deadline) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_BLOCK, word, expected, deadline,
                     (uint32_t)(deadline >> 32), 0)
        .status;
}

static inline void core_thread_wake(const uint32_t *word, uint32_t most) {
    uint32_t woken;

    do {
        woken = GATE_CALL(SELECTOR_GATE_THREAD, THREAD_WAKE, word, most, 0, 0, 0).value;
        most -= woken;
    } while (woken == THREAD_WAKE_BATCH && most > 0);
}

static inline void core_thread_poke(uint32_t thread) {
    (void)GATE_CALL(SELECTOR_GATE_THREAD, THREAD_POKE, thread, 0, 0, 0, 0);
}

static inline void core_thread_yield(void) {
    (void)GATE_CALL(SELECTOR_GATE_THREAD, THREAD_YIELD, 0, 0, 0, 0, 0);
}

static inline enum status core_thread_set_tls(uint32_t slot, uint64_t descriptor) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_SET_TLS, slot, descriptor,
                     (uint32_t)(descriptor >> 32), 0, 0)
        .status;
}

static inline enum status core_thread_times(uint32_t thread, struct thread_times *times) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_TIMES, thread, times, 0, 0, 0).status;
}

static inline enum status core_thread_place(uint32_t thread,
                                            const struct thread_placement *placement) {
    enum status status;

    do
        status = GATE_CALL(SELECTOR_GATE_THREAD, THREAD_PLACE, thread, placement, 0, 0, 0).status;
    while (is_worth_another(status));
    return status;
}

static inline enum status core_thread_set_weight(uint32_t thread, uint32_t weight) {
    return GATE_CALL(SELECTOR_GATE_THREAD, THREAD_SET_WEIGHT, thread, weight, 0, 0, 0).status;
}

static inline enum status manager_register(const struct manager_registration *registration) {
    return GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_REGISTER, registration, 0, 0, 0, 0).status;
}

static inline void manager_log(const char *text, uint32_t bytes) {
    (void)GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_LOG, text, bytes, 0, 0, 0);
}

static inline _Noreturn void manager_exit(enum manager_exit how, const char *text, uint32_t bytes) {
    (void)GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_EXIT, how, text, bytes, 0, 0);
    __builtin_unreachable();
}

static inline enum status io_attach(uint32_t device, uint32_t frame) {
    return GATE_CALL(SELECTOR_GATE_IO, IO_ATTACH, device, frame, 0, 0, 0).status;
}

static inline enum status io_detach(uint32_t device) {
    return GATE_CALL(SELECTOR_GATE_IO, IO_DETACH, device, 0, 0, 0, 0).status;
}

/* value: entries accepted. */
static inline struct gate_answer io_submit(uint32_t device, enum io_haste haste) {
    return GATE_CALL(SELECTOR_GATE_IO, IO_SUBMIT, device, haste, 0, 0, 0);
}

static inline enum status io_status(uint32_t device, struct io_status *status) {
    return GATE_CALL(SELECTOR_GATE_IO, IO_STATUS, device, status, 0, 0, 0).status;
}

/* value: the channel offered to this tenant. */
static inline struct gate_answer channel_accept(void) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_ACCEPT, 0, 0, 0, 0, 0);
}

static inline enum status channel_describe(uint32_t channel,
                                           struct channel_description *description) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_DESCRIBE, channel, description, 0, 0, 0).status;
}

/* value: bytes read. */
static inline struct gate_answer channel_read(uint32_t channel, enum channel_stream stream,
                                              void *buffer, uint32_t bytes) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_READ, channel, stream, buffer, bytes, 0);
}

/* value: bytes written. */
static inline struct gate_answer channel_write(uint32_t channel, enum channel_stream stream,
                                               const void *buffer, uint32_t bytes) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_WRITE, channel, stream, buffer, bytes, 0);
}

static inline enum status channel_shut(uint32_t channel, enum channel_stream stream) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_SHUT, channel, stream, 0, 0, 0).status;
}

static inline enum status channel_set_window(uint32_t channel, uint32_t window) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_SET_WINDOW, channel, window, 0, 0, 0).status;
}

static inline enum status channel_exit(uint32_t channel, uint32_t wait_status) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_EXIT, channel, wait_status, 0, 0, 0).status;
}

static inline enum status channel_close(uint32_t channel) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, CHANNEL_CLOSE, channel, 0, 0, 0, 0).status;
}

/* value: the link. */
static inline struct gate_answer link_offer(uint32_t tenant, uint32_t from_port, uint32_t to_port) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, LINK_OFFER, tenant, from_port, to_port, 0, 0);
}

/* value: the link. */
static inline struct gate_answer link_accept(void) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, LINK_ACCEPT, 0, 0, 0, 0, 0);
}

static inline enum status link_describe(uint32_t link, struct link_description *description) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, LINK_DESCRIBE, link, description, 0, 0, 0).status;
}

static inline enum status link_ring(uint32_t link) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, LINK_RING, link, 0, 0, 0, 0).status;
}

static inline enum status link_close(uint32_t link) {
    return GATE_CALL(SELECTOR_GATE_CHANNEL, LINK_CLOSE, link, 0, 0, 0, 0).status;
}

/* The operator's gate: any control call, arguments as kernel/abi/gate.h lists them. In a tenant
 * whose LDT lacks the gate this is a general protection fault, so ask
 * tenant_information.is_operator first. */
static inline struct gate_answer control_call(uint32_t call, uint32_t first, uint32_t second,
                                              uint32_t third, uint32_t fourth) {
    return GATE_CALL(SELECTOR_GATE_CONTROL, call, first, second, third, fourth, 0);
}

#endif
