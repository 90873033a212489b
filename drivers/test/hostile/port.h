// SPDX-License-Identifier: MIT
/*
 * Ports that nobody has on the machines of the tests, right behind the console's.
 */
#ifndef DRIVERS_TEST_HOSTILE_PORT_H
#define DRIVERS_TEST_HOSTILE_PORT_H

#define OWN_PORTS      0x400u
#define OWN_PORT_COUNT 4u

#endif
