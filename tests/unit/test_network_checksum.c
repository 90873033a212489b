// SPDX-License-Identifier: MIT
// sources: domains/linux/network/checksum.c
/*
 * The checksum against RFC 1071's definition, of all lengths and alignments.
 */
#include "domains/linux/network/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint16_t by_definition(const uint8_t *bytes, uint32_t count) {
    uint32_t sum = 0;
    for (uint32_t n = 0; n < count; n++)
        sum += n % 2 == 0 ? bytes[n] : (uint32_t)bytes[n] << 8;
    while (sum >> 16 != 0)
        sum = (sum >> 16) + (sum & 0xFFFF);
    return (uint16_t)sum;
}

static void sums_are_as_defined(void **state) {
    uint8_t bytes[1600];
    (void)state;
    for (uint32_t round = 0; round < 20; round++) {
        for (uint32_t n = 0; n < sizeof bytes; n++)
            bytes[n] = round == 0 ? 0xFF : round == 1 ? 0 : (uint8_t)rand();
        for (uint32_t count = 0; count < 1590; count += count < 100 ? 1 : 37)
            for (uint32_t offset = 0; offset < 5; offset++) {
                uint8_t *exact = malloc(count);
                memcpy(exact, bytes + offset, count);
                assert_int_equal(network_checksum(exact, (int)count),
                                 by_definition(bytes + offset, count));
                free(exact);
            }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_are_as_defined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
