// SPDX-License-Identifier: MIT
/*
 * A driver that means harm: a block device that serves nothing and attacks on command.
 *
 * It claims the host bridge, a PCI function that every machine has and nobody drives, to have
 * configuration registers to try. An attack that a defence stops ends this copy, and the core's
 * words about the crash are the outcome; one that is merely refused says so in the log, and one
 * that gets through says `escaped`.
 */
#include "drivers/lib/block.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/crash.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/test/hostile/attack.h"

#define INTEL              0x8086
#define HOST_BRIDGE_440FX  0x1237
#define CAPACITY           0x100000u
#define CORE_WORD          (CORE_BASE + 0x500u)    /* low memory of the firmware's */
#define CORE_CODE          (CORE_BASE + 0x100000u) /* the start of its image */
#define OTHER_DRIVER       DRIVER_SLOTS            /* slot 0: the first driver of the bundle */
#define LINE_STATUS        0x3FD                   /* of the UART, which the console driver has */
#define INTERRUPT_MASK     0x21                    /* of the 8259, which the core has */
#define SELECTOR_TLS       0x33
#define SECRET_WORD        0x5EC2E75Eu /* in the bystander's XMM0 */
#define FLAG_TRAP          0x100u
#define FLAG_DIRECTION     0x400u
#define COMMAND            0x04u /* PCI's command register */
#define COMMAND_BUS_MASTER 0x04u
#define RETURN             0xC3u

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "hostile",
    .device = "hostile",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{INTEL, HOST_BRIDGE_440FX}},
    .pci_class = NO_PCI_CLASS,
};

/* A linear address as an offset in this slot: the segment adds the slot's base, modulo 4 GiB. */
static uint32_t offset_of(uint32_t linear) {
    return driver_information()->crash_target[2] + (linear - MANAGER_BASE);
}

static uint32_t read_word(uint32_t offset) {
    uint32_t word;
    __asm__ volatile("movl (%1), %0" : "=r"(word) : "r"(offset) : "memory");
    return word;
}

/* Writes back what is there, so that a write that gets through damages nothing more. */
static void touch_word(uint32_t offset) {
    __asm__ volatile("lock orl $0, (%0)" : : "r"(offset) : "memory", "cc");
    driver_log("escaped: the word at %x of the slot is writable", offset);
}

static void report_read(uint32_t linear) {
    uint32_t word = read_word(offset_of(linear));
    driver_log("escaped: the word at %x is %x", linear, word);
}

static void report_status(uint32_t status) {
    if (status == STATUS_OK)
        driver_log("escaped: the core did it");
    else
        driver_log("refused: status %u", status);
}

static _Noreturn void die(void) {
    __asm__ volatile("ud2");
    __builtin_unreachable();
}

/* ---- Past the slot: the segment's limit, or the driver's view of memory, says no ---- */

static void read_core(void) {
    report_read(CORE_WORD);
}

static void write_core(void) {
    touch_word(offset_of(CORE_WORD));
}

static void execute_core(void) {
    __asm__ volatile("jmp *%0" : : "r"(offset_of(CORE_CODE)));
}

/* A push goes by SS, whose limit the CPU checks apart (#SS). */
static void push_into_core(void) {
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "movl %0, %%esp\n\t"
                     "pushl $0\n\t"
                     "movl %%ebx, %%esp"
                     :
                     : "r"(offset_of(CORE_WORD) + 4)
                     : "ebx", "memory");
    driver_log("escaped: the core has a word of this driver");
}

static void read_driver(void) {
    report_read(OTHER_DRIVER + DRIVER_IMAGE);
}

static void write_driver(void) {
    touch_word(offset_of(OTHER_DRIVER + DRIVER_STACK_TOP - 4));
}

static void read_tenant(void) {
    report_read(MANAGER_BASE);
}

static void write_tenant(void) {
    touch_word(offset_of(MANAGER_MAPPINGS_LIMIT - 4)); /* the stack of its first thread */
}

static void write_gdt(void) {
    touch_word(offset_of(ENTRY_AREA));
}

/* ---- Inside the slot: what the core tells is read-only, text too, and data is no code ---- */

static void write_ldt(void) {
    touch_word(DRIVER_LDT);
}

static void write_information(void) {
    touch_word(DRIVER_INFORMATION);
}

static void write_text(void) {
    touch_word(DRIVER_IMAGE);
}

static void execute_data(void) {
    static uint8_t code[4];
    code[0] = RETURN;
    __asm__ volatile("call *%0" : : "r"(code) : "memory");
    driver_log("escaped: data was executed");
}

