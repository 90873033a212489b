// SPDX-License-Identifier: MIT
/* See uart.h. */
#include "drivers/console/console/uart.h"

#include "drivers/lib/port.h"

#define DATA             (UART_PORT + 0)
#define DIVISOR_LOW      (UART_PORT + 0) /* with LINE_DIVISOR_LATCH */
#define INTERRUPT_ENABLE (UART_PORT + 1)
#define DIVISOR_HIGH     (UART_PORT + 1)
#define INTERRUPT_CAUSE  (UART_PORT + 2) /* read */
#define FIFO_CONTROL     (UART_PORT + 2) /* write */
#define LINE_CONTROL     (UART_PORT + 3)
#define MODEM_CONTROL    (UART_PORT + 4)
#define LINE_STATUS      (UART_PORT + 5)
#define MODEM_STATUS     (UART_PORT + 6)

#define ENABLE_RECEIVED 0x01
#define ENABLE_EMPTY    0x02

#define CAUSE_NONE 0x01

#define FIFO_ENABLE 0x01
#define FIFO_BYTES  16

#define LINE_8N1           0x03
#define LINE_DIVISOR_LATCH 0x80

#define MODEM_DTR  0x01
#define MODEM_RTS  0x02
#define MODEM_OUT2 0x08 /* on a PC: connects the chip to its interrupt line */
#define MODEM_LOOP 0x10

#define MODEM_STATUS_LINES 0xF0
#define MODEM_STATUS_CTS   0x10
#define MODEM_STATUS_DCD   0x80

#define STATUS_RECEIVED 0x01
#define STATUS_OVERRUN  0x02
#define STATUS_EMPTY    0x20

#define ABSENT 0xFF /* what a bus without a device reads as */

#define CAUSES_MOST  16
#define RECEIVE_MOST 256

static uint8_t enabled;

static void enable(uint8_t interrupts) {
    if (interrupts != enabled)
        port_write8(INTERRUPT_ENABLE, interrupts);
    enabled = interrupts;
}

/* In loop mode the modem outputs come back as modem inputs: RTS as CTS, OUT2 as DCD. No data moves,
 * so nothing that arrives meanwhile can disturb the test. */
static bool answers_in_loop(void) {
    port_write8(MODEM_CONTROL, MODEM_LOOP | MODEM_RTS | MODEM_OUT2);
    uint8_t lines = port_read8(MODEM_STATUS) & MODEM_STATUS_LINES;
    return lines == (MODEM_STATUS_CTS | MODEM_STATUS_DCD);
}

bool uart_start(void) {
    if (port_read8(LINE_STATUS) == ABSENT || !answers_in_loop())
        return false;
    port_write8(LINE_CONTROL, LINE_DIVISOR_LATCH);
    port_write8(DIVISOR_LOW, 1); /* 115200 / 1 */
    port_write8(DIVISOR_HIGH, 0);
    port_write8(LINE_CONTROL, LINE_8N1);
    port_write8(FIFO_CONTROL, FIFO_ENABLE); /* threshold 1 byte; no reset, it would lose input */
    port_write8(MODEM_CONTROL, MODEM_DTR | MODEM_RTS | MODEM_OUT2);
    port_write8(INTERRUPT_ENABLE,
                0); /* off and on again: a cause that is pending raises the line anew */
    enabled = 0;
    enable(ENABLE_RECEIVED);
    return true;
}

void uart_acknowledge(void) {
    for (uint32_t i = 0; i < CAUSES_MOST; i++) {
        if (port_read8(INTERRUPT_CAUSE) & CAUSE_NONE) /* clears "transmitter empty" */
            return;
        port_read8(MODEM_STATUS); /* clears "modem lines changed" */
    }
}

uint32_t uart_receive(struct byte_queue *queue) {
    uint32_t overruns = 0;
    for (uint32_t i = 0; i < RECEIVE_MOST && queue_room(queue) > 0; i++) {
        uint8_t status = port_read8(LINE_STATUS);
        overruns += (status & STATUS_OVERRUN) != 0;
        if (!(status & STATUS_RECEIVED))
            break;
        queue_put(queue, port_read8(DATA));
    }
    uint8_t others = enabled & (uint8_t)~ENABLE_RECEIVED;
    enable(queue_room(queue) > 0 ? others | ENABLE_RECEIVED : others);
    return overruns;
}

uint32_t uart_send(const uint8_t *bytes, uint32_t count) {
    uint32_t sent = 0;
    while (sent < count && (port_read8(LINE_STATUS) & STATUS_EMPTY))
        for (uint32_t room = FIFO_BYTES; room > 0 && sent < count; room--)
            port_write8(DATA, bytes[sent++]);
    return sent;
}

void uart_announce_empty(bool on) {
    uint8_t others = enabled & (uint8_t)~ENABLE_EMPTY;
    enable(on ? others | ENABLE_EMPTY : others);
}
