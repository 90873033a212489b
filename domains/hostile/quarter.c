// SPDX-License-Identifier: MIT
/*
 * Inside the manager's own quarter: what the core put there is read-only, no page of data is code,
 * and an app's page is no code for ring 2. Page tables hold these under either fence.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"

#define RETURN   0xC3u /* ret */
#define APP_PAGE 0x400000u

/* Whoever writes its own LDT makes its own call gate into ring 0. */
static void write_ldt(void) {
    touch_word(MANAGER_LDT);
}

/* The information page is the core's word about the tenant: its quota, its images, its devices. */
static void write_information(void) {
    touch_word(MANAGER_INFORMATION);
}

/* The text's frames are those of every tenant with this manager. */
static void write_shared_text(void) {
    touch_word(MANAGER_BASE);
}

static void call(uint32_t address) {
    __asm__ volatile("call *%0" : : "r"(address) : "memory");
}

static void execute_data(void) {
    static uint8_t code[16];
    code[0] = RETURN;
    call((uint32_t)code);
}

/* An app must not get its manager to run the app's code with the manager's rights (SMEP). */
static void execute_app(void) {
    uint32_t frame = take_frame(), space = space_create().value;
    const struct map_entry page = {APP_PAGE | MAP_PRESENT | MAP_EXECUTE, frame};
    *(uint8_t *)frame_at(frame) = RETURN;
    if (space_map(space, &page, 1) != STATUS_OK || space_activate(space) != STATUS_OK)
        refused("no page to execute");
    call(APP_PAGE);
}

const struct attack quarter_attacks[] = {
    {"write-ldt", write_ldt},
    {"write-information", write_information},
    {"write-shared-text", write_shared_text},
    {"execute-data", execute_data},
    {"execute-app", execute_app},
    {0, 0},
};
