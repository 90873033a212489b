// SPDX-License-Identifier: MIT
/* What an ATA command looks like, what a disk says of itself, and the bus master's regions. */
// sources: drivers/lib/ata_identity.c drivers/lib/ata_taskfile.c drivers/block/ata/region.c
#include "drivers/block/ata/region.h"
#include "drivers/lib/ata_identity.h"
#include "drivers/lib/ata_taskfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void extended_command_has_48_bits(void **state) {
    (void)state;
    struct ata_taskfile taskfile = ata_taskfile_transfer(0x25, true, 0x665544332211ull, 128);
    assert_int_equal(taskfile.command, 0x25);
    assert_int_equal(taskfile.device & 0x5F, 0x40); /* LBA, master, no address bits */
    assert_int_equal(taskfile.low[0], 0x11);
    assert_int_equal(taskfile.middle[0], 0x22);
    assert_int_equal(taskfile.high[0], 0x33);
    assert_int_equal(taskfile.low[1], 0x44);
    assert_int_equal(taskfile.middle[1], 0x55);
    assert_int_equal(taskfile.high[1], 0x66);
    assert_int_equal(taskfile.count[0], 128);
    assert_int_equal(taskfile.count[1], 0);
}

static void short_command_has_28_bits(void **state) {
    (void)state;
    struct ata_taskfile taskfile = ata_taskfile_transfer(0xC8, false, 0xABCDEF1, 1);
    assert_false(taskfile.extended);
    assert_int_equal(taskfile.device & 0x5F, 0x4A);
    assert_int_equal(taskfile.high[0], 0xBC);
    assert_int_equal(taskfile.middle[0], 0xDE);
    assert_int_equal(taskfile.low[0], 0xF1);
}

static void identity_of_a_large_disk(void **state) {
    (void)state;
    uint16_t words[ATA_IDENTITY_WORDS] = {0};
    for (int i = 27; i < 47; i++)
        words[i] = 0x2020;
    words[27] = 'D' << 8 | 'I';
    words[28] = 'S' << 8 | 'K';
    words[49] = 1u << 9 | 1u << 8;
    words[60] = 0xFFFF;
    words[61] = 0x0FFF;
    words[83] = 0x4000 | 1u << 10;
    words[100] = 0x4444;
    words[101] = 0x3333;
    words[102] = 0x0002;
    struct ata_identity identity = ata_identity_read(words);
    assert_true(identity.lba && identity.lba48 && identity.dma && identity.sector512);
    assert_true(identity.sectors == 0x233334444ull);
    assert_string_equal(identity.model, "DISK");

    words[83] = 1u << 10; /* the word is not valid: its top bits are not 01 */
    words[106] = 0x4000 | 1u << 12;
    identity = ata_identity_read(words);
    assert_false(identity.lba48);
    assert_false(identity.sector512);
    assert_true(identity.sectors == 0x0FFFFFFF);
}

static void identity_of_nothing(void **state) {
    (void)state;
    uint16_t words[ATA_IDENTITY_WORDS];
    memset(words, 0, sizeof(words));
    struct ata_identity identity = ata_identity_read(words);
    assert_false(identity.lba || identity.lba48 || identity.dma);
    assert_true(identity.sectors == 0);
    assert_string_equal(identity.model, "");
    memset(words, 0xFF, sizeof(words));
    identity = ata_identity_read(words);
    assert_false(identity.lba48);
}

static void regions_follow_the_segments(void **state) {
    (void)state;
    struct region table[REGIONS_MOST];
    const struct driver_segment segments[] = {{0x1200, 0xE00, 0}, {0x5000, 0x1000, 0}};
    assert_true(regions_describe(table, segments, 2));
    assert_int_equal(table[0].address, 0x1200);
    assert_int_equal(table[0].bytes, 0xE00);
    assert_int_equal(table[0].flags, 0);
    assert_int_equal(table[1].address, 0x5000);
    assert_int_equal(table[1].flags, REGION_LAST);
}

static void no_region_crosses_64k(void **state) {
    (void)state;
    struct region table[REGIONS_MOST];
    const struct driver_segment segments[] = {{0x1F000, 0x10000, 0}, {0x30000, 0x10000, 0}};
    assert_true(regions_describe(table, segments, 2));
    assert_int_equal(table[0].bytes, 0x1000);
    assert_int_equal(table[1].address, 0x20000);
    assert_int_equal(table[1].bytes, 0xF000);
    assert_int_equal(table[1].flags, 0);
    assert_int_equal(table[2].address, 0x30000);
    assert_int_equal(table[2].bytes, 0); /* 64 KiB */
    assert_int_equal(table[2].flags, REGION_LAST);
}

static void regions_refuse_what_they_cannot_name(void **state) {
    (void)state;
    struct region table[REGIONS_MOST];
    struct driver_segment segment = {0x100000000ull, 512, 0};
    assert_false(regions_describe(table, &segment, 1));
    segment.bus_address = 0xFFFFFE00;
    assert_true(regions_describe(table, &segment, 1));
    segment.bytes = 1024;
    assert_false(regions_describe(table, &segment, 1));
    segment = (struct driver_segment){0x1001, 512, 0};
    assert_false(regions_describe(table, &segment, 1));
    segment = (struct driver_segment){0x1000, 0, 0};
    assert_false(regions_describe(table, &segment, 1));
    segment = (struct driver_segment){0x1000, REGIONS_MOST * 0x10000u, 0};
    assert_false(regions_describe(table, &segment, 1));
    assert_false(regions_describe(table, &segment, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extended_command_has_48_bits),
        cmocka_unit_test(short_command_has_28_bits),
        cmocka_unit_test(identity_of_a_large_disk),
        cmocka_unit_test(identity_of_nothing),
        cmocka_unit_test(regions_follow_the_segments),
        cmocka_unit_test(no_region_crosses_64k),
        cmocka_unit_test(regions_refuse_what_they_cannot_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
