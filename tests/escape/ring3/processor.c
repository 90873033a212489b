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

#define LINE_STATUS     0x3FD
#define MODEM_CONTROL   0x3FC
#define SCRATCH         0x3FF
#define MANAGER_STACK   (MANAGER_MAPPINGS_LIMIT - 4)
#define SECRET_WORD     0x5EC2E75Eu
#define SECRET_ROUNDING 0x6000u
#define FS_SLOT         7 /* a GDT entry for TLS that musl leaves free */
#define FLAG_INTERRUPT  0x200u
#define FLAG_IO_LEVEL   0x3000u
#define FLAG_NESTED     0x4000u
#define FLAG_VIRTUAL    0x20000u
#define FLAG_ALIGNMENT  0x40000u
#define INWARD(gate)    ((gate) | 3) /* the same gate, asked for from ring 3 */

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

static void write_port(void) {
    __asm__ volatile("outb %0, %w1" : : "a"((uint8_t)0), "d"(SCRATCH));
}

static void read_wide_port(void) {
    uint32_t value;
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "d"(MODEM_CONTROL));
    escaped("ports from %x on read %x", MODEM_CONTROL, value);
}

static uint32_t word;

static void read_port_string(void) {
    __asm__ volatile("insb" : : "d"(LINE_STATUS), "D"(&word) : "memory");
    escaped("port %x reads %x", LINE_STATUS, word);
}

static void write_port_string(void) {
    __asm__ volatile("outsb" : : "d"(SCRATCH), "S"(&word) : "memory");
}

/* ---- Flags ---- */

static uint32_t read_flags(void) {
    uint32_t flags;
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    return flags;
}

static void change_by_popf(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "popfl"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

static void change_by_iret(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %%cs\n\t"
                     "pushl $1f\n\t"
                     "iretl\n"
                     "1:"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

static _Noreturn void report_flags(void) {
    uint32_t flags = read_flags();
    if (!(flags & FLAG_INTERRUPT) || flags & FLAG_IO_LEVEL)
        escaped("flags %x", flags);
    refused("IF and IOPL are as they were");
}

static void interrupts_off_by_popf(void) {
    change_by_popf(FLAG_INTERRUPT, 0);
    report_flags();
}

static void interrupts_off_by_iret(void) {
    change_by_iret(FLAG_INTERRUPT, 0);
    report_flags();
}

static void raise_io_level_by_popf(void) {
    change_by_popf(0, FLAG_IO_LEVEL);
    report_flags();
}

static void raise_io_level_by_iret(void) {
    change_by_iret(0, FLAG_IO_LEVEL);
    report_flags();
}

/* Only TCG takes VM outside of ring 0: see domains/hostile/flag.c. */
static void virtual_8086_by_iret(void) {
    __asm__ volatile("xorl %%eax, %%eax\n\t"
                     "pushl %%eax\n\t" /* GS, FS, DS, ES, SS, ESP */
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl $0x8000\n\t"
                     "pushl %0\n\t"
                     "pushl $0x1000\n\t" /* CS */
                     "pushl %%eax\n\t"
                     "iretl"
                     :
                     : "i"(FLAG_VIRTUAL | FLAG_INTERRUPT | 2)
                     : "eax", "memory", "cc");
}

/* TSS.link is 0, so that there is no task to return to. */
static void return_to_nested_task(void) {
    __asm__ volatile("pushfl\n\t"
                     "orl %0, (%%esp)\n\t"
                     "popfl\n\t"
                     "iretl"
                     :
                     : "i"(FLAG_NESTED)
                     : "memory", "cc");
}

/* The gate into the manager leaves these as they are, and the manager's own `iret` would fault with NT. */
static void call_manager_with(uint32_t flags) {
    int process = SYS_getpid;
    __asm__ volatile("pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %[gate], $0\n\t"
                     "pushfl\n\t"
                     "andl $~0x44400, (%%esp)\n\t"
                     "popfl"
                     : "+a"(process)
                     : [flags] "r"(flags), [gate] "i"(SELECTOR_SYSCALL_GATE)
                     : "memory", "cc");
    refused("the manager answered process %d", process);
}

static void nested_into_manager(void) {
    call_manager_with(FLAG_NESTED);
}

static void direction_into_manager(void) {
    call_manager_with(0x400);
}

static void alignment_into_manager(void) {
    call_manager_with(FLAG_ALIGNMENT);
}

/* An app's stack pointer is of no interest to a gate. */
static void call_manager_without_stack(void) {
    static int process = SYS_getpid;
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "xorl %%esp, %%esp\n\t"
                     "movl %0, %%eax\n\t"
                     "lcall %1, $0\n\t"
                     "movl %%ebx, %%esp\n\t"
                     "movl %%eax, %0"
                     : "+m"(process)
                     : "i"(SELECTOR_SYSCALL_GATE)
                     : "eax", "ebx", "memory", "cc");
    refused("the manager answered process %d", process);
}

/* `icebp` asks for no level. */
static void forge_debug_trap(void) {
    __asm__ volatile(".byte 0xF1");
}

/* ---- Registers ---- */

static void read_x87_registers(void) {
    uint32_t state[27];
    for (unsigned i = 0; i < 20; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, 0);
        __asm__ volatile("fnsave %0" : "=m"(state));
        for (unsigned n = 7; n < 27; n++)
            if (state[n] == SECRET_WORD)
                escaped("ST holds the bystander's %x", state[n]);
    }
    refused("the x87 registers are its own");
}

