// SPDX-License-Identifier: MIT
/*
 * The read-only page at MANAGER_INFORMATION: what a manager is told about itself. The core writes it at
 * creation; event_sequence and the wall clock change while the tenant runs. It is the core's own
 * frame, mapped read-only, so a manager cannot forge it.
 *
 * Time: nanoseconds since boot = (rdtsc() - tsc_at_boot) * tsc_multiplier >> 32.
 */
#ifndef KERNEL_ABI_INFORMATION_H
#define KERNEL_ABI_INFORMATION_H

#include "kernel/abi/network.h"
#include "kernel/abi/selector.h"

#include <stdint.h>

#define INFORMATION_IMAGES  8
#define INFORMATION_DEVICES 8
#define INFORMATION_NAME    48
#define TENANT_NAME         32

struct information_image {
    char name
        [INFORMATION_NAME]; /* "root" is the tenant's root; the operator also has "boot/<file>" */
    uint32_t image;         /* handle for MAP_IMAGE */
    uint32_t bytes;
};

struct information_device {
    char name[16];                    /* "vda", "eth0", "console" */
    uint32_t device;                  /* handle for the IO gate */
    uint32_t class;                   /* enum device_class */
    uint64_t bytes;                   /* of the volume, for DEVICE_BLOCK */
    struct network_identity identity; /* for DEVICE_NETWORK */
};

struct tenant_information {
    uint64_t ldt[TENANT_LDT_ENTRIES]; /* read by the CPU, at MANAGER_LDT */
    uint32_t event_sequence;          /* grows with every event: completions, channels */
    uint32_t channel_sequence;        /* with those of channels alone, and before event_sequence */
    uint32_t link_sequence;           /* the same of links */
    uint32_t tenant;                  /* own number */
    uint32_t frames;                  /* N, the reservation */
    uint32_t
        first_frame; /* the lowest index that the core has not bound for the manager's own data */
    uint32_t image_count, device_count;
    uint32_t is_operator; /* the LDT holds the control gate */
    uint32_t cpu_count;
    uint64_t tsc_at_boot;
    uint64_t tsc_multiplier;     /* its highest 32 bits alone, from the first 1 on, are not 0 */
    uint64_t wall_clock_at_boot; /* seconds since 1970, UTC */
    uint64_t random_seed[4];     /* fresh at every start of this tenant */
    char name[TENANT_NAME];
    struct information_image images[INFORMATION_IMAGES];
    struct information_device devices[INFORMATION_DEVICES];
    uint32_t boot_file_count; /* operator only: further images, after images[] */
    struct information_image boot_files[16];
};

_Static_assert(sizeof(struct tenant_information) <= 4096, "one frame");

#endif
