// SPDX-License-Identifier: MIT
/*
 * Past the slot, where the segment's limit or the driver's view of memory says no; and inside it, where what the
 * core tells is read-only, text too, and data is no code.
 */
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#include "kernel/abi/driver.h"

#define RETURN 0xC3u

static void report_read(uint32_t linear) {
    uint32_t word = read_word(offset_of(linear));
    driver_log("escaped: the word at %x is %x", linear, word);
}

static void jump_to(uint32_t linear) {
    __asm__ volatile("jmp *%0" : : "r"(offset_of(linear)));
}

void read_core(void) {
    report_read(CORE_WORD);
}

void write_core(void) {
    touch_word(offset_of(CORE_WORD));
}

void execute_core(void) {
    jump_to(CORE_CODE);
}

/* A push goes by SS, whose limit the CPU checks apart (#SS). */
void push_into_core(void) {
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "movl %0, %%esp\n\t"
                     "pushl $0\n\t"
                     "movl %%ebx, %%esp"
                     :
                     : "r"(offset_of(CORE_WORD) + 4)
                     : "ebx", "memory");
    driver_log("escaped: the core has a word of this driver");
}

void read_driver(void) {
    report_read(OTHER_DRIVER + DRIVER_IMAGE);
}

void write_driver(void) {
    touch_word(offset_of(OTHER_DRIVER + DRIVER_STACK_TOP - 4));
}

void execute_driver(void) {
    jump_to(OTHER_DRIVER + DRIVER_IMAGE);
}

void read_tenant(void) {
    report_read(MANAGER_BASE);
}

void write_tenant(void) {
    touch_word(offset_of(MANAGER_MAPPINGS_LIMIT - 4)); /* the stack of its first thread */
}

void execute_tenant(void) {
    jump_to(MANAGER_BASE);
}

/* All frames of the tenant that ran last. */
void read_frame_window(void) {
    report_read(MANAGER_WINDOW);
}

void write_gdt(void) {
    touch_word(offset_of(ENTRY_GDT));
}

void write_idt(void) {
    touch_word(offset_of(ENTRY_IDT));
}

void write_tss(void) {
    touch_word(offset_of(ENTRY_TSS));
}

void write_fault_task(void) {
    touch_word(offset_of(ENTRY_FAULT));
}

/* A cleared bit in it is a port. */
void write_port_bitmap(void) {
    touch_word(offset_of(ENTRY_BITMAP));
}

void write_entry_text(void) {
    touch_word(offset_of(ENTRY_TEXT));
}

/* The stubs come no further than their first privileged instruction. */
void execute_entry_text(void) {
    jump_to(ENTRY_TEXT);
}

/* Nothing is kept there while an outer ring runs. */
void write_entry_stack(void) {
    for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
        *(volatile uint32_t *)offset_of(ENTRY_STACK + at) = SECRET_WORD;
    driver_log("refused: the core did not care");
}

void write_ldt(void) {
    touch_word(DRIVER_LDT);
}

void write_information(void) {
    touch_word(DRIVER_INFORMATION);
}

void write_text(void) {
    touch_word(DRIVER_IMAGE);
}

static void execute(uint8_t *code) {
    *code = RETURN;
    __asm__ volatile("call *%0" : : "r"(code) : "memory");
    driver_log("escaped: data was executed");
}

void execute_data(void) {
    static uint8_t code[4];
    execute(code);
}

void execute_stack(void) {
    uint8_t code[4];
    execute(code);
}

/* Tenants' bytes come here. */
void execute_bounce(void) {
    execute((uint8_t *)DRIVER_BOUNCE);
}
