// SPDX-License-Identifier: MIT
/*
 * Links (kernel/abi/link.h): memory of another tenant's that the attacker may see for a while, and a doorbell.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#define TENANTS   64u
#define PATIENCE  1000u /* milliseconds */
#define DATA_WORD (PAGE_SIZE / 4)
#define RINGS     20000u

static volatile uint32_t *word_of(uint32_t link) {
    return (volatile uint32_t *)link_address(link) + DATA_WORD;
}

static uint32_t state_of(uint32_t link) {
    struct link_description description = {0};
    link_describe(link, &description);
    return description.state;
}

/* ---- Accomplices ---- */

/* To whomever it may: the operator lets it talk to the attacker alone. */
static uint32_t offer_to_anybody(void) {
    for (;; sleep_milliseconds(1))
        for (uint32_t tenant = 0; tenant < TENANTS; tenant++) {
            struct gate_answer answer = link_offer(tenant, 0, 0);
            if (answer.status == STATUS_OK)
                return answer.value;
        }
}

/* Shows a secret, and when the other has taken it, takes it back: its frames are then somebody else's. */
static void show_and_close(void) {
    uint32_t link = offer_to_anybody();
    *word_of(link) = SECRET_WORD;
    while (state_of(link) != LINK_OPEN)
        sleep_milliseconds(1);
    sleep_milliseconds(100);
    link_close(link);
    for (;;)
        sleep_milliseconds(PATIENCE);
}

/* ---- Attacks ---- */

static void offer_to_stranger(void) {
    enum status status = STATUS_OK;
    for (uint32_t tenant = 0; tenant < TENANTS; tenant++)
        if ((status = link_offer(tenant, 0, 0).status) == STATUS_OK)
            escaped("tenant %u has to do with it", tenant);
    refused("status %u", status);
}

static uint32_t accept_link(void) {
    struct gate_answer answer;
    for (uint32_t waited = 0; (answer = link_accept()).status != STATUS_OK; waited++) {
        if (waited == PATIENCE)
            refused("no link is offered");
        sleep_milliseconds(1);
    }
    return answer.value;
}

static void read_after_link_ends(void) {
    uint32_t link = accept_link();
    for (uint32_t waited = 0; *word_of(link) != SECRET_WORD; waited++, sleep_milliseconds(1))
        if (waited == PATIENCE)
            refused("it sees nothing");
    while (state_of(link) == LINK_OPEN)
        sleep_milliseconds(1);
    if (*word_of(link) == SECRET_WORD)
        escaped("it still sees the other's memory");
    uint32_t seen = *word_of(link);
    *word_of(link) = SECRET_WORD; /* harms nobody now */
    refused("it sees %x", seen);
}

/* Offers all that it can, and rings until nobody else can have a say. */
static void flood_links(void) {
    uint32_t link = accept_link(), count = 0;
    struct link_description description = {0};
    link_describe(link, &description);
    while (link_offer(description.tenant, 0, 0).status == STATUS_OK)
        count++;
    for (uint32_t n = 0; n < RINGS; n++)
        link_ring(n % LINKS_MOST);
    if (count >= LINKS_MOST)
        escaped("%u links", count);
    refused("%u links", count);
}

/* ---- As much as there can be, for how long it keeps the core (tests/guest/interrupts_off.py) ---- */

#define ROUNDS 4u

static uint32_t offer_all(uint32_t links[LINKS_MOST], uint32_t tenant) {
    uint32_t count = 0;
    struct gate_answer answer;
    while (count < LINKS_MOST && (answer = link_offer(tenant, 0, 0)).status == STATUS_OK)
        links[count++] = answer.value;
    return count;
}

/* Dies with all of them open. */
static void offer_many(void) {
    uint32_t links[LINKS_MOST], first = offer_to_anybody(), count = 0;
    struct link_description description = {0};
    link_describe(first, &description);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        count = offer_all(links, description.tenant);
        sleep_milliseconds(100);
        for (uint32_t n = 0; n < count && round + 1 < ROUNDS; n++)
            link_close(links[n]);
    }
    refused("%u links", count);
}

static void take_many(void) {
    uint32_t count = 0;
    for (uint32_t waited = 0; waited < PATIENCE; waited++, sleep_milliseconds(1))
        while (link_accept().status == STATUS_OK)
            count++;
    refused("%u links", count);
}

const struct attack link_attacks[] = {
    {"offer-to-stranger", offer_to_stranger},
    {"read-after-link-ends", read_after_link_ends},
    {"flood-links", flood_links},
    {"link-show-and-close", show_and_close},
    {"link-many", offer_many},
    {"link-take", take_many},
    {0, 0},
};
