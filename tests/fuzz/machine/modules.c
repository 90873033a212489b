// SPDX-License-Identifier: MIT
/*
 * The boot bundle: ELF files of one page of text and one of data each, which is all that the core looks at, since no instruction of
 * theirs is ever executed. Its first page has the list; the payloads follow, FILE_PAGES each.
 */
#include "tests/fuzz/machine/modules.h"

#include "kernel/abi/driver.h"
#include "kernel/boot_information.h"
#include "kernel/domain/bundle.h"
#include "kernel/layout.h"
#include "tests/fuzz/machine/memory.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>

#define FILE_PAGES 4u /* of an ELF file: headers, text, data, section headers */

struct elf_file {
    Elf32_Ehdr header;
    Elf32_Phdr programs[2];
    Elf32_Shdr sections[3];
    char names[32];
    struct driver_manifest manifest;
};

static struct elf_file make_elf(uint32_t base, const struct driver_manifest *manifest) {
    struct elf_file file = {
        .header = {.e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_386,
                   .e_version = EV_CURRENT,
                   .e_entry = base,
                   .e_phoff = offsetof(struct elf_file, programs),
                   .e_shoff = offsetof(struct elf_file, sections),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 2,
                   .e_shentsize = sizeof(Elf32_Shdr),
                   .e_shnum = 3,
                   .e_shstrndx = 1},
        .programs = {{PT_LOAD, 0x1000, base, 0, 0x1000, 0x1000, PF_R | PF_X, 4096},
                     {PT_LOAD, 0x2000, base + 0x1000, 0, 0x800, 0x1000, PF_R | PF_W, 4096}},
        .sections = {[1] = {.sh_name = 1,
                            .sh_type = SHT_STRTAB,
                            .sh_offset = offsetof(struct elf_file, names),
                            .sh_size = 32},
                     [2] = {.sh_name = 8,
                            .sh_type = SHT_PROGBITS,
                            .sh_offset = offsetof(struct elf_file, manifest),
                            .sh_size = sizeof(struct driver_manifest)}},
        .names = "\0.names\0.manifest",
    };

    if (manifest != NULL)
        file.manifest = *manifest;
    return file;
}

static const struct driver_manifest disk_with_dma = {
    .magic = MANIFEST_MAGIC,
    .name = "dma",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1001}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .dma = 1,
    .dma_frames = 2,
};

static const struct driver_manifest disk_without_dma = {
    .magic = MANIFEST_MAGIC,
    .name = "pio",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1042}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .messages = 1,
};

/* Wants the page where its device is told whom to interrupt, so it never runs. */
static const struct driver_manifest greedy = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1043}},
    .pci_class = 0xFFFF,
    .use_bars = 2,
};

static const struct driver_manifest network = {
    .magic = MANIFEST_MAGIC,
    .name = "network",
    .device = "net",
    .class = DEVICE_NETWORK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1000}},
    .pci_class = 0xFFFF,
    .use_bars = 1,
    .dma = 1,
};

static const struct driver_manifest console = {
    .magic = MANIFEST_MAGIC,
    .name = "console",
    .device = "console",
    .class = DEVICE_CONSOLE,
    .pci_class = 0xFFFF,
    .port_count = 1,
    .ports = {{0x3F8, 8}},
    .irq_count = 2,
    .irqs = {1, 4},
    .mmio_count = 1,
    .mmio = {{0xB8000, 0x8000}},
};

static union {
    struct bundle_header header;
    uint8_t bytes[PAGE_SIZE];
} bundle;

static uint32_t add_bytes(uint32_t kind, const char *name, uint32_t bytes) {
    uint32_t number = bundle.header.entry_count++, page = 1 + number * FILE_PAGES;

    bundle.header.entries[number] = (struct bundle_entry){kind, page * PAGE_SIZE, bytes, 0, ""};
    strcpy(bundle.header.entries[number].name, name);
    return MODULE_FRAME + page;
}

static void add_elf(uint32_t kind, const char *name, const struct elf_file *file) {
    memory_write(add_bytes(kind, name, 3 * PAGE_SIZE), 0, file, sizeof *file);
}

void modules_load(void) {
    struct elf_file manager = make_elf(MANAGER_BASE, NULL);
    struct elf_file drivers[] = {make_elf(DRIVER_IMAGE, &disk_with_dma),
                                 make_elf(DRIVER_IMAGE, &disk_without_dma),
                                 make_elf(DRIVER_IMAGE, &console), make_elf(DRIVER_IMAGE, &network),
                                 make_elf(DRIVER_IMAGE, &greedy)};

    memcpy(bundle.header.magic, "RFBNDL1", 8);
    bundle.header.total_size = MODULE_PAGES * PAGE_SIZE;
    add_elf(BUNDLE_DRIVER, "dma", &drivers[0]);
    add_elf(BUNDLE_DRIVER, "pio", &drivers[1]);
    add_elf(BUNDLE_DRIVER, "console", &drivers[2]);
    add_elf(BUNDLE_DRIVER, "network", &drivers[3]);
    add_elf(BUNDLE_DRIVER, "greedy", &drivers[4]);
    add_elf(BUNDLE_MANAGER, "linux", &manager);
    add_bytes(BUNDLE_IMAGE, "base", 3 * PAGE_SIZE);
    add_bytes(BUNDLE_IMAGE, "operator", PAGE_SIZE + 100);
    add_bytes(BUNDLE_FILE, "machine.json", 200);
    memory_write(MODULE_FRAME, 0, &bundle, sizeof bundle);
    boot_information.module_count = 1;
    boot_information.modules[0] =
        (struct boot_module){MODULE_FRAME * PAGE_SIZE, MODULE_PAGES * PAGE_SIZE};
}
