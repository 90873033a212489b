// SPDX-License-Identifier: MIT
/*
 * A line and its claims:
 *
 *   silent ──enable──> armed ──the line fires──> told ──DRIVER_WAIT──> armed
 *      ^                 └───────── the driver is down ────────┘          │
 *      └─────────────────────────────────────────────────────────────────┘
 *
 * The line is masked and acknowledged at arrival, so nothing stays in service while a driver works,
 * and a level line cannot fire again before its device was served. What must hold: such a line is
 * unmasked if and only if it has an armed claim, no claim is told, and no silent claim's device may
 * hold it up.
 *
 * A message is an edge, which nothing can hold up: to mask it each time is a waste. So its line stays open while its driver is
 * told of one, and is masked when a second one comes before DRIVER_WAIT, or is not to come:
 *
 *   armed ──a message──> told ──another one──> told again, masked ──DRIVER_WAIT──> armed
 *
 * An edge that comes while its line is masked stays in the 8259's request register and fires at the
 * unmasking (8259A data sheet, "edge and level triggered modes").
 */
#include "kernel/dev/interrupt.h"

#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/message.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/driver.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define PORT_MASTER_COMMAND 0x20
#define PORT_MASTER_DATA    0x21
#define PORT_SLAVE_COMMAND  0xA0
#define PORT_SLAVE_DATA     0xA1

#define ICW1_CASCADE_ICW4 0x11
#define ICW4_8086         0x01
#define OCW2_END          0x20
#define OCW3_READ_SERVICE 0x0B

#define LINE_TIMER   0
#define LINE_CASCADE 2
#define LINE_CLOCK   8
#define CLAIMS       8 /* drivers on one line */

enum claim_state { CLAIM_SILENT, CLAIM_ARMED, CLAIM_TOLD };

struct claim {
    struct driver *driver; /* NULL: free */
    uint8_t bit;
    uint8_t state;
    bool holds; /* silent, but its device may hold the line up */
    bool again; /* told, and a message that comes now would be one too many */
};

static struct claim claims[LINES][CLAIMS];
static uint32_t masks = 0xFFFFFFFF;

_Static_assert(VECTOR_MESSAGES == VECTOR_LINES + LINE_MESSAGES, "lines are vectors in order");
_Static_assert(LINE_MESSAGES + DRIVER_MAX <= LINES, "a line for each driver's messages");

static void write_masks(void) {
    out8(PORT_MASTER_DATA, (uint8_t)masks);
    out8(PORT_SLAVE_DATA, (uint8_t)(masks >> 8));
}

void interrupt_initialise(void) {
    out8(PORT_MASTER_COMMAND, ICW1_CASCADE_ICW4);
    out8(PORT_SLAVE_COMMAND, ICW1_CASCADE_ICW4);
    out8(PORT_MASTER_DATA, VECTOR_LINES);
    out8(PORT_SLAVE_DATA, VECTOR_LINES + 8);
    out8(PORT_MASTER_DATA, 1u << LINE_CASCADE); /* ICW3: the slave is on this line … */
    out8(PORT_SLAVE_DATA, LINE_CASCADE);        /* … and knows it */
    out8(PORT_MASTER_DATA, ICW4_8086);
    out8(PORT_SLAVE_DATA, ICW4_8086);
    masks = ~(1u << LINE_CASCADE);
    write_masks();
}

static bool is_message(uint32_t line) {
    return line >= LINE_MESSAGES;
}

/* A message is one driver's. */
static uint32_t claims_of(uint32_t line) {
    return is_message(line) ? 1 : CLAIMS;
}

static void set_mask(uint32_t line, bool masked) {
    masks = masked ? masks | 1u << line : masks & ~(1u << line);
    if (is_message(line))
        message_mask(line - LINE_MESSAGES, masked);
    else
        write_masks();
}

static void update_mask(uint32_t line) {
    bool armed = false, blocked = false;
    for (uint32_t n = 0; n < claims_of(line); n++) {
        const struct claim *claim = &claims[line][n];
        if (claim->driver == NULL)
            continue;
        bool is_open = claim->state == CLAIM_TOLD && is_message(line) && !claim->again;
        armed |= claim->state == CLAIM_ARMED || is_open;
        blocked |= (claim->state == CLAIM_TOLD && !is_open) || claim->holds;
    }
    bool masked = !armed || blocked;
    if (masked != (masks >> line & 1))
        set_mask(line, masked);
}

enum status interrupt_claim(uint32_t line, struct driver *driver, uint32_t bit) {
    if (line >= LINES)
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_LINE_OWNERS && (line == LINE_TIMER || line == LINE_CASCADE || line == LINE_CLOCK))
        return STATUS_NOT_PERMITTED;
    struct claim *free_claim = NULL;
    for (uint32_t n = 0; n < claims_of(line); n++) {
        struct claim *claim = &claims[line][n];
        if (claim->driver == NULL)
            free_claim = free_claim != NULL ? free_claim : claim;
        else if (claim->bit != INTERRUPT_BIT_PCI || bit != INTERRUPT_BIT_PCI)
            return STATUS_BUSY;
    }
    if (free_claim == NULL)
        return STATUS_BUSY;
    *free_claim = (struct claim){.driver = driver, .bit = (uint8_t)bit, .state = CLAIM_SILENT};
    driver->lines |= 1u << line;
    return STATUS_OK;
}

