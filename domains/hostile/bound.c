// SPDX-License-Identifier: MIT
/*
 * Numbers: counts, indices, handles and flags that are too large, too small, or name what is not there. Each
 * is compared with its bound before anything is done with it.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"

#include "kernel/abi/selector.h"

#define APP_PAGE    0x400000u
#define ABSURD_CALL 0x10000000u
#define TOO_MANY    2000u
#define ABSURD_SLOT 0x00800000u
#define HANDLES     4096u

static _Noreturn void judge(enum status status) {
    if (status == STATUS_OK)
        escaped("the core did it");
    refused("status %u", status);
}

/* ---- Calls that do not exist ---- */

#define CALL_PAST(name, selector)                                                                  \
    static void name(void) {                                                                       \
        judge(GATE_CALL(selector, ABSURD_CALL, 0, 0, 0, 0, 0).status);                             \
    }
CALL_PAST(call_past_thread_table, SELECTOR_GATE_THREAD)
CALL_PAST(call_past_io_table, SELECTOR_GATE_IO)
CALL_PAST(call_past_channel_table, SELECTOR_GATE_CHANNEL)
#undef CALL_PAST

/* ---- Counts ---- */

static struct map_entry entries[TOO_MANY];

/* The core has room for a batch on its stack; and in registers for one entry, which it takes if there is no batch. */
static void map_too_many(void) {
    if (GATE_CALL(SELECTOR_GATE_MEMORY, SPACE_MAP, space_create().value, 0, 2,
                  APP_PAGE | MAP_PRESENT, take_frame())
            .status == STATUS_OK)
        escaped("two entries were in the registers for one");
    for (uint32_t i = 0; i < TOO_MANY; i++)
        entries[i] = (struct map_entry){APP_PAGE + i * PAGE_SIZE, 0};
    judge(space_map(space_create().value, entries, TOO_MANY));
}

/* Longer than its row of page tables is looked at: frames are taken where nobody asks whether any is left. */
static void bind_too_many(void) {
    judge(frame_bind(information()->first_frame, FRAME_BATCH + 1));
}

static void bind_past_reservation(void) {
    judge(frame_bind(information()->frames, 1));
}

static void bind_around_the_end(void) {
    judge(frame_bind(0xFFFFFFFFu, 2));
}

static void bind_twice(void) {
    judge(frame_bind(take_frame(), 1));
}

static void unbind_unbound(void) {
    judge(frame_unbind(information()->frames - 1, 1));
}

static void unbind_too_many(void) {
    uint32_t first = information()->first_frame;
    frame_bind(first, FRAME_BATCH);
    frame_bind(first + FRAME_BATCH, FRAME_BATCH);
    judge(frame_unbind(first, 2 * FRAME_BATCH));
}

/* A text longer than the core's buffer. */
static void log_too_long(void) {
    static char text[TOO_MANY];
    memset(text, 'A', sizeof text);
    judge(GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_LOG, text, sizeof text, 0, 0, 0).status);
}

static void end_with_too_much(void) {
    static char text[TOO_MANY];
    memset(text, 'A', sizeof text);
    judge(GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_EXIT, MANAGER_HALT, text, sizeof text, 0, 0)
              .status);
}

/* A line feed in the text would begin a line of the log that looks like the core's own; the referee looks
 * for it. */
static void forge_log_line(void) {
    static const char text[] = "a line\nFORGED by a tenant";
    GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_LOG, text, sizeof text - 1, 0, 0, 0);
    refused("the text is in the log");
}

/* ---- Indices and handles ---- */

static void name_tls_past_slots(void) {
    judge(core_thread_set_tls(ABSURD_SLOT, 0));
}

/* Handles are found among the tenant's own, so another's cannot be named at all. */
static void name_foreign_threads(void) {
    struct thread_times times;
    uint32_t self = core_thread_self();
    for (uint32_t handle = 0; handle < HANDLES; handle++)
        if (handle != self && core_thread_times(handle, &times) == STATUS_OK)
            escaped("thread %u answers", handle);
    refused("no thread but its own");
}

static void name_foreign_spaces(void) {
    for (uint32_t handle = 1; handle < HANDLES; handle++)
        if (space_activate(handle) == STATUS_OK)
            escaped("space %u is another's", handle);
    refused("no space but its own");
}

static void name_foreign_channels(void) {
    static struct channel_description description;
    for (uint32_t channel = 0; channel < HANDLES; channel++)
        if (channel_describe(channel, &description) == STATUS_OK)
            escaped("channel %u is another's", channel);
    refused("no channel of its own, and none of others");
}

