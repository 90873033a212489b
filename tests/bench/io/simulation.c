// SPDX-License-Identifier: MIT
/*
 * The IO schedule with many tenants at one made-up device, and what a decision costs on this host:
 * `simulation [TENANTS [SECONDS]]`.
 *
 * A tenth of the tenants has a reservation, a tenth a limit; weights are 1 to 10,000. Half of them want something all
 * the time, the others come and go. The device does one request after another, a read of 4 KiB in 10 µs. Printed is
 * what must hold, with the figure: `ok` or `NOT`. Exit status 1 if something does not.
 */
#include "kernel/io/cost.h"
#include "kernel/io/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SECOND      1000000000ull
#define MILLISECOND 1000000ull
#define TENANTS     10000u
#define SECONDS     20u
#define READ_COST   10000u /* 100,000 a second */
#define RESERVED    80000u /* a second, of all */
#define NAP_MOST    200u   /* milliseconds */
#define BURST       (100 * MILLISECOND)

static const struct cost_model model = {
    .base = {{READ_COST - 4000, 1000}, {2 * READ_COST, READ_COST}},
    .per_megabyte = {1024000, 1024000}, /* 4 µs for 4 KiB */
};

struct tenant {
    struct flow flow;
    bool naps;
    struct heap_node next_change; /* of those that nap: wants, or rests */
    uint64_t requests, cost;
};

static struct tenant *tenants;
static struct schedule schedule;
static struct heap changes;
static uint32_t count;
static uint64_t now, idle, decisions;
static double decision_seconds;
static bool all_hold = true;

static void *room(size_t bytes) {
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fputs("simulation: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void make_tenant(uint32_t n, uint32_t reservation) {
    struct tenant *tenant = &tenants[n];
    tenant->flow.weight = 1 + (uint32_t)rand() % WEIGHT_MAX;
    tenant->flow.reservation = n % 10 == 0 ? reservation : 0;
    tenant->naps = n % 2 == 1;
    limit_set(&tenant->flow.limit, now, n % 10 == 4 ? 20 : 0, 0, BURST);
    schedule_wants(&schedule, &tenant->flow, now);
    if (tenant->naps)
        heap_insert(&changes, &tenant->next_change,
                    now + (uint64_t)rand() % NAP_MOST * MILLISECOND);
}

static void start(void) {
    now = 1000 * SECOND;
    tenants = room(count * sizeof *tenants);
    schedule = (struct schedule){
        .due = {room((count + 1) * sizeof(struct heap_node *)), 0},
        .ready = {room((count + 1) * sizeof(struct heap_node *)), 0},
        .held = {room((count + 1) * sizeof(struct heap_node *)), 0},
        .reference = cost_of_reference(&model),
    };
    changes = (struct heap){room((count + 1) * sizeof(struct heap_node *)), 0};
    uint32_t reserving = (count + 9) / 10;
    for (uint32_t n = 0; n < count; n++)
        make_tenant(n, RESERVED / reserving);
}

static void let_nappers_change(void) {
    struct heap_node *first;
    while ((first = heap_first(&changes)) != NULL && first->key <= now) {
        struct tenant *tenant = HEAP_OWNER(first, struct tenant, next_change);
        if (tenant->flow.state == FLOW_RESTS)
            schedule_wants(&schedule, &tenant->flow, now);
        else
            schedule_rests(&schedule, &tenant->flow, now);
        heap_change(&changes, first, now + (1 + (uint64_t)rand() % NAP_MOST) * MILLISECOND);
    }
}

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void serve_one(void) {
    let_nappers_change();
    bool writes = rand() % 4 == 0;
    uint32_t bytes = 4096u << (uint32_t)rand() % 3, cost = cost_of(&model, writes, false, bytes);
    double before = seconds_now();
    struct flow *flow = schedule_next(&schedule, now);
    if (flow != NULL)
        schedule_charge(&schedule, flow, now, cost, bytes);
    decision_seconds += seconds_now() - before;
    decisions++;
    if (flow == NULL) {
        idle += READ_COST;
        now += READ_COST;
        return;
    }
    struct tenant *tenant = HEAP_OWNER(flow, struct tenant, flow);
    tenant->requests++;
    tenant->cost += cost;
    now += cost;
}

static void report(const char *what, bool holds, double figure, const char *unit) {
    printf("%-72s %10.3f %-10s %s\n", what, figure, unit, holds ? "ok" : "NOT");
    all_hold = all_hold && holds;
}

/* The least of what those with a reservation got that always wanted something, to what they have reserved. */
static void judge_reservations(double seconds) {
    double least = 1e9;
    for (uint32_t n = 0; n < count; n += 10) {
        double should = tenants[n].flow.reservation * seconds * READ_COST;
        if (tenants[n].flow.reservation != 0 && (double)tenants[n].cost / should < least)
            least = (double)tenants[n].cost / should;
    }
    report("reservations, backlogged: least of what was got to what is reserved", least >= 0.98,
           least, "");
}

/* Among those that always want something and have neither reservation nor limit. */
static void judge_weights(void) {
    double weights = 0, cost = 0, worst = 0;
    for (uint32_t n = 2; n < count; n += 10) {
        weights += tenants[n].flow.weight;
        cost += (double)tenants[n].cost;
    }
    for (uint32_t n = 2; n < count; n += 10) {
        double should = cost * tenants[n].flow.weight / weights;
        double off = ((double)tenants[n].cost - should) / (2.0 * READ_COST + 16000);
        worst = off > worst ? off : off < -worst ? -off : worst;
    }
    report("weights: furthest from a fair part, in requests of the dearest kind", worst <= 1.5,
           worst, "requests");
}

static void judge_limits(double seconds) {
    double most = 0;
    for (uint32_t n = 4; n < count; n += 10) {
        double may = 20 * (seconds + (double)BURST / SECOND) + 1;
        if ((double)tenants[n].requests / may > most)
            most = (double)tenants[n].requests / may;
    }
    report("limits: most of what went to limit * time + burst + 1", most <= 1, most, "");
}

int main(int argc, char **argv) {
    count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : TENANTS;
    uint32_t seconds = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : SECONDS;
    if (count < 10 || count > 1000000 || seconds == 0) {
        fputs("usage: simulation [TENANTS [SECONDS]]    at least 10, at most 1000000 tenants\n",
              stderr);
        return 2;
    }
    start();
    for (uint64_t end = now + seconds * SECOND; now < end;)
        serve_one();
    printf("%u tenants, %u s, %llu requests, %u reserved reads a second of %u\n", count, seconds,
           (unsigned long long)decisions, RESERVED, cost_capacity(&model));
    judge_reservations(seconds);
    judge_weights();
    judge_limits(seconds);
    report("the device rested while somebody wanted something", idle == 0, (double)idle / 1e9, "s");
    printf("%-72s %10.0f ns\n", "a decision and its charge, two readings of the clock included",
           decision_seconds * 1e9 / (double)decisions);
    return all_hold ? 0 : 1;
}
