// SPDX-License-Identifier: MIT
/*
 * The end: a panic says what, where and by which way, on the debug port and on the screen; power_off asks
 * every machine we know in turn.
 *
 * A panic is a bug in ring 0 or broken hardware. Nothing that an outer ring does may lead here.
 */
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/log/symbols.h"
#include "kernel/sched/sweep.h"

#include <stdbool.h>
#include <stddef.h>

#define SCREEN          ((volatile uint16_t *)(CORE_BASE + 0xB8000))
#define SCREEN_COLUMNS  80
#define SCREEN_ROWS     25
#define WHITE_ON_RED    0x4F00
#define BACKTRACE_DEPTH 24
#define TEXT_BYTES      256

extern const char core_image_start[], core_text_end[];

static uint32_t screen_row;

static void say(const char *text, uint32_t bytes) {
    debug_frame('P', text, bytes);
    for (uint32_t column = 0; screen_row < SCREEN_ROWS && column < SCREEN_COLUMNS; column++)
        SCREEN[screen_row * SCREEN_COLUMNS + column] =
            (uint16_t)(WHITE_ON_RED | (column < bytes ? (uint8_t)text[column] : ' '));
    screen_row++;
}

static bool in_core_memory(uint32_t address) {
    return address >= CORE_BASE && address < CORE_MODULES;
}
static bool on_core_stack(uint32_t address) {
    return address >= CORE_STACK && address < CORE_STACK_TOP;
}

/* Frame pointers: each points at the caller's, the return address stands above it. */
static void say_backtrace(const uint32_t *frame) {
    char text[TEXT_BYTES];

    for (int depth = 0; depth < BACKTRACE_DEPTH; depth++) {
        uint32_t at = (uint32_t)frame;
        if (at % 4 || (!in_core_memory(at) && !on_core_stack(at)))
            return;
        const struct symbol *symbol = symbol_find(frame[1]);
        say(text, format_text(text, sizeof text, "  %08x %s+%x", frame[1],
                              symbol ? symbol_name(symbol) : "?",
                              symbol ? frame[1] - symbol->address : 0));
        frame = (const uint32_t *)frame[0];
    }
}

_Noreturn static void stop(void) {
    for (;;)
        __asm__ volatile("cli\n\thlt");
}

void panic(const char *format, ...) {
    char text[TEXT_BYTES];
    va_list arguments;

    __asm__ volatile("cli");
    remote_stop_all();
    log_send_all();
    va_start(arguments, format);
    say(text, format_arguments(text, sizeof text, format, arguments));
    va_end(arguments);
    say(text, format_text(text, sizeof text, "cr0 %08x cr2 %08x cr3 %08x cr4 %08x", read_cr0(),
                          read_cr2(), read_cr3(), read_cr4()));
    say_backtrace(__builtin_frame_address(0));
    out8(0xF4, 0x21); /* QEMU's isa-debug-exit, where it is */
    stop();
}

void power_off(void) {
    static const char bochs[] = "Shutdown";

    remote_stop_all();
    sweep_report();
    log_send_all();
    debug_frame('X', "", 0);
    out8(0xF4, 0x10);      /* QEMU's isa-debug-exit */
    out16(0x604, 0x2000);  /* ACPI PM1a control: QEMU pc */
    out16(0xB004, 0x2000); /* older QEMU, Bochs */
    for (const char *letter = bochs; *letter; letter++)
        out8(0x8900, (uint8_t)*letter);
    log_line("this machine does not power off by itself");
    log_send_all();
    stop();
}
