// SPDX-License-Identifier: MIT
// sources: kernel/domain/driver_manifest.c kernel/domain/driver_ports.c
/*
 * Driver manifests. What passes stays inside what a driver may have at all, and no sequence of claims gives a
 * port to two owners.
 */
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_ports.h"
#include "tests/fuzz/fuzz.h"

#define DRIVERS 4

static void check(const struct driver_manifest *manifest) {
    PROMISE(memchr(manifest->name, '\0', DRIVER_NAME) && manifest->name[0] != '\0');
    PROMISE(memchr(manifest->device, '\0', DRIVER_NAME) && manifest->device[0] != '\0');
    PROMISE(manifest->pci_id_count <= MANIFEST_IDS);
    PROMISE(manifest->irq_count <= MANIFEST_IRQS && manifest->port_count <= MANIFEST_PORTS);
    for (uint32_t n = 0; n < manifest->irq_count; n++)
        PROMISE(manifest->irqs[n] < 16);
    PROMISE(manifest->mmio_count <= 2);
    for (uint32_t n = 0; n < manifest->mmio_count; n++) {
        uint64_t end = (uint64_t)manifest->mmio[n].first + manifest->mmio[n].bytes;

        PROMISE(manifest->mmio[n].first >= 0xA0000 && end <= 0xE0000);
        PROMISE(manifest->mmio[n].first % 4096 == 0 && manifest->mmio[n].bytes % 4096 == 0);
    }
    PROMISE(DRIVER_DMA + (uint64_t)manifest->dma_frames * 4096 <= DRIVER_MMIO);
    manifest_matches(manifest, 0x1AF4, 0x1001, 0x0100);
}

/* As the loader does it: range by range, and all of them go back if one is refused. */
static void claim(const struct driver_manifest *manifest, const char *owner) {
    for (uint32_t n = 0; n < manifest->port_count; n++) {
        struct port_range range = {manifest->ports[n].first, manifest->ports[n].count};

        if (ports_owner(range.first, range.count) != NULL) {
            ports_release(owner);
            PROMISE(ports_owner(range.first, range.count) != owner);
            return;
        }
        PROMISE(ports_claim(range, owner));
        PROMISE(ports_owner(range.first, 1) == owner);
        PROMISE(ports_owner(range.first + range.count - 1u, 1) == owner);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char owners[DRIVERS][2] = {"a", "b", "c", "d"};
    struct input input = {data, data + size};
    struct driver_manifest manifest;

    for (uint32_t driver = 0; driver < DRIVERS && input.at < input.end; driver++) {
        take(&input, &manifest, sizeof manifest);
        if (manifest_check(&manifest) != NULL)
            continue;
        check(&manifest);
        claim(&manifest, owners[driver]);
    }
    PROMISE(strncmp(ports_owner(0xCF8, 1), "the core", 8) == 0);
    for (uint32_t driver = 0; driver < DRIVERS; driver++)
        ports_release(owners[driver]);
    return 0;
}
