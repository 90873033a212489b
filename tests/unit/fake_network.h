// SPDX-License-Identifier: MIT
/*
 * Three tenants at a switch, and its card: the first two may talk to each other, all reach the wire, and the test is the card's driver.
 *
 * A frame is told from others by its mark, the last four bytes.
 */
#ifndef TESTS_UNIT_FAKE_NETWORK_H
#define TESTS_UNIT_FAKE_NETWORK_H

#include "kernel/network/bind.h"
#include "kernel/network/policy.h"
#include "kernel/network/switch.h"
#include "kernel/network/uplink.h"
#include "tests/unit/fake_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND    1000000000ull
#define WIRE      99u /* a destination that is no tenant's */
#define EVERYBODY 100u
/* Frames of a tenant from here hold buffers, two each; 16 to receive, 16 to send. */
#define BUFFER_PAGE 2u

/* Around each test. */
extern struct network_grant grants[TENANTS];
int start_network(void **state);
int end_network(void **state);

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_network, end_network)

/* Tenants. */
struct network_ring *port_ring(uint32_t n);
void write_address(uint8_t *at, uint32_t n);
struct network_buffer buffer_at(uint32_t place, bool sends);
uint8_t *bytes_of(uint32_t n, const struct network_buffer *at);
void offer_buffers(uint32_t n, uint32_t count);                         /* to receive into */
void put_frame(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark); /* into the ring, no more */
uint32_t ring_doorbell(uint32_t n);                                     /* how many were taken */
void send_frame(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark);
uint32_t take_frame(uint32_t n, uint32_t bytes); /* the mark of the next one that came */
uint32_t frames_waiting(uint32_t n);
struct tenant_status status_of(uint32_t n);
void join_switch(uint32_t n);

/* The card. */
extern struct driver_request at_card[DRIVER_DEPTH]; /* by id; bytes 0: not in flight */
void fetch_all(void);
uint8_t *at_bus(uint64_t bus);
/* The oldest frame that the card has to send: its mark; 0: none. It is sent. */
uint32_t card_sends(uint32_t *bytes);
bool card_receives(uint32_t to, uint32_t bytes, uint32_t mark); /* false: it has no buffer */

#endif
