// SPDX-License-Identifier: MIT
/*
 * Through the driver's gate: flags and stacks that it must not mind, numbers and pointers that it must not
 * believe, and too much of what is allowed.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#define COMMAND            0x04u /* PCI's command register */
#define COMMAND_BUS_MASTER 0x04u
#define ABSURD             0x01000000u
#define LOG_PASSES         70u /* more than the core takes in a row */

static uint32_t gate_with_flags(uint32_t flags, uint32_t call, const void *first, uint32_t second) {
    uint32_t status = call;
    __asm__ volatile("pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %[gate], $0\n\t"
                     "cld"
                     : "+a"(status)
                     : [flags] "r"(flags), [gate] "i"(SELECTOR_GATE_DRIVER), "b"(first), "c"(second)
                     : "edx", "memory", "cc");
    return status;
}

/* The core copies the line with `rep movs`; backwards, it would take what lies before it. */
void direction_into_gate(void) {
    static const char line[] = "refused: the gate cleared DF, and this line came through whole";
    gate_with_flags(FLAG_DIRECTION, DRIVER_LOG, line, sizeof line - 1);
}

void direction_into_exception(void) {
    __asm__ volatile("std\n\t"
                     "ud2");
}

void trap_into_gate(void) {
    uint32_t status = gate_with_flags(FLAG_TRAP, DRIVER_NULL, 0, 0);
    driver_log("refused: the gate cleared TF, status %u", status);
}

/* MOV SS holds #DB back for one instruction: it comes in ring 0, on the gate's first one. */
void trap_behind_stack_switch(void) {
    uint32_t status = DRIVER_NULL;
    __asm__ volatile("movl %%ss, %%ecx\n\t"
                     "pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "movl %%ecx, %%ss\n\t"
                     "lcall %[gate], $0"
                     : "+a"(status)
                     : [flags] "i"(FLAG_TRAP), [gate] "i"(SELECTOR_GATE_DRIVER)
                     : "ecx", "edx", "memory", "cc");
    driver_log("refused: the gate cleared TF, status %u", status);
}

void alignment_into_gate(void) {
    uint32_t flags;
    gate_with_flags(FLAG_ALIGNMENT, DRIVER_NULL, 0, 0);
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    if (flags & FLAG_ALIGNMENT)
        driver_log("escaped: AC went into the gate and came out");
    else
        driver_log("refused: the gate cleared AC");
}

/* Left set, it would hit whoever is resumed next by `iret`. */
void nested_into_gate(void) {
    uint32_t flags;
    gate_with_flags(FLAG_NESTED, DRIVER_NULL, 0, 0);
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    if (flags & FLAG_NESTED)
        driver_log("escaped: NT went into the gate and came out");
    else
        driver_log("refused: the gate cleared NT");
}

static void call_with_stack(uint32_t stack) {
    uint32_t status = DRIVER_NULL, after;
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "movl %[stack], %%esp\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%esp, %[after]\n\t"
                     "movl %%ebx, %%esp"
                     : "+a"(status), [after] "=&r"(after)
                     : [stack] "r"(stack), [gate] "i"(SELECTOR_GATE_DRIVER)
                     : "ebx", "edx", "memory", "cc");
    if (after != stack)
        driver_log("escaped: ESP %x came back as %x", stack, after);
    else
        driver_log("refused: the gate came back, status %u", status);
}

void gate_with_stack_at_zero(void) {
    call_with_stack(0);
}

void gate_with_stack_past_slot(void) {
    call_with_stack(offset_of(CORE_WORD));
}

void gate_with_null_segments(void) {
    uint32_t status = DRIVER_NULL;
    __asm__ volatile("movl %%ds, %%ebx\n\t"
                     "xorl %%ecx, %%ecx\n\t"
                     "movl %%ecx, %%ds\n\t"
                     "movl %%ecx, %%es\n\t"
                     "movl %%ecx, %%fs\n\t"
                     "movl %%ecx, %%gs\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%ebx, %%ds\n\t"
                     "movl %%ebx, %%es"
                     : "+a"(status)
                     : [gate] "i"(SELECTOR_GATE_DRIVER)
                     : "ebx", "ecx", "edx", "memory", "cc");
    driver_log("refused: the gate came back, status %u", status);
}

