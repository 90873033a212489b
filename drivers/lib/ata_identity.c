// SPDX-License-Identifier: MIT
/* See identity.h. */
#include "drivers/lib/ata_identity.h"

#include "drivers/lib/ata_taskfile.h"

#define WORD_MODEL        27 /* 20 words, the first character in the high byte */
#define WORD_CAPABILITIES 49
#define WORD_SECTORS      60 /* 2 words */
#define WORD_COMMANDS     83
#define WORD_SECTORS_48   100 /* 4 words, of which three can be addressed */
#define WORD_SECTOR_SIZE  106

#define CAPABILITY_DMA (1u << 8)
#define CAPABILITY_LBA (1u << 9)
#define COMMANDS_LBA48 (1u << 10)

/* Some words are valid only if their top bits are 01. */
#define VALID(word)    (((word)&0xC000u) == 0x4000u)
#define LONGER_SECTORS (1u << 12)

static void read_model(const uint16_t *words, char model[ATA_MODEL_BYTES + 1]) {
    uint32_t end = 0;
    for (uint32_t i = 0; i < ATA_MODEL_BYTES; i++) {
        uint16_t word = words[WORD_MODEL + i / 2];
        uint8_t character = (uint8_t)(i % 2 == 0 ? word >> 8 : word);
        model[i] = character >= ' ' && character < 0x7F ? (char)character : ' ';
        if (model[i] != ' ')
            end = i + 1;
    }
    model[end] = '\0';
}

struct ata_identity ata_identity_read(const uint16_t words[ATA_IDENTITY_WORDS]) {
    struct ata_identity identity = {
        .lba = words[WORD_CAPABILITIES] & CAPABILITY_LBA,
        .lba48 = VALID(words[WORD_COMMANDS]) && (words[WORD_COMMANDS] & COMMANDS_LBA48),
        .dma = words[WORD_CAPABILITIES] & CAPABILITY_DMA,
        .sector512 =
            !(VALID(words[WORD_SECTOR_SIZE]) && (words[WORD_SECTOR_SIZE] & LONGER_SECTORS)),
    };
    uint32_t first = identity.lba48 ? WORD_SECTORS_48 : WORD_SECTORS;
    uint32_t count = identity.lba48 ? 3 : 2;
    for (uint32_t i = count; i > 0; i--)
        identity.sectors = identity.sectors << 16 | words[first + i - 1];
    if (!identity.lba48 && identity.sectors > ATA_LBA28_SECTORS)
        identity.sectors = ATA_LBA28_SECTORS;
    read_model(words, identity.model);
    return identity;
}
