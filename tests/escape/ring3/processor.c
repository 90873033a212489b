// SPDX-License-Identifier: MIT
/*
 * Gates, flags, ports, segments: the CPU's own ways inward.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LINE_STATUS   0x3FD
#define MANAGER_STACK (MANAGER_MAPPINGS_LIMIT - 4)
#define SECRET_WORD   0x5EC2E75Eu
#define FS_SLOT       7            /* a GDT entry for TLS that musl leaves free */
#define INWARD(gate)  ((gate) | 3) /* the same gate, asked for from ring 3 */

/* The gates into the core are ring 2's. */
static void call_memory_gate(void) {
    uint32_t status = 0;
    __asm__ volatile("lcall %1, $0"
                     : "+a"(status)
                     : "i"(INWARD(SELECTOR_GATE_MEMORY))
                     : "edx", "memory");
    escaped("the core answers, status %u", status);
}

static void call_thread_gate(void) {
    uint32_t status = 0;
    __asm__ volatile("lcall %1, $0"
                     : "+a"(status)
                     : "i"(INWARD(SELECTOR_GATE_THREAD))
                     : "edx", "memory");
    escaped("the core answers, status %u", status);
}

static void forge_interrupt(void) {
    __asm__ volatile("int $0x20" : : : "memory");
    escaped("int 0x20 went through");
}

static void forge_page_fault(void) {
    __asm__ volatile("int $14" : : : "memory");
    escaped("int 14 went through");
}

static void read_port(void) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(LINE_STATUS));
    escaped("port %x reads %x", LINE_STATUS, value);
}

static void disable_interrupts(void) {
    __asm__ volatile("cli\n\t"
                     "sti");
    escaped("cli went through");
}

static void store_gdt_register(void) {
    struct __attribute__((packed)) {
        uint16_t limit;
        uint32_t base;
    } table = {0, 0};
    __asm__ volatile("sgdt %0" : "=m"(table));
    escaped("the GDT is at %x", table.base);
}

static void enter_system(void) {
    __asm__ volatile("sysenter");
}

/* As Linux's <asm/ldt.h> has it. */
struct user_segment {
    unsigned entry, base, limit;
    unsigned is_32_bit : 1, contents : 2, read_only : 1, in_pages : 1, absent : 1, useable : 1;
};

/* What musl asks for: 4 GiB from the thread pointer on. It must end where the app does. */
static void reach_by_tls(void) {
    struct user_segment wanted = {
        .entry = FS_SLOT, .limit = 0xFFFFF, .is_32_bit = 1, .in_pages = 1, .useable = 1};
    uint32_t word;
    if (syscall(SYS_set_thread_area, &wanted) != 0)
        refused("set_thread_area fails");
    __asm__ volatile("movl %1, %%fs\n\t"
                     "movl %%fs:(%2), %0"
                     : "=r"(word)
                     : "r"(FS_SLOT << 3 | 3), "r"(MANAGER_STACK)
                     : "memory");
    escaped("the manager's word is %x", word);
}

static void direction_into_exception(void) {
    __asm__ volatile("std\n\t"
                     "ud2");
}

/* The system call gate leaves TF set: #DB hits the manager, which must not die of it, since all
 * other processes of the tenant would die with it. */
static void trap_into_manager(void) {
    int process = SYS_getpid;
    __asm__ volatile("pushfl\n\t"
                     "orl $0x100, (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %1, $0\n\t"
                     "pushfl\n\t"
                     "andl $~0x100, (%%esp)\n\t"
                     "popfl"
                     : "+a"(process)
                     : "i"(SELECTOR_SYSCALL_GATE)
                     : "memory", "cc");
    refused("the manager answered process %d", process);
}

/* The bystander, another tenant, keeps a secret in XMM0 and runs every millisecond. */
static void read_fpu_registers(void) {
    uint32_t words[4];
    for (unsigned i = 0; i < 20; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, 0);
        __asm__ volatile("movups %%xmm0, %0" : "=m"(words));
        if (words[0] == SECRET_WORD)
            escaped("XMM0 holds the bystander's %x", words[0]);
    }
    refused("XMM0 is its own");
}

const struct attack processor_attacks[] = {
    {"call-memory-gate", call_memory_gate},
    {"call-thread-gate", call_thread_gate},
    {"forge-interrupt", forge_interrupt},
    {"forge-page-fault", forge_page_fault},
    {"read-port", read_port},
    {"disable-interrupts", disable_interrupts},
    {"store-gdt-register", store_gdt_register},
    {"enter-system", enter_system},
    {"reach-by-tls", reach_by_tls},
    {"direction-into-exception", direction_into_exception},
    {"trap-into-manager", trap_into_manager},
    {"read-fpu-registers", read_fpu_registers},
    {0, 0},
};
