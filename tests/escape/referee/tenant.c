// SPDX-License-Identifier: MIT
/*
 * Ring 2: a tenant of the attack's name, whose manager runs it and dies one way or the other.
 */
#include "tests/escape/referee/referee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTACKER_FRAMES  256
#define VOLUME_BYTES     0x100000u
#define ACCOMPLICE_START 500 /* milliseconds to do its part */

static uint32_t cpu_count(void) {
    struct machine_status machine = {.cpu_count = 1};
    control_machine_status(&machine);
    return machine.cpu_count;
}

/* domains/hostile/network.c: who listens, and whom it hears. */
static bool is_listener(const char *name) {
    return strncmp(name, "hear-", 5) == 0 || strncmp(name, "receive-past", 12) == 0;
}

static bool is_speaker(const char *name) {
    return strncmp(name, "net-", 4) == 0;
}

/* Whether the two may talk is what the attack is about, or it needs it. */
static bool needs_leave(const char *name) {
    return (is_listener(name) && strcmp(name, "hear-neighbour") != 0) ||
           strstr(name, "-link") != NULL;
}

static void grant_network(struct tenant_configuration *wanted) {
    struct driver_status card;
    if ((!is_listener(wanted->name) && !is_speaker(wanted->name)) ||
        !control_find_driver("net0", &card))
        return;
    strcpy(wanted->network.device, "net0");
    wanted->network.weight = 100;
    wanted->network.burst_milliseconds = 100;
    const uint8_t hardware[NETWORK_ADDRESS] = {0x02, 'R', 'F',
                                               0,    0,   is_speaker(wanted->name) ? 2 : 1};
    memcpy(wanted->network.identity.hardware, hardware, sizeof hardware);
}

uint32_t create_tenant(const char *name, const char *manager, const char *image, unsigned frames,
                       enum volume volume) {
    struct tenant_configuration wanted = {
        .frames = frames, .cpu_weight = 100, .cpu_cap = 100 * cpu_count()};
    struct disk_grant *disk = &wanted.disks[0];
    uint32_t tenant;
    strcpy(wanted.name, name);
    strcpy(wanted.manager, manager);
    strcpy(wanted.image, image);
    if (volume != NO_VOLUME) {
        strcpy(disk->name, "vda");
        strcpy(disk->device, "blk0");
        disk->offset = volume == SECOND_VOLUME ? VOLUME_BYTES : 0;
        disk->bytes = VOLUME_BYTES;
        disk->weight = 100;
    }
    grant_network(&wanted);
    enum status status = control_tenant_create(&wanted, &tenant);
    if (status != STATUS_OK) {
        printf("referee: tenant %s: %s\n", name, status_text(status));
        exit(1);
    }
    return tenant;
}

void destroy_tenant(uint32_t tenant) {
    struct tenant_status status;
    control_numbers(CONTROL_TENANT_DESTROY, tenant, 0);
    for (unsigned i = 0; i < PATIENCE; i++) {
        if (control_tenant_status(tenant, &status) != STATUS_OK)
            return;
        sleep_milliseconds(1);
    }
    printf("referee: tenant %u does not go away\n", tenant);
}

static bool wait_for_death(uint32_t tenant, unsigned milliseconds, struct tenant_status *status) {
    for (unsigned i = 0; i < milliseconds; i++) {
        control_tenant_status(tenant, status);
        if (status->state == TENANT_DEAD)
            return true;
        sleep_milliseconds(1);
    }
    return false;
}

/* An accomplice that has ended its part goes; its frames are then the next to be given out. */
static uint32_t start_accomplice(const char *name, bool *stays) {
    struct tenant_status status;
    uint32_t tenant = create_tenant(name, "hostile", "base", ATTACKER_FRAMES, NO_VOLUME);
    *stays = !wait_for_death(tenant, ACCOMPLICE_START, &status);
    if (!*stays)
        destroy_tenant(tenant);
    return tenant;
}

void run_tenant_attack(const char *name, const char *accomplice, char outcome[OUTCOME_BYTES]) {
    struct tenant_status status;
    bool stays = false;
    uint32_t helper = accomplice ? start_accomplice(accomplice, &stays) : 0;
    uint32_t tenant = create_tenant(name, "hostile", "base", ATTACKER_FRAMES, FIRST_VOLUME);
    if (stays && needs_leave(name))
        control_network_allow(tenant, helper, true);
    if (wait_for_death(tenant, patience, &status))
        snprintf(outcome, OUTCOME_BYTES, "%s", status.last_death);
    else
        snprintf(outcome, OUTCOME_BYTES, "it is still running");
    destroy_tenant(tenant);
    if (stays && wait_for_death(helper, 1, &status))
        snprintf(outcome, OUTCOME_BYTES, "%s died: %s", accomplice, status.last_death);
    if (stays)
        destroy_tenant(helper);
}
