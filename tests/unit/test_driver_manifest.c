// SPDX-License-Identifier: MIT
// sources: kernel/domain/driver_manifest.c kernel/domain/driver_ports.c
/*
 * Manifests that must be refused, each wrong in one field, and the ownership of ports.
 */
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct driver_manifest good(void) {
    return (struct driver_manifest){
        .magic = MANIFEST_MAGIC,
        .name = "ata",
        .device = "blk",
        .class = DEVICE_BLOCK,
        .pci_class = 0x0101,
        .port_count = 1,
        .ports = {{0x1F0, 8}},
        .irq_count = 1,
        .irqs = {14},
        .use_bars = 1u << 4,
        .mmio_count = 1,
        .mmio = {{0xB8000, 0x1000}},
        .dma = 1,
        .dma_frames = 4,
    };
}

static void accepts_a_good_one(void **state) {
    (void)state;
    struct driver_manifest manifest = good();
    assert_null(manifest_check(&manifest));
}

#define REFUSES(change)                                                                            \
    do {                                                                                           \
        struct driver_manifest m = good();                                                         \
        change;                                                                                    \
        assert_non_null(manifest_check(&m));                                                       \
    } while (0)

static void refuses_each_bad_field(void **state) {
    (void)state;
    REFUSES(m.magic ^= 1);
    REFUSES(m.name[0] = '\0');
    REFUSES(memset(m.name, 'x', sizeof m.name));
    REFUSES(m.device[1] = '\n');
    REFUSES(m.class = DEVICE_NETWORK + 1);
    REFUSES((m.class = DEVICE_NETWORK, m.dma = 0));
    REFUSES(m.class = 77);
    REFUSES(m.pci_id_count = MANIFEST_IDS + 1);
    REFUSES(m.port_count = MANIFEST_PORTS + 1);
    REFUSES(m.ports[0].count = 0);
    REFUSES(m.ports[0].first = 0xFFF9);
    REFUSES(m.ports[0].first = 0x400);
    REFUSES(m.ports[0].first = 0x3F9);
    REFUSES(m.ports[0].first = 0xAE00);
    REFUSES(m.irq_count = MANIFEST_IRQS + 1);
    REFUSES(m.irqs[0] = 16);
    REFUSES(m.use_bars = 1u << 6);
    REFUSES(m.pci_class = 0xFFFF); /* legacy, yet asks for BARs */
    REFUSES(m.mmio_count = 3);
    REFUSES(m.mmio[0].first += 16);
    REFUSES(m.mmio[0].bytes = 0);
    REFUSES(m.mmio[0].bytes = 0x80000);
    REFUSES(m.mmio[0].first = 0xFFFFF000; m.mmio[0].bytes = 0x2000);
    REFUSES(m.mmio[0].first = 0xFEE00000); /* the local APIC */
    REFUSES(m.mmio[0].first = 0x9F000);    /* RAM */
    REFUSES(m.mmio[0].first = 0xDF000; m.mmio[0].bytes = 0x2000);
    REFUSES(m.dma = 2);
    REFUSES(m.messages = 2);
    REFUSES(m.dma_frames = 129);
    REFUSES(m.budget_microseconds = MANIFEST_BUDGET_MOST + 1);
}

static void matches_ids_and_class(void **state) {
    (void)state;
    struct driver_manifest manifest = good();
    assert_true(manifest_matches(&manifest, 0x8086, 0x7010, 0x0101));
    assert_false(manifest_matches(&manifest, 0x8086, 0x7010, 0x0106));
    manifest.pci_class = 0xFFFF;
    assert_false(manifest_matches(&manifest, 0x8086, 0x7010, 0xFFFF));
    manifest.pci_id_count = 1;
    manifest.pci_ids[0].vendor = 0x1AF4;
    manifest.pci_ids[0].device = 0x1001;
    assert_true(manifest_matches(&manifest, 0x1AF4, 0x1001, 0x0100));
    assert_false(manifest_matches(&manifest, 0x1AF4, 0x1000, 0x0200));
    assert_false(manifest_is_legacy(&manifest));
}

static void ports_have_one_owner(void **state) {
    (void)state;
    static const char ata[] = "ata", other[] = "ata_pio";
    assert_null(ports_owner(0x1F0, 8));
    assert_true(ports_claim((struct port_range){0x1F0, 8}, ata));
    assert_ptr_equal(ports_owner(0x1F0, 1), ata);
    assert_ptr_equal(ports_owner(0x1F7, 9), ata);
    assert_ptr_equal(ports_owner(0x1E0, 17), ata);
    assert_null(ports_owner(0x1F8, 8));
    assert_null(ports_owner(0x1E8, 8));
    assert_true(ports_claim((struct port_range){0x3F6, 1}, other));
    ports_release(ata);
    assert_null(ports_owner(0x1F0, 8));
    assert_ptr_equal(ports_owner(0x3F6, 1), other);
    ports_release(other);
}

static void nobody_gets_the_cores_ports(void **state) {
    (void)state;
    static const uint16_t core[] = {0x00, 0x20, 0x21, 0x43, 0x61, 0x70,  0x80,  0x92,
                                    0xA1, 0xB2, 0xC0, 0xE9, 0xF4, 0x4D0, 0x514, 0xCFC};
    for (size_t n = 0; n < sizeof core / sizeof *core; n++)
        assert_non_null(ports_owner(core[n], 1));
    assert_non_null(ports_owner(0, 0x10000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_a_good_one),          cmocka_unit_test(refuses_each_bad_field),
        cmocka_unit_test(matches_ids_and_class),       cmocka_unit_test(ports_have_one_owner),
        cmocka_unit_test(nobody_gets_the_cores_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
