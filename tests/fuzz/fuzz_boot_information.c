// SPDX-License-Identifier: MIT
// sources: kernel/multiboot.c kernel/command_line.c kernel/mem/memory_map.c
/*
 * What a boot loader says: multiboot 1 and 2, the command line in it, and the memory map that frames are
 * counted by. Physical memory is the input, at IMAGE; everything else reads as zeros.
 *
 *   magic:1 | physical memory from IMAGE on; the information structure is at its start
 */
#include "kernel/command_line.h"
#include "kernel/mem/memory_map.h"
#include "kernel/multiboot.h"
#include "tests/fuzz/fuzz.h"

#define IMAGE      0x10000u
#define IMAGE_MOST 0x10000u
#define FRAMES     4096u /* that the records cover */

/* Zeros behind the input: a structure may be read whole. */
static uint8_t image[IMAGE_MOST + 4096] __attribute__((aligned(8)));
static const uint8_t nothing[4096];

static const void *at(uint32_t address) {
    return address >= IMAGE && address - IMAGE < IMAGE_MOST ? image + (address - IMAGE) : nothing;
}

/* How much it has written is the one thing that a loader of multiboot 2 is believed. */
static void bound_total(void) {
    uint32_t total;

    memcpy(&total, image, sizeof total);
    total %= IMAGE_MOST + 1;
    memcpy(image, &total, sizeof total);
}

static bool is_ram(const struct boot_information *boot, uint64_t address) {
    bool usable = false;

    for (uint32_t i = 0; i < boot->range_count; i++) {
        const struct boot_range *range = &boot->ranges[i];

        if (address >= range->start && address - range->start < range->bytes) {
            if (!range->usable)
                return false;
            usable = true;
        }
    }
    return usable;
}

static void check_memory_map(const struct boot_information *boot) {
    static struct frame_record records[FRAMES];
    const struct memory_hole holes[] = {{0, 0x10000}, {0x100000, 0x180000}};
    frame_t count = memory_map_end(boot, FRAMES);
    uint64_t place = memory_map_find(boot, holes, 2, 3 * 4096);

    PROMISE(count <= FRAMES);
    memory_map_paint(boot, records, count);
    for (frame_t frame = 0; frame < count; frame++) {
        uint64_t start = (uint64_t)frame << 12;

        if (records[frame].kind == FRAME_FREE)
            PROMISE(is_ram(boot, start) && is_ram(boot, start + 4095));
    }
    if (place == 0)
        return;
    PROMISE(place % 4096 == 0 && place + 3 * 4096 <= 0x100000000ull);
    PROMISE(is_ram(boot, place) && is_ram(boot, place + 3 * 4096 - 1));
    PROMISE(place >= 0x10000 && (place + 3 * 4096 <= 0x100000 || place >= 0x180000));
}

static void check_command_line(const char *line) {
    char value[16];

    if (command_line_value(line, "fence", value, sizeof value))
        PROMISE(memchr(value, '\0', sizeof value));
    command_line_number(line, "operator", 1);
    command_line_value(line, "cpus", value, 1);
    PROMISE(value[0] == '\0' || strlen(value) < sizeof value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    uint32_t magic = take8(&input) & 1 ? MULTIBOOT2_LOADED : MULTIBOOT1_LOADED;
    struct boot_information boot = {0};

    take(&input, image, IMAGE_MOST);
    if (magic == MULTIBOOT2_LOADED)
        bound_total();
    if (!multiboot_read(magic, IMAGE, at, &boot))
        return 0;
    PROMISE(boot.range_count <= BOOT_RANGES && boot.module_count <= BOOT_MODULES);
    PROMISE(memchr(boot.command_line, '\0', sizeof boot.command_line));
    for (uint32_t i = 0; i < boot.module_count; i++)
        PROMISE((uint64_t)boot.modules[i].start + boot.modules[i].bytes <= 0x100000000ull);
    check_command_line(boot.command_line);
    check_memory_map(&boot);
    return 0;
}
