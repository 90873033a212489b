// SPDX-License-Identifier: MIT
/*
 * Ring 3: the program /attack, in a tenant with the Linux personality. Its manager is a bundle entry of its own, so
 * that a control can weaken it alone.
 */
#include "tests/escape/referee/referee.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define APP_FRAMES 2048

static void start_tenant(void) {
    static bool started;
    if (!started)
        create_tenant(ATTACKER, "attacked", ATTACKER, APP_FRAMES, NO_VOLUME);
    started = true;
}

void run_app_attack(const char *name, char outcome[OUTCOME_BYTES]) {
    char command[128];
    start_tenant();
    snprintf(command, sizeof command, "rfctl exec -T " ATTACKER " -- /attack %s", name);
    FILE *output = popen(command, "r");
    char *line = output ? fgets(outcome, OUTCOME_BYTES, output) : NULL;
    int status = output ? pclose(output) : -1;
    if (line)
        outcome[strcspn(outcome, "\n")] = 0;
    else
        snprintf(outcome, OUTCOME_BYTES, "the attack says nothing, status %d", status);
}
