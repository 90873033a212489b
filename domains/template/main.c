// SPDX-License-Identifier: MIT
/*
 * The smallest manager, to be copied. It has one thread in ring 2, no apps and no memory but its own data, and
 * answers each `rfctl exec TENANT -- WORD` with a line:
 *
 *   start ──> wait for an event ──> accept a channel ──> answer, exit status, close ──┐
 *              └─────────────────────────────────────────────────────────────────────┘
 *
 * Two words make it die, so that its end can be seen. `crash` follows a null pointer: that address is an app's,
 * so the core asks the manager (upcall), which names the place and ends itself. `wild` writes above the fence:
 * there the core asks nobody. Either way the tenant alone ends, and is started again.
 */
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"

#include <stdint.h>

#define LINE_BYTES   256
#define NULL_POINTER 0u

_Noreturn void manager_start(uint32_t argument);
_Noreturn void upcall(const struct upcall_frame *frame);
extern const char exit_range[], exit_range_end[];

/* Volatile addresses keep the compiler from seeing that these are faults. */
static void touch(uint32_t address) {
    volatile uint32_t *volatile word = (volatile uint32_t *)address;
    *word = 1;
}

static void answer(uint32_t channel, const char *word) {
    char line[LINE_BYTES];
    size_t length =
        text_format(line, sizeof line, "%s hears: %s\n", (const char *)information()->name, word);

    log_line("asked for: %s", word);
    channel_write(channel, STREAM_OUTPUT, line, (uint32_t)length);
    if (strcmp(word, "crash") == 0)
        touch(NULL_POINTER);
    if (strcmp(word, "wild") == 0)
        touch(MANAGER_LIMIT);
}

/* The first word of the command; the core has ended it with a NUL. */
static void serve(uint32_t channel) {
    static struct channel_description wish;

    if (channel_describe(channel, &wish) == STATUS_OK)
        answer(channel, wish.command);
    channel_exit(channel, 0);
    channel_close(channel);
}

_Noreturn void upcall(const struct upcall_frame *frame) {
    panic("exception %u at %x, address %x", frame->vector, frame->eip, frame->address);
}

_Noreturn void manager_start(uint32_t argument) {
    const struct manager_registration registration = {
        .restart_start = (uint32_t)exit_range,
        .restart_end = (uint32_t)exit_range_end,
    };
    const uint32_t *events = (const uint32_t *)&information()->event_sequence;

    (void)argument;
    if (manager_register(&registration) != STATUS_OK)
        panic("the core does not know this manager");
    log_line("template: ready, %u frames", information()->frames);
    for (;;) {
        uint32_t seen = *(const volatile uint32_t *)events;
        struct gate_answer accepted;

        while ((accepted = channel_accept()).status == STATUS_OK)
            serve(accepted.value);
        core_thread_block(events, seen, DEADLINE_NEVER);
    }
}
