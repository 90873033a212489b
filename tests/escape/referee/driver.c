// SPDX-License-Identifier: MIT
/*
 * Ring 1: the hostile driver attacks on command. It dies, and the core says why, or it says in the
 * log how it went.
 */
#include "tests/escape/referee/referee.h"

#include <stdio.h>
#include <string.h>

#define READY_PATIENCE 5000 /* milliseconds, backoff included */
#define REST_BYTES     140  /* of a line behind what was looked for */
#define LAST_LINES     20   /* milliseconds in which a fresh copy may find itself infected */

#define FREE_ENTRY 10 /* of the GDT: at a multiple of 16 bytes, and nobody's */
#define DMA_DEVICE "dma0"
#define DMA_WRITE  16 /* what its driver calls a write; below are four bits of the address */
#define DMA_MOMENT 20 /* milliseconds for a device to write */
#define NIBBLES    8

const char *hostile_device = "";
static char hostile_name[DRIVER_NAME];

uint64_t log_end(void) {
    struct log_query query = {.tenant = UINT32_MAX};
    do
        query.bytes = sizeof query.text;
    while (control_log_read(&query) == STATUS_OK && query.bytes > 0);
    return query.position;
}

bool log_find(uint64_t position, const char *text, char *rest, unsigned room) {
    static char log[65536];
    struct log_query query = {.position = position, .tenant = UINT32_MAX};
    size_t used = 0;
    for (;;) {
        query.bytes = sizeof query.text;
        if (control_log_read(&query) != STATUS_OK || query.bytes == 0 ||
            used + query.bytes >= sizeof log)
            break;
        memcpy(log + used, query.text, query.bytes);
        used += query.bytes;
    }
    log[used] = 0;
    const char *found = strstr(log, text);
    if (!found)
        return false;
    found += strlen(text);
    snprintf(rest, room, "%.*s", (int)strcspn(found, "\n"), found);
    return true;
}

static bool wait_until_ready(struct driver_status *status) {
    for (unsigned i = 0; i < READY_PATIENCE; i++) {
        if (control_find_driver(hostile_device, status) && status->state == DRIVER_RUNNING)
            return true;
        sleep_milliseconds(1);
    }
    return false;
}

static bool says(uint64_t position, const char *verdict, char outcome[OUTCOME_BYTES]) {
    char text[32], rest[REST_BYTES];
    snprintf(text, sizeof text, "%s: %s: ", hostile_name, verdict);
    if (!log_find(position, text, rest, sizeof rest))
        return false;
    snprintf(outcome, OUTCOME_BYTES, "%s: %s", verdict, rest);
    return true;
}

static bool has_ended(uint64_t position, uint32_t restarts, char outcome[OUTCOME_BYTES]) {
    struct driver_status now;
    if (says(position, "escaped", outcome) || says(position, "refused", outcome))
        return true;
    if (!control_find_driver(hostile_device, &now) || now.restarts == restarts ||
        !wait_until_ready(&now))
        return false;
    sleep_milliseconds(LAST_LINES);
    if (!says(position, "escaped", outcome))
        snprintf(outcome, OUTCOME_BYTES, "%s", now.last_crash);
    return true;
}

/* A restart that was asked for clears the backoff that its crash has earned. */
static void start_afresh(void) {
    struct driver_status status;
    if (!wait_until_ready(&status))
        return;
    control_numbers(CONTROL_DRIVER_RESTART, status.driver, 0);
    wait_until_ready(&status);
}

void run_driver_attack(const char *device, unsigned number, char outcome[OUTCOME_BYTES]) {
    struct driver_status before;
    hostile_device = device;
    uint64_t position = log_end();
    if (!wait_until_ready(&before)) {
        snprintf(outcome, OUTCOME_BYTES, "the hostile driver is not there");
        return;
    }
    memcpy(hostile_name, before.name, sizeof hostile_name);
    control_numbers(CONTROL_DRIVER_CRASH, before.driver, CRASH_OWN + number);
    bool ended = false;
    for (unsigned i = 0; i < patience && !ended; i++) {
        sleep_milliseconds(1);
        ended = has_ended(position, before.restarts, outcome);
    }
    if (!ended)
        snprintf(outcome, OUTCOME_BYTES, "it is still running");
    start_afresh();
}

/* ---- DMA ---- */

static uint64_t free_entry(void) {
    struct descriptor_query gdt = {.table = TABLE_GDT};
    control_descriptors(&gdt);
    return gdt.raw[FREE_ENTRY];
}

static void tell(uint32_t driver, unsigned number) {
    while (control_numbers(CONTROL_DRIVER_CRASH, driver, CRASH_OWN + number) == STATUS_BUSY)
        sleep_milliseconds(1);
    sleep_milliseconds(DMA_MOMENT);
}

void run_dma_attack(uint32_t gdt, char outcome[OUTCOME_BYTES]) {
    struct driver_status driver;
    uint32_t target = gdt + FREE_ENTRY * 8;
    uint64_t before = free_entry();
    hostile_device = DMA_DEVICE;
    if (!wait_until_ready(&driver)) {
        snprintf(outcome, OUTCOME_BYTES, "there is no device with DMA");
        return;
    }
    for (unsigned i = NIBBLES; i-- > 0;)
        tell(driver.driver, target >> (4 * i) & 15);
    tell(driver.driver, DMA_WRITE);
    if (free_entry() == before)
        snprintf(outcome, OUTCOME_BYTES, "refused: nothing was written");
    else if (driver.dma_unfenced)
        snprintf(
            outcome, OUTCOME_BYTES,
            "unfenced: a device wrote to the GDT at %x; rfctl drivers said before that it could",
            target);
    else
        snprintf(outcome, OUTCOME_BYTES, "escaped: a device wrote to the GDT at %x", target);
    start_afresh();
}

void judge_manifest(const char *driver, char outcome[OUTCOME_BYTES]) {
    char text[48], rest[REST_BYTES];
    snprintf(text, sizeof text, "driver %s: refused: ", driver);
    if (log_find(0, text, rest, sizeof rest)) {
        snprintf(outcome, OUTCOME_BYTES, "refused: %s", rest);
        return;
    }
    snprintf(text, sizeof text, "%s: escaped: ", driver);
    if (log_find(0, text, rest, sizeof rest))
        snprintf(outcome, OUTCOME_BYTES, "escaped: %s", rest);
    else
        snprintf(outcome, OUTCOME_BYTES, "the log says nothing of it");
}
