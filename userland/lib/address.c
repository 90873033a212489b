// SPDX-License-Identifier: MIT
#include "userland/lib/address.h"

#include "userland/lib/size.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define HASH_START 2166136261u /* FNV-1a, 32 bits */
#define HASH_PRIME 16777619u

bool address_parse(const char *text, uint32_t *address) {
    struct in_addr parsed;
    if (inet_pton(AF_INET, text, &parsed) != 1)
        return false;
    *address = ntohl(parsed.s_addr);
    return true;
}

bool address_parse_prefix(const char *text, uint32_t *address, uint8_t *prefix) {
    const char *slash = strchr(text, '/');
    char before[ADDRESS_TEXT];
    uint64_t bits;
    size_t length = slash ? (size_t)(slash - text) : 0;
    if (!slash || length >= sizeof before || !number_parse(slash + 1, 1, 32, &bits))
        return false;
    memcpy(before, text, length);
    before[length] = 0;
    if (!address_parse(before, address))
        return false;
    *prefix = (uint8_t)bits;
    return true;
}

bool hardware_parse(const char *text, uint8_t hardware[NETWORK_ADDRESS]) {
    unsigned bytes[NETWORK_ADDRESS];
    int end = 0;
    if (strspn(text, "0123456789abcdefABCDEF:") != strlen(text) ||
        sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2], &bytes[3],
               &bytes[4], &bytes[5], &end) != (int)NETWORK_ADDRESS ||
        text[end] || bytes[0] & 1)
        return false;
    for (unsigned i = 0; i < NETWORK_ADDRESS; i++)
        hardware[i] = (uint8_t)bytes[i];
    return true;
}

char *address_format(char text[ADDRESS_TEXT], uint32_t address) {
    snprintf(text, ADDRESS_TEXT, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
             address >> 8 & 255, address & 255);
    return text;
}

char *hardware_format(char text[ADDRESS_TEXT], const uint8_t hardware[NETWORK_ADDRESS]) {
    snprintf(text, ADDRESS_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", hardware[0], hardware[1],
             hardware[2], hardware[3], hardware[4], hardware[5]);
    return text;
}

void hardware_of_name(const char *name, uint8_t hardware[NETWORK_ADDRESS]) {
    uint32_t hash = HASH_START;
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * HASH_PRIME;
    hash ^= hash >> 24;
    const uint8_t made[NETWORK_ADDRESS] = {
        0x02, 'R', 'F', (uint8_t)(hash >> 16), (uint8_t)(hash >> 8), (uint8_t)hash};
    memcpy(hardware, made, sizeof made);
}