/* A gate gives all registers back but two, and tells by none of them where the core is. */
void read_registers_after_gate(void) {
    uint32_t b = 0x11111111, c = 0x22222222, d = 0x33333333, s = 0x44444444, t = 0x55555555;
    uint32_t status = DRIVER_NULL;
    __asm__ volatile("lcall %[gate], $0"
                     : "+a"(status), "+b"(b), "+c"(c), "+d"(d), "+S"(s), "+D"(t)
                     : [gate] "i"(SELECTOR_GATE_DRIVER)
                     : "memory", "cc");
    if (b != 0x11111111 || c != 0x22222222 || d != 0x33333333 || s != 0x44444444 || t != 0x55555555)
        driver_log("escaped: registers %x %x %x %x %x", b, c, d, s, t);
    else
        driver_log("refused: all registers came back, status %u", status);
}

/* ---- Numbers and pointers ---- */

/* A call number past the table would call whatever lies there. */
void call_past_table(void) {
    report_status(gate((enum driver_call)0x10000000, 0, 0, 0).status);
}

/* An offset past the slot's end: the core would look it up past the slot's page tables. */
void log_past_slot(void) {
    report_status(gate(DRIVER_LOG, DRIVER_SLOT_SIZE + DRIVER_SLOT_SIZE / 2, 4, 0).status);
}

/* It begins in the LDT's page and ends in the next slot. */
void log_across_slot_end(void) {
    report_status(gate(DRIVER_LOG, DRIVER_SLOT_SIZE - 4, 64, 0).status);
}

void log_from_hole(void) {
    report_status(gate(DRIVER_LOG, 0, 4, 0).status);
}

/* More bytes than the core's buffer has. */
void log_too_long(void) {
    report_status(gate(DRIVER_LOG, DRIVER_IMAGE, 2000, 0).status);
}

/* A line feed would begin a line that looks like the core's own; the referee looks for it. */
void forge_log_line(void) {
    static const char text[] = "a line\nFORGED by a driver";
    gate_log(text, sizeof text - 1);
    driver_log("refused: the text is in the log");
}

/* The log is everybody's: who says too much is cut short, and heard again after a while. */
void flood_log(void) {
    uint32_t dropped = 0;
    for (uint32_t i = 0; i < LOG_PASSES; i++)
        dropped += gate_log("flood", 5) != STATUS_OK;
    gate_wait(clock_now() + MILLISECONDS(200));
    driver_log(dropped != 0 ? "refused: %u lines were dropped" : "escaped: %u lines were dropped",
               dropped);
}

void ready_past_slot(void) {
    report_status(gate(DRIVER_READY, DRIVER_SLOT_SIZE, 0, 0).status);
}

void ready_twice(void) {
    const struct device_description description = {.bytes = 1 << 20, .depth = 1};
    report_status(gate_ready(&description));
}

/* More requests at once than there are ids. */
void ready_too_deep(void) {
    const struct device_description description = {.bytes = 1 << 20, .depth = ABSURD};
    report_status(gate_ready(&description));
}

/* A completion for a request that nobody made. */
void complete_unasked(void) {
    report_status(gate_complete(5, STATUS_OK, IO_BLOCK_SIZE));
}

void complete_past_depth(void) {
    report_status(gate_complete(ABSURD, STATUS_OK, IO_BLOCK_SIZE));
}

/* Its manifest asks for no DMA. */
void master_bus(void) {
    report_status(gate_bus_master(true));
}

/* The command register turns bus mastering on, base address registers move windows over others. */
void write_configuration(void) {
    uint32_t command = gate_pci_read(COMMAND, 2) | COMMAND_BUS_MASTER;
    report_status(gate(DRIVER_PCI_WRITE, COMMAND, 2, command).status);
}

/* Behind a function's 256 bytes the same two ports name the next function's. */
void read_past_configuration(void) {
    report_status(gate(DRIVER_PCI_READ, 0x100, 4, 0).status);
}

/* ---- Time ---- */

/* As many calls as an activation's time allows. */
void flood_gate_calls(void) {
    uint32_t calls = 0;
    for (uint64_t end = clock_now() + MILLISECONDS(20); clock_now() < end; calls++)
        gate_null();
    driver_log("refused: %u calls", calls);
}

void never_return(void) {
    for (;;)
        __asm__ volatile("");
}

/* It comes back in time, and is awake again at once, for ever. */
void never_rest(void) {
    for (;;)
        gate_wait(0);
}
