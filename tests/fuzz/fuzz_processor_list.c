// SPDX-License-Identifier: MIT
// sources: kernel/dev/processor_list.c kernel/dev/acpi.c kernel/dev/mp_table.c
/*
 * Firmware tables that list processors: ACPI's and the MP table's. Physical memory is what the input puts where it
 * likes; everything else reads as zeros, and from MEMORY_END on there is none.
 *
 *   with a root pointer from the boot loader:1 [its 36 bytes], then pieces: address:4, kind:1, length:2, bytes
 *
 * A piece that is a table of some kind gets its length and its checksum put right, so that what lies in it is read.
 */
#include "kernel/dev/processor_list.h"
#include "tests/fuzz/fuzz.h"

#define MEMORY_END 0xFFFFF000ull
#define PIECES     16u
#define PIECE_MOST 2048u
#define READS_MOST 2000000u

/* Where a table of each kind has its length and its checksum; a root pointer's covers its first 20 bytes. */
enum kind { RAW, ROOT_POINTER, ACPI_TABLE, MP_POINTER, MP_TABLE, KINDS };

static struct piece {
    uint32_t address, length;
    uint8_t bytes[PIECE_MOST];
} pieces[PIECES];
static uint32_t piece_count, reads;

static bool read_memory(uint64_t physical, void *to, uint32_t bytes) {
    PROMISE(reads++ < READS_MOST);
    if (physical >= MEMORY_END || bytes > MEMORY_END - physical)
        return false;
    memset(to, 0, bytes);
    for (uint32_t i = 0; i < piece_count; i++) {
        const struct piece *piece = &pieces[i];
        uint64_t start = physical > piece->address ? physical : piece->address;
        uint64_t end = (uint64_t)piece->address + piece->length;

        end = end < physical + bytes ? end : physical + bytes;
        if (start < end)
            memcpy((uint8_t *)to + (start - physical), piece->bytes + (start - piece->address),
                   (size_t)(end - start));
    }
    return true;
}

static void put_sum_right(struct piece *piece, uint32_t place, uint32_t bytes) {
    uint8_t sum = 0;

    if (piece->length < bytes || place >= bytes)
        return;
    piece->bytes[place] = 0;
    for (uint32_t i = 0; i < bytes; i++)
        sum = (uint8_t)(sum + piece->bytes[i]);
    piece->bytes[place] = (uint8_t)-sum;
}

static void put_right(struct piece *piece, enum kind kind) {
    switch (kind) {
    case ROOT_POINTER:
        memcpy(piece->bytes, "RSD PTR ", 8);
        put_sum_right(piece, 8, 20);
        break;
    case ACPI_TABLE:
        memcpy(piece->bytes + 4, &piece->length, 4);
        put_sum_right(piece, 9, piece->length);
        break;
    case MP_POINTER:
        memcpy(piece->bytes, "_MP_", 4);
        put_sum_right(piece, 10, 16);
        break;
    case MP_TABLE:
        memcpy(piece->bytes, "PCMP", 4);
        memcpy(piece->bytes + 4, &piece->length, 2);
        put_sum_right(piece, 7, piece->length);
        break;
    default:
        break;
    }
}

static void read_pieces(struct input *input) {
    piece_count = 0;
    while (piece_count < PIECES && input->at < input->end) {
        struct piece *piece = &pieces[piece_count++];

        piece->address = take32(input);
        enum kind kind = take8(input) % KINDS;
        piece->length = (take8(input) | take8(input) << 8) % (PIECE_MOST + 1);
        take(input, piece->bytes, piece->length);
        put_right(piece, kind);
    }
}

static void check(bool found, const struct processor_list *list) {
    PROMISE(list->count <= PROCESSORS_MAX && found == (list->count != 0));
    for (uint32_t i = 0; i < list->count; i++)
        for (uint32_t j = 0; j < i; j++)
            PROMISE(list->apic_ids[i] != list->apic_ids[j]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    struct processor_list *list = malloc(sizeof *list);
    uint8_t rsdp[36] = {0};

    reads = 0;
    if (take8(&input) & 1)
        take(&input, rsdp, sizeof rsdp);
    read_pieces(&input);
    check(acpi_list_processors(read_memory, rsdp, list), list);
    check(mp_table_list_processors(read_memory, list), list);
    free(list);
    return 0;
}
