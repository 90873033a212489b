// SPDX-License-Identifier: MIT
/*
 * Multiboot 1: one structure with flags that say which fields are there (specification 0.6.96, 3.3).
 * Multiboot 2: a list of tags, each with type and size, 8-byte aligned (specification 2.0, 3.4).
 */
#include "kernel/multiboot.h"

#include <stddef.h>

#define FLAG_COMMAND (1u << 2)
#define FLAG_MODULES (1u << 3)
#define FLAG_MAP     (1u << 6)
#define FLAG_SCREEN  (1u << 12)
#define MAP_USABLE   1
#define SCREEN_RGB   1

enum tag_type {
    TAG_END = 0,
    TAG_COMMAND = 1,
    TAG_MODULE = 3,
    TAG_MAP = 6,
    TAG_SCREEN = 8,
    TAG_RSDP1 = 14,
    TAG_RSDP2 = 15,
};

struct information1 {
    uint32_t flags, lower, upper, boot_device, command, module_count, modules, symbols[4],
        map_bytes, map;
    uint32_t drives_bytes, drives, configuration, loader, apm, vbe[4];
    uint64_t screen_address;
    uint32_t screen_pitch, screen_width, screen_height;
    uint8_t screen_bits, screen_type;
} __attribute__((packed));

struct module1 {
    uint32_t start, end, name, reserved;
} __attribute__((packed));

struct map1 {
    uint32_t size;
    uint64_t start, bytes;
    uint32_t type;
} __attribute__((packed));

struct tag {
    uint32_t type, size;
};

struct map_head2 {
    struct tag tag;
    uint32_t entry_bytes, version;
};

struct map2 {
    uint64_t start, bytes;
    uint32_t type, reserved;
} __attribute__((packed));

struct screen2 {
    struct tag tag;
    uint64_t address;
    uint32_t pitch, width, height;
    uint8_t bits, type;
} __attribute__((packed));

static void copy_command(struct boot_information *boot, const char *text, uint32_t bytes) {
    uint32_t length = 0;

    for (; length < bytes && text[length] && length + 1 < BOOT_COMMAND; length++)
        boot->command_line[length] = text[length];
    boot->command_line[length] = '\0';
}

static void add_module(struct boot_information *boot, uint32_t start, uint32_t end) {
    if (boot->module_count < BOOT_MODULES && end > start)
        boot->modules[boot->module_count++] = (struct boot_module){start, end - start};
}

static void add_range(struct boot_information *boot, uint64_t start, uint64_t bytes,
                      uint32_t type) {
    if (boot->range_count < BOOT_RANGES && bytes)
        boot->ranges[boot->range_count++] = (struct boot_range){start, bytes, type == MAP_USABLE};
}

static void set_screen(struct boot_information *boot, uint64_t address, uint32_t pitch,
                       uint32_t width, uint32_t height) {
    boot->framebuffer_address = (uint32_t)address;
    boot->framebuffer_pitch = pitch;
    boot->framebuffer_width = width;
    boot->framebuffer_height = height;
}

/* An entry's size does not count the size field itself. */
static void read_map1(const struct information1 *information, physical_memory *memory,
                      struct boot_information *boot) {
    uint64_t at = 0;

    for (uint32_t i = 0; i < BOOT_RANGES && at + sizeof(struct map1) <= information->map_bytes;
         i++) {
        const struct map1 *entry = memory(information->map + (uint32_t)at);
        if (entry->size < sizeof *entry - sizeof entry->size)
            return;
        add_range(boot, entry->start, entry->bytes, entry->type);
        at += (uint64_t)entry->size + sizeof entry->size;
    }
}

static void read1(const struct information1 *information, physical_memory *memory,
                  struct boot_information *boot) {
    if (information->flags & FLAG_COMMAND)
        copy_command(boot, memory(information->command), BOOT_COMMAND);
    for (uint32_t i = 0;
         information->flags & FLAG_MODULES && i < information->module_count && i < BOOT_MODULES;
         i++) {
        const struct module1 *module = memory(information->modules + i * (uint32_t)sizeof *module);
        add_module(boot, module->start, module->end);
    }
    if (information->flags & FLAG_MAP)
        read_map1(information, memory, boot);
    if (information->flags & FLAG_SCREEN && information->screen_type == SCREEN_RGB &&
        information->screen_bits == 32)
        set_screen(boot, information->screen_address, information->screen_pitch,
                   information->screen_width, information->screen_height);
}

static void read_map2(const struct tag *tag, struct boot_information *boot) {
    const struct map_head2 *head = (const struct map_head2 *)tag;

    if (head->entry_bytes < sizeof(struct map2))
        return;
    for (uint64_t at = sizeof *head; at + sizeof(struct map2) <= tag->size;
         at += head->entry_bytes) {
        const struct map2 *map = (const void *)((const uint8_t *)tag + (uint32_t)at);
        add_range(boot, map->start, map->bytes, map->type);
    }
}

static void copy_rsdp(const struct tag *tag, struct boot_information *boot) {
    const uint8_t *from = (const uint8_t *)(tag + 1);
    uint32_t bytes = tag->size - (uint32_t)sizeof *tag;

    for (uint32_t i = 0; i < bytes && i < sizeof boot->rsdp; i++)
        boot->rsdp[i] = from[i];
}

/* A tag that is shorter than what is read of it says nothing. */
static bool is_whole(const struct tag *tag) {
    switch (tag->type) {
    case TAG_MODULE:
        return tag->size >= sizeof *tag + 2 * sizeof(uint32_t);
    case TAG_MAP:
        return tag->size >= sizeof(struct map_head2);
    case TAG_SCREEN:
        return tag->size >= sizeof(struct screen2);
    default:
        return true;
    }
}

static void read_tag2(const struct tag *tag, struct boot_information *boot) {
    const uint32_t *words = (const uint32_t *)(tag + 1);
    const struct screen2 *screen = (const struct screen2 *)tag;

    switch (tag->type) {
    case TAG_COMMAND:
        copy_command(boot, (const char *)words, tag->size - (uint32_t)sizeof *tag);
        break;
    case TAG_MODULE:
        add_module(boot, words[0], words[1]);
        break;
    case TAG_MAP:
        read_map2(tag, boot);
        break;
    case TAG_SCREEN:
        if (screen->type == SCREEN_RGB && screen->bits == 32)
            set_screen(boot, screen->address, screen->pitch, screen->width, screen->height);
        break;
    case TAG_RSDP1:
    case TAG_RSDP2:
        copy_rsdp(tag, boot);
        break;
    default:
        break;
    }
}

static void read2(uint32_t address, physical_memory *memory, struct boot_information *boot) {
    uint32_t total = *(const uint32_t *)memory(address);

    for (uint64_t at = 8; at + sizeof(struct tag) <= total;) {
        const struct tag *tag = memory(address + (uint32_t)at);
        if (tag->type == TAG_END || tag->size < sizeof *tag || tag->size > total - at)
            return;
        if (is_whole(tag))
            read_tag2(tag, boot);
        at += ((uint64_t)tag->size + 7) & ~7ull;
    }
}

bool multiboot_read(uint32_t magic, uint32_t address, physical_memory *memory,
                    struct boot_information *boot) {
    if (magic == MULTIBOOT1_LOADED)
        read1(memory(address), memory, boot);
    else if (magic == MULTIBOOT2_LOADED)
        read2(address, memory, boot);
    return boot->range_count != 0;
}
