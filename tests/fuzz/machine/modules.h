// SPDX-License-Identifier: MIT
/*
 * What a boot loader has put into the machine's memory: a bundle of five drivers, of which one never runs, a manager, two images and a
 * machine description.
 */
#ifndef TESTS_FUZZ_MACHINE_MODULES_H
#define TESTS_FUZZ_MACHINE_MODULES_H

#define MODULE_FRAME 0x400u
#define MODULE_PAGES 64u

void modules_load(void);

#endif
