// SPDX-License-Identifier: MIT
/*
 * Addresses of networks as people write them: "10.0.2.20/24", "52:54:00:12:34:56".
 */
#ifndef USERLAND_LIB_ADDRESS_H
#define USERLAND_LIB_ADDRESS_H

#include "kernel/abi/network.h"

#include <stdbool.h>

/* false: the text is none, and the result untouched. */
bool address_parse(const char *text, uint32_t *address);
bool address_parse_prefix(const char *text, uint32_t *address, uint8_t *prefix);
bool hardware_parse(const char *text, uint8_t hardware[NETWORK_ADDRESS]);

#define ADDRESS_TEXT 20
char *address_format(char text[ADDRESS_TEXT], uint32_t address); /* returns `text` */
char *hardware_format(char text[ADDRESS_TEXT], const uint8_t hardware[NETWORK_ADDRESS]);

/* An address of a locally administered station (IEEE 802, 8.4), the same for the same name. */
void hardware_of_name(const char *name, uint8_t hardware[NETWORK_ADDRESS]);

#endif
