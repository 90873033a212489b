// SPDX-License-Identifier: MIT
/*
 * A network card as its honest driver has it, and the wire behind it: what goes out says whose it is.
 */
#ifndef TESTS_FUZZ_MACHINE_CARD_H
#define TESTS_FUZZ_MACHINE_CARD_H

#include "kernel/abi/driver.h"
#include "kernel/abi/network.h"
#include "tests/fuzz/fuzz.h"

struct driver;

/* Of tenant `number`; 7: all. */
void card_address(uint32_t number, uint8_t hardware[NETWORK_ADDRESS]);
/* The driver has this frame to send. */
void card_sends(const struct driver *driver, const struct driver_request *request);
/* One has come, for somebody, if the driver has given the card a buffer for it. */
void card_receives(const struct driver *driver, struct input *input);

#endif