/* ---- Registers of others ---- */

/* TLS segments are ring 3's, so any ring may load them; there are none while a driver runs. */
static void load_tls(void) {
    __asm__ volatile("movl %0, %%gs" : : "r"(SELECTOR_TLS));
    driver_log("escaped: a tenant's TLS segment is loaded");
}

/* A tenant's FPU registers stay in the CPU while a driver runs, out of reach: CR0.TS (#NM). */
static void read_fpu_registers(void) {
    uint32_t words[4];
    __asm__ volatile("movups %%xmm0, %0" : "=m"(words));
    driver_log("escaped: XMM0 begins with %x", words[0]);
}

/* ---- Ports and interrupts ---- */

/* Each driver has its own ports only while it runs. */
static void read_foreign_port(void) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(LINE_STATUS));
    driver_log("escaped: port %x reads %x", LINE_STATUS, value);
}

/* Reads only: who can read the port can write it. */
static void write_core_port(void) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(INTERRUPT_MASK));
    driver_log("escaped: port %x reads %x", INTERRUPT_MASK, value);
}

static void disable_interrupts(void) {
    __asm__ volatile("cli\n\t"
                     "sti");
    driver_log("escaped: interrupts were off");
}

static void forge_interrupt(void) {
    __asm__ volatile("int $0x20" : : : "memory");
    driver_log("escaped: int 0x20 went through");
}

/* ---- Through the gate ---- */

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
static void direction_into_gate(void) {
    static const char line[] = "refused: the gate cleared DF, and this line came through whole";
    gate_with_flags(FLAG_DIRECTION, DRIVER_LOG, line, sizeof line - 1);
}

static void trap_into_gate(void) {
    uint32_t status = gate_with_flags(FLAG_TRAP, DRIVER_NULL, 0, 0);
    driver_log("refused: the gate cleared TF, status %u", status);
}

/* A call number past the table would call whatever lies there. */
static void call_past_table(void) {
    report_status(gate((enum driver_call)0x10000000, 0, 0, 0).status);
}

/* An offset past the slot's end: the core would look it up past the slot's page tables. */
static void log_past_slot(void) {
    report_status(gate(DRIVER_LOG, DRIVER_SLOT_SIZE + DRIVER_SLOT_SIZE / 2, 4, 0).status);
}

/* A completion for a request that nobody made. */
static void complete_unasked(void) {
    report_status(gate_complete(5, STATUS_OK, IO_BLOCK_SIZE));
}

/* Its manifest asks for no DMA. */
static void master_bus(void) {
    report_status(gate_bus_master(true));
}

/* The command register turns bus mastering on, base address registers move windows over others. */
static void write_configuration(void) {
    uint32_t command = gate_pci_read(COMMAND, 2) | COMMAND_BUS_MASTER;
    report_status(gate(DRIVER_PCI_WRITE, COMMAND, 2, command).status);
}

/* ---- Across its own death ---- */

static uint32_t infected;

/* What a driver has changed in its memory must not come back with it: start() looks. */
static void survive_restart(void) {
    infected = SECRET_WORD;
    die();
}

/* ---- Time ---- */

/* Awake for less than its budget, then asleep for a moment, for ever. */
static void hog(void) {
    for (;;) {
        uint64_t end = clock_now() + MILLISECONDS(40);
        while (clock_now() < end)
            __asm__ volatile("");
        gate_wait(clock_now() + MICROSECONDS(1100));
    }
}

/* ---- The driver ---- */

void driver_own_fault(uint32_t number) {
#define ENTRY(name) name,
    static void (*const attacks[])(void) = {ATTACKS(ENTRY) NUISANCES(ENTRY)};
#undef ENTRY
    if (number >= RANDOM_LIVES)
        random_gates(number - RANDOM_LIVES);
    else if (number < sizeof attacks / sizeof attacks[0])
        attacks[number]();
}

static void start(void) {
    const struct device_description description = {.bytes = CAPACITY, .depth = 1};
    if (infected == SECRET_WORD)
        driver_log("escaped: what the last copy wrote is still there");
    gate_reset_done();
    loop_ready(&description);
}

static void interrupt(uint32_t lines) {
    (void)lines;
}

static void timer(void) {}

static void transfer(const struct driver_request *request) {
    loop_complete(request->id, STATUS_IO_ERROR, 0);
}

static void flush(uint32_t id) {
    loop_complete(id, STATUS_OK, 0);
}

void driver_main(void) {
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};
    block_run(&functions);
}
