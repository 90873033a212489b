// SPDX-License-Identifier: MIT
/*
 * referee ATTACK…
 *
 *   PATIENCE:2:NAME[:ACCOMPLICE]      ring 2, by a tenant of that name
 *   PATIENCE:1:NAME:NUMBER:DEVICE     ring 1, by the hostile driver of that device
 *   PATIENCE:1:NAME                   ring 1, by a driver whose manifest must be refused
 *   PATIENCE:1:write_by_dma:ADDRESS   ring 1, by a device with DMA; where the GDT lies
 *   PATIENCE:3:NAME                   ring 3, by an app of the attacker's tenant
 *
 * PATIENCE is how many milliseconds it may take. For each: "begin|RING|NAME", then "result|RING|NAME|OUTCOME|HARM". No result means that the
 * machine did not survive.
 */
#include "tests/escape/referee/referee.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void sleep_milliseconds(unsigned milliseconds) {
    const struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* The console driver is the last one whose ports were in the bitmap; whoever attacks ports finds them there if no other
 * driver runs in between, and the disk's would for the bystander. */
static void wake_console(const char *line) {
    int console = open("/dev/console", O_WRONLY | O_NOCTTY);
    if (console >= 0)
        dprintf(console, "%s\n", line);
    close(console);
    sleep_milliseconds(2);
}

#define BOOKS_EVERY 8 /* attacks; and after the last one */
#define DMA_ATTACK  "write_by_dma"

unsigned patience;

static void run_attack(char ring, const char *name, const char *detail, char *outcome) {
    const char *device = strtok(NULL, ":");
    if (ring == '2')
        run_tenant_attack(name, detail, outcome);
    else if (ring == '3')
        run_app_attack(name, outcome);
    else if (strcmp(name, DMA_ATTACK) == 0)
        run_dma_attack((uint32_t)strtoul(detail, NULL, 16), outcome);
    else if (device)
        run_driver_attack(device, (unsigned)atoi(detail), outcome);
    else
        judge_manifest(name, outcome);
}

static void referee(char *attack, bool books_too) {
    char outcome[OUTCOME_BYTES] = "no outcome";
    patience = (unsigned)atoi(strtok(attack, ":"));
    char ring = *strtok(NULL, ":"), *name = strtok(NULL, ":"), *detail = strtok(NULL, ":");
    printf("begin|%c|%s\n", ring, name);
    fflush(stdout);
    bool needs_console = strstr(name, "-port") != NULL;
    if (needs_console)
        witness_hold_disk(true);
    wake_console(name);
    witness_note();
    run_attack(ring, name, detail, outcome);
    if (needs_console)
        witness_hold_disk(false);
    if (strcmp(name, DMA_ATTACK) == 0)
        witness_note(); /* the one harm that is expected: see run_dma_attack */
    const char *harm = witness_complaint(ring == '1', books_too);
    printf("result|%c|%s|%s|%s\n", ring, name, outcome, harm ? harm : "none");
    fflush(stdout);
}

int main(int count, char **words) {
    if (control_connect() < 0) {
        perror("referee: /dev/ringfence");
        return 1;
    }
    witness_start();
    for (int i = 1; i < count; i++)
        referee(words[i], i % BOOKS_EVERY == 0 || i == count - 1);
    puts("end");
    return 0;
}
