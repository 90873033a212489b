// SPDX-License-Identifier: MIT
/*
 * referee RING SEED COUNT SECONDS
 *
 *   2   a tenant whose manager makes COUNT random gate calls (domains/hostile/random_gates.c)
 *   1   COUNT lives of the hostile driver, each of LIFE_CALLS random gate calls; a tenant submits to it at random
 *   3   an app that makes COUNT random system calls (tests/abi/random_calls.c)
 *
 * Then, with the fuzzer's tenant destroyed: all others are well, the frame audit is right, and the machine has
 * exactly the frames that it had before. Prints "result|OUTCOME|HARM"; nothing, if the machine did not survive.
 */
#include "tests/escape/referee/referee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FUZZED_DEVICE "hostile0"
#define FUZZER_FRAMES 256
#define APP_FRAMES    4096
#define VOLUME_BYTES  0x100000u
#define RANDOM_LIVES  0xC0u /* drivers/test/hostile/attack.h */
#define SEEDS         0x40u
#define TRIES_A_LIFE  8u /* of a life that does not count, on a busy host */
#define POLL          20 /* milliseconds */
#define FOREVER       4000000000u
#define SIDELINE      20 /* percent of a CPU */

struct run {
    uint32_t seed, count, seconds;
    char outcome[OUTCOME_BYTES];
};

unsigned patience = PATIENCE;

void sleep_milliseconds(unsigned milliseconds) {
    const struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static uint32_t create_fuzzer(const struct run *run, uint32_t calls, const char *device,
                              uint32_t cap) {
    struct tenant_configuration wanted = {.manager = "hostile",
                                          .image = "base",
                                          .frames = FUZZER_FRAMES,
                                          .cpu_weight = 100,
                                          .cpu_cap = cap};
    struct disk_grant *disk = &wanted.disks[0];
    uint32_t tenant;
    snprintf(wanted.name, sizeof wanted.name, "random-gates.%u.%u", run->seed, calls);
    strcpy(disk->name, "vda");
    strcpy(disk->device, device);
    disk->bytes = VOLUME_BYTES;
    disk->weight = 100;
    enum status status = control_tenant_create(&wanted, &tenant);
    if (status != STATUS_OK) {
        printf("referee: tenant %s: %s\n", wanted.name, status_text(status));
        exit(1);
    }
    return tenant;
}

static void fuzz_ring_2(struct run *run) {
    uint32_t tenant = create_fuzzer(run, run->count, "blk0", 100);
    struct tenant_status status = {.state = TENANT_RUNNING};
    for (uint64_t waited = 0; waited < run->seconds * 1000ull; waited += POLL) {
        control_tenant_status(tenant, &status);
        if (status.state == TENANT_DEAD)
            break;
        sleep_milliseconds(POLL);
    }
    snprintf(run->outcome, OUTCOME_BYTES, "%s",
             status.state == TENANT_DEAD ? status.last_death : "it is still running");
    destroy_tenant(tenant);
}

/* A life that is whole ends by the crash that its own last call is. One that the core ends for the time that it
 * takes does not count: on a host that is busy time goes on without the guest. */
static bool live_once(uint32_t seed, uint32_t seconds, struct driver_status *status) {
    uint32_t restarts = status->restarts;
    control_numbers(CONTROL_DRIVER_CRASH, status->driver, CRASH_OWN + RANDOM_LIVES + seed % SEEDS);
    for (uint64_t waited = 0; waited < seconds * 1000ull; waited += POLL) {
        sleep_milliseconds(POLL);
        control_driver_status(status->driver, status);
        if (status->restarts > restarts && status->state == DRIVER_RUNNING)
            return strstr(status->last_crash, "bad completion") != NULL;
    }
    return false;
}

static void fuzz_ring_1(struct run *run) {
    struct driver_status status;
    uint32_t life = 0, tries = 0;
    hostile_device = FUZZED_DEVICE;
    if (!control_find_driver(FUZZED_DEVICE, &status)) {
        snprintf(run->outcome, OUTCOME_BYTES, "the hostile driver is not there");
        return;
    }
    uint32_t tenant = create_fuzzer(run, FOREVER, FUZZED_DEVICE, SIDELINE);
    while (life < run->count && tries++ < TRIES_A_LIFE * run->count)
        life += live_once(run->seed + life, run->seconds, &status);
    if (life == run->count)
        snprintf(run->outcome, OUTCOME_BYTES, "refused: %u lives", life);
    else
        snprintf(run->outcome, OUTCOME_BYTES, "life %u: %s", run->seed + life, status.last_crash);
    destroy_tenant(tenant);
}

static void fuzz_ring_3(struct run *run) {
    uint32_t tenant = create_tenant(ATTACKER, "linux", ATTACKER, APP_FRAMES, false);
    char command[128];
    snprintf(command, sizeof command, "rfctl exec -T " ATTACKER " -- /random_calls %u %u",
             run->count, run->seed);
    FILE *output = popen(command, "r");
    char *line = output ? fgets(run->outcome, OUTCOME_BYTES, output) : NULL;
    int status = output ? pclose(output) : -1;
    if (line)
        run->outcome[strcspn(run->outcome, "\n")] = 0;
    else
        snprintf(run->outcome, OUTCOME_BYTES, "it says nothing, status %d", status);
    destroy_tenant(tenant);
}

static const char *audit_complaint(void) {
    static char complaint[OUTCOME_BYTES];
    struct audit_result audit;
    control_audit(&audit);
    if (audit.leaked == 0 && audit.foreign == 0 && audit.charged == audit.found)
        return NULL;
    snprintf(complaint, sizeof complaint, "audit: charged %u, found %u, leaked %u, foreign %u",
             audit.charged, audit.found, audit.leaked, audit.foreign);
    return complaint;
}

/* The operator's own memory comes and goes; what is reserved and what is free does not. */
static const char *frames_complaint(const struct machine_status *before) {
    static char complaint[OUTCOME_BYTES];
    struct machine_status now;
    control_machine_status(&now);
    if (now.frames_reserved == before->frames_reserved && now.frames_free == before->frames_free &&
        now.frames_core == before->frames_core)
        return NULL;
    snprintf(complaint, sizeof complaint, "frames: %u reserved, %u free, %u core; were %u, %u, %u",
             now.frames_reserved, now.frames_free, now.frames_core, before->frames_reserved,
             before->frames_free, before->frames_core);
    return complaint;
}

static const char *find_harm(char ring, const struct machine_status *before) {
    const char *complaint = audit_complaint();
    if (!complaint)
        complaint = frames_complaint(before);
    return complaint ? complaint : witness_complaint(ring == '1', true);
}

int main(int count, char **words) {
    struct machine_status before;
    if (count != 5 || control_connect() < 0) {
        fprintf(stderr, "usage, in the operator's tenant: referee RING SEED COUNT SECONDS\n");
        return 1;
    }
    struct run run = {(uint32_t)strtoul(words[2], NULL, 10), (uint32_t)strtoul(words[3], NULL, 10),
                      (uint32_t)strtoul(words[4], NULL, 10), "no outcome"};
    char ring = words[1][0];
    witness_start();
    witness_note();
    control_machine_status(&before);
    if (ring == '2')
        fuzz_ring_2(&run);
    else if (ring == '1')
        fuzz_ring_1(&run);
    else
        fuzz_ring_3(&run);
    const char *harm = find_harm(ring, &before);
    printf("result|%s|%s\n", run.outcome, harm ? harm : "none");
    return 0;
}