static void read_mmx_registers(void) {
    uint32_t words[2];
    for (unsigned i = 0; i < 20; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, 0);
        __asm__ volatile("movq %%mm0, %0\n\t"
                         "emms"
                         : "=m"(words));
        if (words[0] == SECRET_WORD)
            escaped("MM0 holds the bystander's %x", words[0]);
    }
    refused("MM0 is its own");
}

static void read_sse_control(void) {
    uint32_t control;
    for (unsigned i = 0; i < 20; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, 0);
        __asm__ volatile("stmxcsr %0" : "=m"(control));
        if ((control & SECRET_ROUNDING) == SECRET_ROUNDING)
            escaped("MXCSR is the bystander's, %x", control);
    }
    refused("MXCSR is its own");
}

/* What a system call leaves in the registers is the app's own or its answer. */
static void read_registers_after_call(void) {
    uint32_t a = SYS_getpid, b = 0x11111111, c = 0x22222222, d = 0x33333333, s = 0x44444444,
             t = 0x55555555;
    __asm__ volatile("int $0x80"
                     : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(s), "+D"(t)
                     :
                     : "memory", "cc");
    if (b != 0x11111111 || c != 0x22222222 || d != 0x33333333 || s != 0x44444444 || t != 0x55555555)
        escaped("registers %x %x %x %x %x", b, c, d, s, t);
    refused("all registers came back");
}

const struct attack processor_attacks[] = {
    {"call-memory-gate", call_memory_gate},
    {"call-thread-gate", call_thread_gate},
    {"forge-interrupt", forge_interrupt},
    {"forge-page-fault", forge_page_fault},
    {"read-port", read_port},
    {"disable-interrupts", disable_interrupts},
    {"enter-system", enter_system},
    {"reach-by-tls", reach_by_tls},
    {"direction-into-exception", direction_into_exception},
    {"trap-into-manager", trap_into_manager},
    {"read-fpu-registers", read_fpu_registers},
    {"write-port", write_port},
    {"read-wide-port", read_wide_port},
    {"read-port-string", read_port_string},
    {"write-port-string", write_port_string},
    {"interrupts-off-by-popf", interrupts_off_by_popf},
    {"interrupts-off-by-iret", interrupts_off_by_iret},
    {"raise-io-level-by-popf", raise_io_level_by_popf},
    {"raise-io-level-by-iret", raise_io_level_by_iret},
    {"virtual-8086-by-iret", virtual_8086_by_iret},
    {"return-to-nested-task", return_to_nested_task},
    {"nested-into-manager", nested_into_manager},
    {"direction-into-manager", direction_into_manager},
    {"alignment-into-manager", alignment_into_manager},
    {"call-manager-without-stack", call_manager_without_stack},
    {"forge-debug-trap", forge_debug_trap},
    {"read-x87-registers", read_x87_registers},
    {"read-mmx-registers", read_mmx_registers},
    {"read-sse-control", read_sse_control},
    {"read-registers-after-call", read_registers_after_call},
    {0, 0},
};
