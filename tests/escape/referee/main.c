// SPDX-License-Identifier: MIT
/*
 * referee ATTACK…
 *
 *   2:NAME[:ACCOMPLICE]   ring 2, by a tenant of that name
 *   1:NAME:NUMBER         ring 1, by the hostile driver
 *   1:NAME                ring 1, by a driver whose manifest must be refused
 *   3:NAME                ring 3, by an app of the attacker's tenant
 *
 * For each: "begin|RING|NAME", then "result|RING|NAME|OUTCOME|HARM". No result means that the
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

/* The console driver is the last one whose ports were in the bitmap. */
static void wake_console(const char *line) {
    int console = open("/dev/console", O_WRONLY | O_NOCTTY);
    if (console >= 0)
        dprintf(console, "%s\n", line);
    close(console);
    sleep_milliseconds(2);
}

static void run_attack(char ring, const char *name, const char *detail, char *outcome) {
    if (ring == '2')
        run_tenant_attack(name, detail, outcome);
    else if (ring == '3')
        run_app_attack(name, outcome);
    else if (detail)
        run_driver_attack((unsigned)atoi(detail), outcome);
    else
        judge_manifest(name, outcome);
}

static void referee(char *attack) {
    char outcome[OUTCOME_BYTES] = "no outcome";
    char ring = attack[0];
    char *name = strtok(attack + 1, ":"), *detail = strtok(NULL, ":");
    printf("begin|%c|%s\n", ring, name);
    fflush(stdout);
    wake_console(name);
    witness_note();
    run_attack(ring, name, detail, outcome);
    const char *harm = witness_complaint(ring == '1');
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
        referee(words[i]);
    puts("end");
    return 0;
}
