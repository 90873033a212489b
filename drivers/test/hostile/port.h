// SPDX-License-Identifier: MIT
/*
 * Ports that nobody has on the machines of the tests, right behind the two of the screen's controller, which the console
 * driver has.
 */
#ifndef DRIVERS_TEST_HOSTILE_PORT_H
#define DRIVERS_TEST_HOSTILE_PORT_H

#define OWN_PORTS      0x3D6u
#define OWN_PORT_COUNT 4u

#endif
