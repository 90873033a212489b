// SPDX-License-Identifier: MIT
/*
 * The 16550 of COM1 at 115200 baud, 8N1 (National Semiconductor PC16550D data sheet, section 8).
 *
 * Its interrupt line is an edge: it must have gone down before it can rise again, so
 * uart_acknowledge() serves causes until none is left.
 */
#ifndef DRIVERS_CONSOLE_UART_H
#define DRIVERS_CONSOLE_UART_H

#include "drivers/console/console/queue.h"

#include <stdbool.h>
#include <stdint.h>

#define UART_PORT  0x3F8
#define UART_PORTS 8

/* Brings the chip up from any state, without losing what its receive FIFO holds. False: no UART
 * there. */
bool uart_start(void);

/* Clears the causes of the interrupt. What came in stays in the FIFO for uart_receive(). */
void uart_acknowledge(void);

/* Moves received bytes into the queue while it has room. With a full queue the FIFO is left alone
 * and its interrupt is off, so that the sender is held back where it can be. Answers bytes that
 * overran. */
uint32_t uart_receive(struct byte_queue *queue);

/* Gives bytes to the transmitter while it takes them; answers how many it took. */
uint32_t uart_send(const uint8_t *bytes, uint32_t count);

/* Asks for an interrupt when the transmitter is empty, or not. */
void uart_announce_empty(bool on);

#endif
