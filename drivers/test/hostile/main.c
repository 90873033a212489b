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
#include "drivers/test/hostile/port.h"

#define INTEL             0x8086
#define HOST_BRIDGE_440FX 0x1237
#define CAPACITY          0x100000u
#define NAP               MICROSECONDS(5)

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "hostile",
    .device = "hostile",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{INTEL, HOST_BRIDGE_440FX}},
    .pci_class = NO_PCI_CLASS,
    .port_count = 1,
    .ports = {{OWN_PORTS, OWN_PORT_COUNT}},
};

uint32_t offset_of(uint32_t linear) {
    return driver_information()->crash_target[2] + (linear - MANAGER_BASE);
}

uint32_t read_word(uint32_t offset) {
    uint32_t word;
    __asm__ volatile("movl (%1), %0" : "=r"(word) : "r"(offset) : "memory");
    return word;
}

void touch_word(uint32_t offset) {
    __asm__ volatile("lock orl $0, (%0)" : : "r"(offset) : "memory", "cc");
    driver_log("escaped: the word at %x of the slot is writable", offset);
}

void report_status(uint32_t status) {
    if (status == STATUS_OK)
        driver_log("escaped: the core did it");
    else
        driver_log("refused: status %u", status);
}

_Noreturn void die(void) {
    __asm__ volatile("ud2");
    __builtin_unreachable();
}

/* ---- Ring 0's instructions ---- */

#define FUNCTION(name, dashed, text)                                                               \
    void name(void) {                                                                              \
        EXECUTE_INSTRUCTION(text);                                                                 \
        driver_log("escaped: " dashed " was executed");                                            \
    }
PRIVILEGED_INSTRUCTIONS(FUNCTION)
FORBIDDEN_INSTRUCTIONS(FUNCTION)
#undef FUNCTION

/* ---- Across its own death ---- */

static uint32_t infected;

/* What a driver has changed in its memory must not come back with it: start() looks. */
void survive_restart(void) {
    infected = SECRET_WORD;
    die();
}

/* ---- Time ---- */

/* Awake for less than its budget, then asleep for a moment, for ever. */
void hog(void) {
    for (;;) {
        uint64_t end = clock_now() + MILLISECONDS(40);
        while (clock_now() < end)
            __asm__ volatile("");
        gate_wait(clock_now() + MICROSECONDS(1100));
    }
}

/* Asleep for no longer than the core takes to put it to sleep, for ever. */
void nap(void) {
    for (;;)
        gate_wait(clock_now() + NAP);
}

/* ---- The driver ---- */

void driver_own_fault(uint32_t number) {
#define ENTRY(name)                           name,
#define INSTRUCTION_ENTRY(name, dashed, text) name,
    static void (*const attacks[])(void) = {ATTACKS(ENTRY) PRIVILEGED_INSTRUCTIONS(
        INSTRUCTION_ENTRY) FORBIDDEN_INSTRUCTIONS(INSTRUCTION_ENTRY) NUISANCES(ENTRY)};
#undef ENTRY
#undef INSTRUCTION_ENTRY
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