static void name_foreign_devices(void) {
    struct io_status answer;
    for (uint32_t device = 1; device < HANDLES; device++)
        if (io_status(device, &answer) == STATUS_OK)
            escaped("device %u was not granted", device);
    refused("no device but its own");
}

/* ---- Values ---- */

/* Without weight a thread's slice is no time at all. */
static void set_weight_zero(void) {
    judge(core_thread_set_weight(core_thread_self(), 0));
}

static void map_with_unknown_flags(void) {
    const struct map_entry page = {APP_PAGE | MAP_PRESENT | 0x200, take_frame()};
    judge(space_map(space_create().value, &page, 1));
}

static void map_unbound_frame(void) {
    const struct map_entry page = {APP_PAGE | MAP_PRESENT, information()->frames - 1};
    judge(space_map(space_create().value, &page, 1));
}

static void map_past_image(void) {
    const struct map_entry page = {MANAGER_MAPPINGS | MAP_PRESENT | MAP_IMAGE,
                                   information()->images[0].image << 20 | 0xFFFFF};
    judge(space_map(MANAGER_SPACE, &page, 1));
}

/* ---- Taking away ---- */

static void unmap_ldt(void) {
    judge(space_unmap(MANAGER_SPACE, MANAGER_LDT, 1).status);
}

static void unmap_information(void) {
    judge(space_unmap(MANAGER_SPACE, MANAGER_INFORMATION, 1).status);
}

/* Its frames would be somebody's next ones, and the CPU would go on to walk them as page tables. */
static void destroy_space_in_use(void) {
    uint32_t space = space_create().value;
    const struct map_entry page = {APP_PAGE | MAP_PRESENT, take_frame()};
    space_map(space, &page, 1);
    space_activate(space);
    judge(space_destroy(space));
}

/* What the CPU remembers of a page goes with the page. */
static void read_after_unmap(void) {
    const struct map_entry page = {MANAGER_MAPPINGS | MAP_PRESENT | MAP_WRITE, take_frame()};
    space_map(MANAGER_SPACE, &page, 1);
    touch_word(MANAGER_MAPPINGS);
    space_unmap(MANAGER_SPACE, MANAGER_MAPPINGS, 1);
    escaped("the word is still %x", read_word(MANAGER_MAPPINGS));
}

static void read_after_unbind(void) {
    uint32_t frame = take_frame(), address = (uint32_t)frame_at(frame);
    touch_word(address);
    frame_unbind(frame, 1);
    escaped("the word is still %x", read_word(address));
}

static void write_after_protect(void) {
    uint32_t frame = take_frame();
    const struct map_entry writable = {MANAGER_MAPPINGS | MAP_PRESENT | MAP_WRITE, frame},
                           readable = {MANAGER_MAPPINGS | MAP_PRESENT, frame};
    space_map(MANAGER_SPACE, &writable, 1);
    touch_word(MANAGER_MAPPINGS);
    space_map(MANAGER_SPACE, &readable, 1);
    touch_word(MANAGER_MAPPINGS);
}

const struct attack bound_attacks[] = {
    {"call-past-thread-table", call_past_thread_table},
    {"call-past-io-table", call_past_io_table},
    {"call-past-channel-table", call_past_channel_table},
    {"map-too-many", map_too_many},
    {"bind-too-many", bind_too_many},
    {"bind-past-reservation", bind_past_reservation},
    {"bind-around-the-end", bind_around_the_end},
    {"bind-twice", bind_twice},
    {"unbind-unbound", unbind_unbound},
    {"unbind-too-many", unbind_too_many},
    {"log-too-long", log_too_long},
    {"end-with-too-much", end_with_too_much},
    {"forge-log-line", forge_log_line},
    {"name-tls-past-slots", name_tls_past_slots},
    {"name-foreign-threads", name_foreign_threads},
    {"name-foreign-spaces", name_foreign_spaces},
    {"name-foreign-channels", name_foreign_channels},
    {"name-foreign-devices", name_foreign_devices},
    {"set-weight-zero", set_weight_zero},
    {"map-with-unknown-flags", map_with_unknown_flags},
    {"map-unbound-frame", map_unbound_frame},
    {"map-past-image", map_past_image},
    {"unmap-ldt", unmap_ldt},
    {"unmap-information", unmap_information},
    {"destroy-space-in-use", destroy_space_in_use},
    {"read-after-unmap", read_after_unmap},
    {"read-after-unbind", read_after_unbind},
    {"write-after-protect", write_after_protect},
    {0, 0},
};
