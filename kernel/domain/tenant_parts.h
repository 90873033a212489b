// SPDX-License-Identifier: MIT
/*
 * What the tenant_*.c files offer each other.
 */
#ifndef KERNEL_DOMAIN_TENANT_PARTS_H
#define KERNEL_DOMAIN_TENANT_PARTS_H

#include "kernel/domain/tenant.h"

/* tenant_configuration.c: pure. False, and why in `reason`, if it can never be granted. */
bool configuration_check(const struct tenant_configuration *configuration, uint32_t cpu_count,
                         char *reason);

/* tenant_admission.c: what a configuration that may be granted is made of, or why it is refused. */
struct admission {
    uint32_t number, image;
    const struct bundle_item *manager_file;
    struct elf_image manager;
};
enum status admission_check(const struct tenant_configuration *wanted, struct admission *admission,
                            char *reason);
/* May the tenant (NULL: a new one) have the reservations at disks that are wanted? Refusals as above. */
enum status admission_check_devices(const struct tenant *tenant,
                                    const struct tenant_configuration *wanted, char *reason);
/* Percent of a CPU that all tenants but this one (NULL: all) have reserved. */
uint32_t admission_cpu_of_others(const struct tenant *tenant);
/* A tenant has reserved so much, and now so much. */
void admission_cpu_changes(uint32_t before, uint32_t now);

/* tenant_names.c */
void names_add(struct tenant *tenant); /* nobody has its name */
void names_remove(struct tenant *tenant);
bool is_same_name(const char *a, const char *b); /* of at most TENANT_NAME characters */

/* tenant_build.c */
/* Frames that a tenant with this manager needs before its manager runs. */
uint32_t build_frames_needed(const struct elf_image *manager);
/* Checks the manager's file: NULL, or what is wrong with it. */
const char *build_check_manager(const struct bundle_item *file, struct elf_image *manager);
/* The pages that the core writes, and the devices; then slices bring the rest. False: `reason`. */
bool build_begin(struct tenant *tenant, char *reason);
void build_slice(struct tenant *tenant);

/* tenant_teardown.c: true if it did something, false while it has to wait. */
bool teardown_slice(struct tenant *tenant);

/* tenant_backoff.c: nanoseconds to wait before the next restart. Pure. `first`: it has not been restarted
 * yet. */
uint64_t restart_backoff(uint64_t previous, uint64_t lived, bool first);

/* tenant.c */
void tenant_set_work(struct tenant *tenant, bool has_work);
void tenant_free(struct tenant *tenant); /* everything of it but its block is gone */
bool tenant_start(struct tenant *tenant, char *reason);

/* seed.c: 256 bits that no other start has had. */
void seed_fill(uint64_t seed[4]);

#endif