bool interrupt_is_shared(const struct driver *driver) {
    for (uint32_t lines = driver->lines; lines != 0; lines &= lines - 1) {
        uint32_t line = (uint32_t)__builtin_ctz(lines);
        for (uint32_t n = 0; n < claims_of(line); n++) {
            const struct claim *claim = &claims[line][n];
            if (claim->driver != NULL && claim->driver != driver)
                return true;
        }
    }
    return false;
}

typedef bool claim_change(struct claim *claim, uint32_t argument);

/* Applies `change` to the driver's claims and sets the masks of the lines where it answers true. */
static void change_claims(struct driver *driver, claim_change *change, uint32_t argument) {
    for (uint32_t lines = driver->lines; lines != 0; lines &= lines - 1) {
        uint32_t line = (uint32_t)__builtin_ctz(lines);
        for (uint32_t n = 0; n < claims_of(line); n++)
            if (claims[line][n].driver == driver && change(&claims[line][n], argument))
                update_mask(line);
    }
}

static bool free_claim_now(struct claim *claim, uint32_t unused) {
    (void)unused;
    *claim = (struct claim){0};
    return true;
}

static bool arm(struct claim *claim, uint32_t unused) {
    (void)unused;
    claim->state = CLAIM_ARMED;
    claim->holds = claim->again = false;
    return true;
}

static bool silence(struct claim *claim, uint32_t silent) {
    claim->state = CLAIM_SILENT;
    claim->holds = !silent;
    claim->again = false;
    return true;
}

static bool rearm_told(struct claim *claim, uint32_t bits) {
    if (claim->state != CLAIM_TOLD || !(bits & 1u << claim->bit))
        return false;
    claim->state = CLAIM_ARMED;
    claim->again = false;
    return true;
}

static bool let_no_more_come(struct claim *claim, uint32_t unused) {
    (void)unused;
    claim->again = claim->state == CLAIM_TOLD;
    return claim->again;
}

void interrupt_release(struct driver *driver) {
    change_claims(driver, free_claim_now, 0);
    driver->lines = 0;
}

void interrupt_enable_driver(struct driver *driver) {
    change_claims(driver, arm, 0);
}

void interrupt_mask_driver(struct driver *driver, bool silent) {
    change_claims(driver, silence, silent);
}

void interrupt_rearm(struct driver *driver, uint32_t bits) {
    change_claims(driver, rearm_told, bits);
}

void interrupt_pause(struct driver *driver) {
    change_claims(driver, let_no_more_come, 0);
}

/* An 8259 whose line drops before it is acknowledged answers line 7, with nothing in service. */
static bool is_spurious(uint32_t line) {
    if ((line & 7) != 7 || is_message(line))
        return false;
    uint16_t port = line < 8 ? PORT_MASTER_COMMAND : PORT_SLAVE_COMMAND;
    out8(port, OCW3_READ_SERVICE);
    if (in8(port) & 0x80)
        return false;
    if (line >= 8) /* the master did see its cascade line */
        out8(PORT_MASTER_COMMAND, OCW2_END);
    return true;
}

static void acknowledge(uint32_t line) {
    if (is_message(line)) {
        apic_end_interrupt();
        return;
    }
    if (line >= 8)
        out8(PORT_SLAVE_COMMAND, OCW2_END);
    out8(PORT_MASTER_COMMAND, OCW2_END);
}

void interrupt_open_timer_line(void) {
    set_mask(LINE_TIMER, false);
}

static bool is_claimed(uint32_t line) {
    for (uint32_t n = 0; n < claims_of(line); n++)
        if (claims[line][n].driver != NULL)
            return true;
    return false;
}

static void tell(uint32_t line, struct claim *claim) {
    bool is_second = claim->state == CLAIM_TOLD && is_message(line);
    if (claim->driver == NULL || (claim->state != CLAIM_ARMED && !is_second))
        return;
    claim->state = CLAIM_TOLD;
    claim->again = is_second;
    driver_interrupt(claim->driver, 1u << claim->bit);
}

void interrupt_arrived(uint32_t vector) {
    uint32_t line = vector - VECTOR_LINES;
    if (line >= LINES || is_spurious(line))
        return;
    if (line == LINE_TIMER) { /* the core's own alarm: nobody claims it, it stays open */
        acknowledge(line);
        timer_has_rung();
        scheduler_interrupted();
        return;
    }
    if (is_message(line) && !is_claimed(line)) { /* a device with DMA wrote it itself */
        acknowledge(line);
        return;
    }
    if (!is_message(line))
        set_mask(line, true);
    acknowledge(line);
    for (uint32_t n = 0; n < claims_of(line); n++)
        tell(line, &claims[line][n]);
    update_mask(line);
}
