// SPDX-License-Identifier: MIT
/*
 * The console: bytes written go to the UART and to the screen, bytes typed on either side of the
 * wire or on the keyboard come out of the same queue.
 *
 *   write requests ──outbox──> UART (interrupt when empty), screen ──both have all──> complete
 *   UART, keyboard ──input queue──> oldest read request ──at least one byte──> complete
 *
 * A long write is served in slices of SLICE_BYTES, an activation each, so that no activation runs
 * into its budget. A UART that takes nothing for PATIENCE is given up: output must not depend on
 * it. Console bytes are at most once: what was on its way in a crash may be lost, nothing is shown
 * twice by this driver, and input that found no room is counted in the log.
 */
#include "drivers/console/console/keyboard.h"
#include "drivers/console/console/queue.h"
#include "drivers/console/console/screen.h"
#include "drivers/console/console/uart.h"
#include "drivers/lib/bounce.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/console.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define SLICE_BYTES    2048
#define WRITE_MOST     8192 /* of one request; 0.7 s at the UART, and the writer sends the rest again */
#define PATIENCE       SECONDS(1)
#define LOST_INTERRUPT MILLISECONDS(100) /* look without one after this time */

#define INTERRUPT_UART     0x1u /* by their order in the manifest */
#define INTERRUPT_KEYBOARD 0x2u

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "console",
    .device = "console",
    .class = DEVICE_CONSOLE,
    .pci_class = NO_PCI_CLASS,
    .port_count = 3,
    .ports = {{UART_PORT, UART_PORTS},
              {SCREEN_CRTC_PORT, SCREEN_CRTC_PORTS},
              {KEYBOARD_DATA_PORT, 1}},
    .irq_count = 2,
    .irqs = {4, 1},
    .mmio_count = 1,
    .mmio = {{SCREEN_MEMORY, SCREEN_MEMORY_BYTES}},
};

struct transfer {
    uint32_t id;
    uint32_t bytes; /* to write, or room to read into */
};

/* Requests in the order in which they came. */
struct line_up {
    struct transfer transfers[DRIVER_DEPTH];
    uint32_t head, tail;
};

static struct line_up writes, reads;
static uint32_t sent, shown; /* bytes of the oldest write that UART and screen have */
static uint64_t last_progress;
static bool uart_works;
static struct byte_queue input;

static void append(struct line_up *line, uint32_t id, uint32_t bytes) {
    line->transfers[line->tail++ % DRIVER_DEPTH] = (struct transfer){id, bytes};
}

static struct transfer *oldest(struct line_up *line) {
    return line->head == line->tail ? 0 : &line->transfers[line->head % DRIVER_DEPTH];
}

static uint32_t slice(uint32_t bytes) {
    return bytes < SLICE_BYTES ? bytes : SLICE_BYTES;
}

/* Moves a slice of the oldest write on. */
static void advance(const struct transfer *write) {
    const uint8_t *bytes = bounce_buffer(write->id);
    uint32_t count = slice(write->bytes - shown);
    screen_write(bytes + shown, count);
    shown += count;
    if (!uart_works) {
        sent = write->bytes;
        return;
    }
    count = uart_send(bytes + sent, slice(write->bytes - sent));
    sent += count;
    uint64_t now = clock_now();
    if (count > 0) {
        last_progress = now;
    } else if (now - last_progress > PATIENCE) {
        uart_works = false;
        driver_log("the UART takes no bytes; going on without it");
    }
}

/* The next slice at once if the devices have room, else at the UART's interrupt; the deadline stays
 * as a net below a lost interrupt. */
static void output(void) {
    struct transfer *write = oldest(&writes);
    if (write == 0)
        return;
    advance(write);
    screen_show();
    if (sent == write->bytes && shown == write->bytes) {
        writes.head++;
        sent = shown = 0;
        last_progress = clock_now();
        loop_complete(write->id, STATUS_OK, write->bytes);
    }
    bool more = oldest(&writes) != 0;
    bool blocked = uart_works && sent < shown;
    if (uart_works)
        uart_announce_empty(blocked);
    loop_set_deadline(!more ? DEADLINE_NEVER : clock_now() + (blocked ? LOST_INTERRUPT : 0));
}

static void deliver(void) {
    struct transfer *read = oldest(&reads);
    while (read != 0 && queue_used(&input) > 0) {
        uint32_t count = queue_take(&input, bounce_buffer(read->id), read->bytes);
        reads.head++;
        loop_complete(read->id, STATUS_OK, count);
        read = oldest(&reads);
    }
    if (input.lost > 0 && queue_room(&input) > 0) {
        driver_log("%u bytes of input were lost", input.lost);
        input.lost = 0;
    }
}

/* Until nobody waits or nothing came: only then the UART may be left with its interrupt off. */
static void receive(void) {
    do {
        deliver();
        if (uart_works)
            input.lost += uart_receive(&input);
    } while (oldest(&reads) != 0 && queue_used(&input) > 0);
}

static void start(void) {
    screen_start();
    uart_works = uart_start();
    bool has_keyboard = keyboard_start();
    driver_log("%s, VGA text%s", uart_works ? "UART at 3f8" : "no UART",
               has_keyboard ? ", keyboard" : "");
    gate_reset_done();
    const struct device_description description = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    loop_ready(&description);
    receive();
}

static void interrupt(uint32_t lines) {
    if (lines & INTERRUPT_KEYBOARD)
        keyboard_receive(&input);
    if ((lines & INTERRUPT_UART) && uart_works)
        uart_acknowledge();
    receive();
    output();
}

static void take_write(uint32_t id, uint32_t bytes) {
    append(&writes, id, bytes < WRITE_MOST ? bytes : WRITE_MOST);
    if (oldest(&writes)->id != id)
        return;
    last_progress = clock_now();
    output();
}

static void take_read(uint32_t id, uint32_t capacity) {
    append(&reads, id, capacity);
    receive();
}

void driver_main(void) {
    const struct console_functions functions = {start, interrupt, output, take_write, take_read};
    console_run(&functions);
}
