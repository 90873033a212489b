// SPDX-License-Identifier: MIT
/*
 * The order in which the core comes up. Each step needs the ones before it:
 *
 *   boot information → this CPU's tables and views → frames, objects → interrupts, clock, alarm
 *   → the fence → bundles → drivers → the other CPUs → the scheduler, for ever, and in it the operator
 */
#include "kernel/boot_information.h"
#include "kernel/command_line.h"
#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/mitigation.h"
#include "kernel/cpu/secondary.h"
#include "kernel/cpu/stretch.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/keyboard_controller.h"
#include "kernel/dev/pci.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/fence.h"
#include "kernel/fence/view.h"
#include "kernel/io/device.h"
#include "kernel/io/verify.h"
#include "kernel/log/log.h"
#include "kernel/mem/core_seal.h"
#include "kernel/mem/object.h"
#include "kernel/multiboot.h"
#include "kernel/network/uplink.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define OPERATOR_MEBIBYTES   24
#define FRAMES_PER_MEBIBYTE  256
#define OPERATOR_RESERVATION 10 /* percent of a CPU: the operator always gets through */

struct boot_information boot_information;

_Noreturn void core_main(uint32_t magic, uint32_t address);

/* The boot tables map 0..3 GiB 1:1. */
static const void *identity(uint32_t physical) {
    return (const void *)physical;
}

/* Its init reads the partition table there. */
static void grant_whole_disk(struct disk_grant *grant, uint32_t number) {
    char name[sizeof grant->name] = ""; /* the tenant sees all of it */
    format_text(name, sizeof name, "blk%u", number);
    uint64_t bytes = io_device_bytes(name);
    if (bytes < PAGE_SIZE)
        return;
    __builtin_memcpy(grant->name, name, sizeof name);
    __builtin_memcpy(grant->device, name, sizeof name);
    grant->bytes = bytes & ~(uint64_t)(PAGE_SIZE - 1);
    grant->weight = 100;
}

static void start_operator(void) {
    struct tenant_configuration configuration = {
        .name = "operator",
        .manager = "linux",
        .image = "operator",
        .cpu_reservation = OPERATOR_RESERVATION,
        .cpu_weight = 100,
        .cpu_cap = 100 * cpu_count(),
        .restart = 1,
    };
    for (uint32_t n = 0; n < CONFIGURATION_DISKS; n++)
        grant_whole_disk(&configuration.disks[n], n);
    uint32_t mebibytes =
        command_line_number(boot_information.command_line, "operator", OPERATOR_MEBIBYTES);
    uint32_t number;
    char reason[96];

    configuration.frames = mebibytes * FRAMES_PER_MEBIBYTE;
    if (tenant_create(&configuration, true, &number, reason) != STATUS_OK)
        panic("no operator: %s", reason);
    stretch_does_not_count(this_cpu());
}

void core_main(uint32_t magic, uint32_t address) {
    bool understood = multiboot_read(magic, address, identity, &boot_information);
    const char *missing;

    view_initialise(0);
    core_lock_take();
    log_line("Ringfence: core starts");
    if (!understood)
        panic("boot loader: magic %x and no memory map; start me by multiboot 1 or 2", magic);
    mitigation_choose(boot_information.command_line);
    missing = features_enable();
    if (missing)
        panic("this CPU lacks %s", missing);
    frame_initialise(&boot_information);
    object_initialise();
    interrupt_initialise();
    clock_initialise();
    timer_initialise();
    keyboard_controller_initialise();
    pci_initialise();
    fence_choose(boot_information.command_line);
    view_select_fence();
    bundles_initialise();
    verify_initialise(boot_information.command_line);
    uplink_initialise();
    drivers_initialise();
    secondary_prepare(&boot_information);
    core_seal();
    secondary_start_all();
    drivers_when_settled(start_operator);
    log_hold();
    scheduler_run();
}
