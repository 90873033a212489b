// SPDX-License-Identifier: MIT
/*
 * The referee: a program in the operator's tenant that has attacks done, one after the other, and
 * looks after each whether anybody but the attacker came to harm.
 */
#ifndef TESTS_ESCAPE_REFEREE_H
#define TESTS_ESCAPE_REFEREE_H

#include "userland/lib/control.h"

#include <stdbool.h>
#include <stdint.h>

#define OUTCOME_BYTES 160
#define PATIENCE      10000      /* milliseconds for what must happen */
#define ATTACKER      "attacker" /* the tenant whose apps attack from ring 3 */

/* Each runs one attack and says in `outcome` how it ended: the core's words about a death, or the
 * attacker's own, which begin with "escaped: " or "refused: ". */
void run_tenant_attack(const char *name, const char *accomplice, char outcome[OUTCOME_BYTES]);
void run_driver_attack(const char *device, unsigned number, char outcome[OUTCOME_BYTES]);
void run_app_attack(const char *name, char outcome[OUTCOME_BYTES]);
/* By a device with DMA, to the GDT at this bus address: only where the core said so before. */
void run_dma_attack(uint32_t gdt, char outcome[OUTCOME_BYTES]);
/* A driver that must not have been loaded at all. */
void judge_manifest(const char *driver, char outcome[OUTCOME_BYTES]);

/* Milliseconds for the attack to end. */
extern unsigned patience;

/* Of the driver that attacks. */
extern const char *hostile_device;

/* Of the disk; each is one tenant's at a time. */
enum volume { NO_VOLUME, FIRST_VOLUME, SECOND_VOLUME };

/* Creates a tenant of this name; its number. Ends the program if the core refuses. */
uint32_t create_tenant(const char *name, const char *manager, const char *image, unsigned frames,
                       enum volume volume);
void destroy_tenant(uint32_t tenant); /* and waits until it is gone */
void sleep_milliseconds(unsigned milliseconds);

/* Where the log ends now. */
uint64_t log_end(void);
/* The rest of the first line from `position` on that holds `text`, from behind it; false: none. */
bool log_find(uint64_t position, const char *text, char *rest, unsigned room);

/* The witness: starts the bystander, then notes the state of all before an attack and compares
 * after it; `driver_may_die` allows the hostile driver to. NULL: nobody came to harm. The books are long, so they are
 * looked through when somebody asks for it. */
void witness_start(void);
/* The bystander reads its disk hardly at all, or again as always. */
void witness_hold_disk(bool hold);
void witness_note(void);
const char *witness_complaint(bool driver_may_die, bool books_too);

#endif
