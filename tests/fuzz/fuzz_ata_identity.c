// SPDX-License-Identifier: MIT
// sources: drivers/lib/ata_identity.c drivers/lib/ata_taskfile.c drivers/block/ata/region.c
/*
 * What an ATA disk says of itself, and the commands and regions that follow from it.
 */
#include "drivers/block/ata/region.h"
#include "drivers/lib/ata_identity.h"
#include "drivers/lib/ata_taskfile.h"
#include "tests/fuzz/fuzz.h"

static void check_regions(struct input *input) {
    struct driver_segment segments[IO_SEGMENTS + 1];
    struct region *table = malloc(REGIONS_MOST * sizeof *table);
    uint32_t count = take8(input) % (IO_SEGMENTS + 2);
    uint64_t wanted = 0, described = 0;

    for (uint32_t i = 0; i < count; i++) {
        segments[i] = (struct driver_segment){take64(input), take32(input), 0};
        wanted += segments[i].bytes;
    }
    if (regions_describe(table, segments, count)) {
        uint32_t n = 0;

        do {
            described += table[n].bytes == 0 ? 0x10000 : table[n].bytes;
            PROMISE(table[n].address / 0x10000 ==
                    (table[n].address + (uint16_t)(table[n].bytes - 1)) / 0x10000);
        } while (!(table[n++].flags & REGION_LAST) && n < REGIONS_MOST);
        PROMISE(described == wanted);
    }
    free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    uint16_t words[ATA_IDENTITY_WORDS];

    take(&input, words, sizeof words);
    struct ata_identity identity = ata_identity_read(words);
    PROMISE(memchr(identity.model, '\0', sizeof identity.model));
    PROMISE(identity.lba48 || identity.sectors <= ATA_LBA28_SECTORS);
    PROMISE(identity.sectors < 1ull << 48);
    for (const char *letter = identity.model; *letter; letter++)
        PROMISE(*letter >= ' ' && *letter <= '~');
    struct ata_taskfile taskfile =
        ata_taskfile_transfer(0x25, identity.lba48, identity.sectors - 1, 128);
    PROMISE(taskfile.extended == identity.lba48);
    check_regions(&input);
    return 0;
}
