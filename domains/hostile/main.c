// SPDX-License-Identifier: MIT
/*
 * A manager that means harm: it runs the attack that its tenant is named after, once.
 *
 * It has no processes and no system calls. What it shares with an honest manager are the entry
 * points, the gates and the quota: the core cannot tell the two apart, and need not.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"

#include <stdarg.h>

#define LAST_WORDS 96

_Noreturn void manager_start(uint32_t argument);

uint32_t calls[SYSCALL_COUNTERS], unknown_calls[SYSCALL_COUNTERS];
static uint32_t taken;

/* One of the controls takes away that frames come zeroed. */
static void clear_counters(void) {
    memset(calls, 0, sizeof calls);
    memset(unknown_calls, 0, sizeof unknown_calls);
    taken = 0;
}

static _Noreturn void end(const char *verdict, const char *format, va_list arguments) {
    char text[LAST_WORDS];
    size_t length = text_format(text, sizeof text, "%s: ", verdict);
    length += text_format_list(text + length, sizeof text - length, format, arguments);
    manager_exit(MANAGER_HALT, text, (uint32_t)length);
}

char second_stack[THREAD_STACK_BYTES] __attribute__((aligned(THREAD_STACK_BYTES)));

_Noreturn void escaped(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end("escaped", format, arguments);
}

_Noreturn void refused(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end("refused", format, arguments);
}

uint32_t take_frame(void) {
    uint32_t frame = information()->first_frame + taken++;
    enum status status = frame_bind(frame, 1);
    if (status != STATUS_OK)
        refused("frame %u is not to be had, status %u", frame, status);
    return frame;
}

void *frame_at(uint32_t frame) {
    return (void *)(MANAGER_WINDOW + frame * PAGE_SIZE);
}

void sleep_milliseconds(uint32_t milliseconds) {
    static const uint32_t word;
    core_thread_block(&word, 0, clock_nanoseconds() + milliseconds * 1000000ull);
}

/* What follows a point is for the attack itself to read. */
static void cut_at_point(char *name) {
    char *point = strchr(name, '.');
    if (point)
        *point = 0;
}

static const struct attack *find(const char *name) {
    static const struct attack *const tables[] = {
        fence_attacks,   access_attacks,   quarter_attacks,     descriptor_attacks,
        segment_attacks, transfer_attacks, instruction_attacks, flag_attacks,
        stack_attacks,   port_attacks,     frame_attacks,       pointer_attacks,
        bound_attacks,   io_attacks,       network_attacks,     link_attacks,
        leak_attacks,    flood_attacks,    race_attacks,        busy_tenants,
        bystanders,      fuzzers,
    };
    for (uint32_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const struct attack *attack = tables[i]; attack->name; attack++)
            if (strcmp(attack->name, name) == 0)
                return attack;
    return 0;
}

_Noreturn void manager_start(uint32_t argument) {
    static const struct manager_registration registration = {
        .restart_start = MANAGER_BASE,
        .restart_end = MANAGER_BASE + 1,
        .syscall_calls = (uint32_t)calls,
        .syscall_unknown = (uint32_t)unknown_calls,
    };
    static const char no_attack[] = "there is no attack of this name";
    char name[TENANT_NAME];
    (void)argument;
    for (uint32_t i = 0; i < sizeof name; i++)
        name[i] = information()->name[i];
    cut_at_point(name);
    clear_counters();
    manager_register(&registration);
    const struct attack *attack = find(name);
    if (!attack)
        manager_exit(MANAGER_HALT, no_attack, sizeof no_attack - 1);
    attack->run();
    escaped("nothing stopped it");
}
