// SPDX-License-Identifier: MIT
/*
 * Who else came to harm?
 *
 *   the core       answers calls, still holds its GDT and what it knows of the bystander, and can account for
 *                  every frame; no line of its log is another's
 *   a bystander    a tenant that looks through its own memory and reads its disk all the time and counts its
 *                  rounds; it goes on during the attack too, and pays for nothing
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
#define CPUS_MOST        8
#define LDT_ENTRY        5 /* and the TLS slots: they are those of who runs there */
#define LAST_TLS         8
#define LONG_ATTACK      1000 /* milliseconds; then the bystander must have had some rounds in it */
#define LONGEST_ROUND    500  /* of them on average */
#define HELD_AFTER       10   /* milliseconds, with what its limit lets through at first */
#define FORGED_LINE      "\nFORGED"

struct restarts {
    char name[48];
    uint32_t count;
};

static struct {
    struct restarts tenants[DOMAINS_MOST], drivers[DOMAINS_MOST];
    uint32_t tenant_count, driver_count;
    uint32_t rounds, frames; /* of the bystander */
    uint64_t nanoseconds, log;
} noted;

static uint32_t bystander;
static struct tenant_configuration known;
static struct descriptor_query gdts[CPUS_MOST];
static uint32_t cpus;
static char complaint[OUTCOME_BYTES];

static struct syscall_query rounds(void) {
    struct syscall_query query = {.count = 1};
    if (control_syscall_counts(bystander, &query) != STATUS_OK)
        query.calls[0] = query.unknown[0] = 0;
    return query;
}

static uint32_t frames_of_bystander(void) {
    struct tenant_status status = {.state = TENANT_FREE};
    control_tenant_status(bystander, &status);
    return status.memory.bound + status.memory.page_tables + status.memory.objects;
}

static uint32_t read_gdts(struct descriptor_query tables[CPUS_MOST]) {
    uint32_t count = 0;
    do
        tables[count] = (struct descriptor_query){.table = TABLE_GDT, .domain = count};
    while (control_descriptors(&tables[count]) == STATUS_OK && ++count < CPUS_MOST);
    return count;
}

static uint64_t now(void) {
    struct machine_status machine = {0};
    control_machine_status(&machine);
    return machine.nanoseconds;
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
    bystander = create_tenant(BYSTANDER, "hostile", "base", BYSTANDER_FRAMES, SECOND_VOLUME);
    for (unsigned i = 0; i < PATIENCE && rounds().calls[0] == 0; i++)
        sleep_milliseconds(1);
    control_tenant_status(bystander, &status);
    known = status.configuration;
    if (bystander_goes_on())
        return;
    printf("referee: the bystander does not start\n");
    exit(1);
}

void witness_hold_disk(bool hold) {
    struct tenant_changes limit = {
        .tenant = bystander,
        .count = 1,
        .change[0] = {.key = TENANT_DISK_OPERATIONS, .value = hold ? 1 : 0},
    };
    control_tenant_set(&limit);
    if (hold)
        sleep_milliseconds(HELD_AFTER);
}

void witness_note(void) {
    struct tenant_status tenant;
    struct driver_status driver;
    cpus = read_gdts(gdts);
    noted.rounds = rounds().calls[0];
    noted.frames = frames_of_bystander();
    noted.nanoseconds = now();
    noted.log = log_end();
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
        if (hostile_may_die && strcmp(driver.device, hostile_device) == 0)
            continue;
        if (driver.restarts == note->count)
            continue;
        snprintf(complaint, sizeof complaint, "driver %s died: %s", driver.name, driver.last_crash);
        return false;
    }
    return true;
}

static bool gdts_are_unchanged(void) {
    struct descriptor_query after[CPUS_MOST];
    read_gdts(after);
    for (uint32_t cpu = 0; cpu < cpus; cpu++)
        for (uint32_t n = 0; n < gdts[cpu].count; n++) {
            if ((n >= LDT_ENTRY && n <= LAST_TLS) || after[cpu].raw[n] == gdts[cpu].raw[n])
                continue;
            snprintf(complaint, sizeof complaint, "GDT entry %u of CPU %u changed", n, cpu);
            return false;
        }
    return true;
}

/* Every frame in use is reached by who is charged for it, and by nobody else. */
static bool books_are_right(void) {
    struct audit_result audit = {0};
    control_audit(&audit);
    if (audit.leaked == 0 && audit.foreign == 0)
        return true;
    snprintf(complaint, sizeof complaint, "%u frames leaked, %u reached by others", audit.leaked,
             audit.foreign);
    return false;
}

static bool log_is_honest(void) {
    char rest[OUTCOME_BYTES / 2];
    if (!log_find(noted.log, FORGED_LINE, rest, sizeof rest))
        return true;
    snprintf(complaint, sizeof complaint, "a line of the log is forged:%s", rest);
    return false;
}

static bool core_is_unchanged(void) {
    struct tenant_status status = {.state = TENANT_FREE};
    control_tenant_status(bystander, &status);
    if (!gdts_are_unchanged() || !log_is_honest())
        return false;
    if (memcmp(&status.configuration, &known, sizeof known) == 0)
        return true;
    snprintf(complaint, sizeof complaint, "the core's record of the bystander changed");
    return false;
}

static bool bystander_had_time(void) {
    uint64_t milliseconds = (now() - noted.nanoseconds) / 1000000;
    uint32_t done = rounds().calls[0] - noted.rounds;
    if (milliseconds < LONG_ATTACK || done >= milliseconds / LONGEST_ROUND)
        return true;
    snprintf(complaint, sizeof complaint, "the bystander had %u rounds in %u ms", done,
             (unsigned)milliseconds);
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
    else if (frames_of_bystander() != noted.frames)
        snprintf(complaint, sizeof complaint, "the bystander pays for %u frames, not %u",
                 frames_of_bystander(), noted.frames);
    else
        return true;
    return false;
}

const char *witness_complaint(bool driver_may_die, bool books_too) {
    bool well = bystander_had_time() && core_is_unchanged() && (!books_too || books_are_right()) &&
                tenants_are_well() && drivers_are_well(driver_may_die) && bystander_is_well();
    return well ? NULL : complaint;
}
