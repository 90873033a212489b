// SPDX-License-Identifier: MIT
/*
 * Who else came to harm?
 *
 *   the core       answers calls, and still holds its GDT and what it knows of the bystander
 *   a bystander    a tenant that looks through its own memory all the time and counts its rounds
 *   all others     tenants and drivers run, and none was restarted
 */
#include "tests/escape/referee/referee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYSTANDER        "bystander"
#define BYSTANDER_FRAMES 256
#define DOMAINS_MOST     32
#define ROUNDS           3 /* of the bystander, after each attack */
#define FIRST_TLS        6
#define LAST_TLS         8

struct restarts {
    char name[48];
    uint32_t count;
};

static struct {
    struct restarts tenants[DOMAINS_MOST], drivers[DOMAINS_MOST];
    uint32_t tenant_count, driver_count;
} noted;

static uint32_t bystander;
static struct tenant_configuration known;
static struct descriptor_query gdt;
static char complaint[OUTCOME_BYTES];

static struct syscall_query rounds(void) {
    struct syscall_query query = {.count = 1};
    if (control_syscall_counts(bystander, &query) != STATUS_OK)
        query.calls[0] = query.unknown[0] = 0;
    return query;
}

/* Waits until the bystander has gone through its memory some times more. */
static bool bystander_goes_on(void) {
    uint32_t before = rounds().calls[0];
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (rounds().calls[0] >= before + ROUNDS)
            return true;
        sleep_milliseconds(1);
    }
    return false;
}

void witness_start(void) {
    struct tenant_status status;
    bystander = create_tenant(BYSTANDER, "hostile", "base", BYSTANDER_FRAMES, false);
    for (unsigned i = 0; i < PATIENCE && rounds().calls[0] == 0; i++)
        sleep_milliseconds(1);
    control_descriptors(&gdt);
    control_tenant_status(bystander, &status);
    known = status.configuration;
    if (bystander_goes_on())
        return;
    printf("referee: the bystander does not start\n");
    exit(1);
}

void witness_note(void) {
    struct tenant_status tenant;
    struct driver_status driver;
    noted.tenant_count = noted.driver_count = 0;
    for (uint32_t n = 0; control_next_tenant(&n, &tenant) && noted.tenant_count < DOMAINS_MOST;) {
        struct restarts *note = &noted.tenants[noted.tenant_count++];
        snprintf(note->name, sizeof note->name, "%s", tenant.configuration.name);
        note->count = tenant.restarts;
    }
    for (uint32_t n = 0; control_next_driver(&n, &driver) && noted.driver_count < DOMAINS_MOST;) {
        struct restarts *note = &noted.drivers[noted.driver_count++];
        snprintf(note->name, sizeof note->name, "%s", driver.name);
        note->count = driver.restarts;
    }
}

/* ---- After the attack
 * --------------------------------------------------------------------------- */

static bool tenants_are_well(void) {
    struct tenant_status tenant;
    for (uint32_t n = 0; n < noted.tenant_count; n++) {
        const struct restarts *note = &noted.tenants[n];
        if (control_find_tenant(note->name, &tenant) && tenant.state == TENANT_RUNNING &&
            tenant.restarts == note->count)
            continue;
        snprintf(complaint, sizeof complaint, "tenant %s died: %s", note->name, tenant.last_death);
        return false;
    }
    return true;
}

static bool drivers_are_well(bool hostile_may_die) {
    struct driver_status driver;
    for (uint32_t n = 0; control_next_driver(&n, &driver);) {
        const struct restarts *note = noted.drivers;
        while (note < noted.drivers + noted.driver_count && strcmp(note->name, driver.name))
            note++;
        if (hostile_may_die && strcmp(driver.name, "hostile") == 0)
            continue;
        if (driver.restarts == note->count)
            continue;
        snprintf(complaint, sizeof complaint, "driver %s died: %s", driver.name, driver.last_crash);
        return false;
    }
    return true;
}

static bool core_is_unchanged(void) {
    struct tenant_status status = {.state = TENANT_FREE};
    struct descriptor_query now = {.table = TABLE_GDT};
    control_descriptors(&now);
    for (uint32_t n = 0; n < gdt.count; n++) {
        if ((n >= FIRST_TLS && n <= LAST_TLS) || now.raw[n] == gdt.raw[n])
            continue;
        snprintf(complaint, sizeof complaint, "GDT entry %u changed", n);
        return false;
    }
    control_tenant_status(bystander, &status);
    if (memcmp(&status.configuration, &known, sizeof known) == 0)
        return true;
    snprintf(complaint, sizeof complaint, "the core's record of the bystander changed");
    return false;
}

static bool bystander_is_well(void) {
    if (!bystander_goes_on()) {
        snprintf(complaint, sizeof complaint, "the bystander stands still");
        return false;
    }
    uint32_t damaged = rounds().unknown[0];
    if (damaged != 0)
        snprintf(complaint, sizeof complaint, "%u words of the bystander changed", damaged);
    return damaged == 0;
}

const char *witness_complaint(bool driver_may_die) {
    bool well = core_is_unchanged() && tenants_are_well() && drivers_are_well(driver_may_die) &&
                bystander_is_well();
    return well ? NULL : complaint;
}
