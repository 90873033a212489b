// SPDX-License-Identifier: MIT
/*
 * rfctl io: what each tenant gets from its disks, second by second. A line is the difference of two looks at the
 * core's counters, so it says what was in that second, and by how long it really was.
 */
#include "userland/lib/control.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BAR       30
#define SECOND    1000000000.0
#define PERCENT   100
#define FOREVER   0
#define SPAN_MOST 1000000

struct look {
    uint64_t nanoseconds;
    struct tenant_status tenants[TENANT_MAX];
    uint32_t count;
};

/* What came in between, of one disk; rates a second. */
struct rate {
    double requests, bytes, held; /* held: part of the time, by its limit */
    uint64_t half, most, rare,
        worst; /* latency, nanoseconds: p50, p99, p99.9 and the most lie below */
};

static bool look_at_all(struct look *look) {
    struct machine_status machine;
    if (control_machine_status(&machine) != STATUS_OK)
        return false;
    look->nanoseconds = machine.nanoseconds;
    look->count = 0;
    for (uint32_t tenant = 0;
         look->count < TENANT_MAX && control_next_tenant(&tenant, &look->tenants[look->count]);)
        look->count++;
    return true;
}

/* The same tenant in the look before; NULL: it is new, or has started afresh. */
static const struct tenant_status *before_of(const struct look *before,
                                             const struct tenant_status *now) {
    for (uint32_t i = 0; i < before->count; i++)
        if (before->tenants[i].tenant == now->tenant &&
            before->tenants[i].started_nanoseconds == now->started_nanoseconds)
            return &before->tenants[i];
    return NULL;
}

static struct rate rate_between(const struct tenant_status *old, const struct tenant_status *now,
                                int disk, double seconds) {
    static const struct tenant_status nothing;
    uint32_t latency[LATENCY_BUCKETS];
    if (!old)
        old = &nothing;
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        latency[i] = now->disk[disk].latency[i] - old->disk[disk].latency[i];
    uint64_t requests = now->disk[disk].reads + now->disk[disk].writes - old->disk[disk].reads -
                        old->disk[disk].writes;
    uint64_t bytes = now->disk[disk].bytes_read + now->disk[disk].bytes_written -
                     old->disk[disk].bytes_read - old->disk[disk].bytes_written;
    uint64_t held = now->disk[disk].throttled_nanoseconds - old->disk[disk].throttled_nanoseconds;
    return (struct rate){.requests = (double)requests / seconds,
                         .bytes = (double)bytes / seconds,
                         .held = (double)held / SECOND / seconds,
                         .half = latency_below(latency, 500),
                         .most = latency_below(latency, 990),
                         .rare = latency_below(latency, 999),
                         .worst = latency_below(latency, 1000)};
}

static void print_line(const struct tenant_status *tenant, int disk, const struct rate *rate,
                       double full) {
    char moved[SIZE_TEXT], half[DURATION_TEXT] = "-", most[DURATION_TEXT] = "-";
    int bar = full > 0 ? (int)(rate->requests * BAR / full + 0.5) : 0;
    if (rate->most) {
        duration_format(half, rate->half);
        duration_format(most, rate->most);
    }
    printf("%-16.16s %-6s %8.0f/s %9s/s  held %3.0f %%  p50 < %7s  p99 < %7s  %.*s\n",
           tenant->configuration.name, tenant->configuration.disks[disk].name, rate->requests,
           size_format(moved, (uint64_t)rate->bytes), rate->held * PERCENT, half, most, bar,
           "##############################");
}

static void print_json(const struct tenant_status *tenant, int disk, const struct rate *rate,
                       uint64_t nanoseconds) {
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "nanoseconds", (double)nanoseconds);
    cJSON_AddStringToObject(line, "tenant", tenant->configuration.name);
    cJSON_AddStringToObject(line, "disk", tenant->configuration.disks[disk].name);
    cJSON_AddNumberToObject(line, "requests", rate->requests);
    cJSON_AddNumberToObject(line, "bytes", rate->bytes);
    cJSON_AddNumberToObject(line, "held", rate->held);
    cJSON_AddNumberToObject(line, "p50_below", (double)rate->half);
    cJSON_AddNumberToObject(line, "p99_below", (double)rate->most);
    cJSON_AddNumberToObject(line, "p99.9_below", (double)rate->rare);
    cJSON_AddNumberToObject(line, "most_below", (double)rate->worst);
    char *text = cJSON_PrintUnformatted(line);
    puts(text ? text : "");
    cJSON_free(text);
    cJSON_Delete(line);
}

/* Bars are as long as the busiest disk's, and that is as long as fits. */
static double busiest(const struct look *before, const struct look *now, double seconds) {
    double most = 0;
    for (uint32_t i = 0; i < now->count; i++)
        for (int disk = 0; disk < CONFIGURATION_DISKS; disk++) {
            const struct tenant_status *tenant = &now->tenants[i];
            double one = rate_between(before_of(before, tenant), tenant, disk, seconds).requests;
            most = one > most ? one : most;
        }
    return most;
}

static void print_between(const struct look *before, const struct look *now, bool as_json) {
    double seconds = (double)(now->nanoseconds - before->nanoseconds) / SECOND;
    double full = busiest(before, now, seconds);
    for (uint32_t i = 0; i < now->count; i++)
        for (int disk = 0; disk < CONFIGURATION_DISKS; disk++) {
            const struct tenant_status *tenant = &now->tenants[i];
            if (!tenant->configuration.disks[disk].device[0])
                continue;
            struct rate rate = rate_between(before_of(before, tenant), tenant, disk, seconds);
            if (as_json)
                print_json(tenant, disk, &rate, now->nanoseconds);
            else
                print_line(tenant, disk, &rate, full);
        }
    if (!as_json)
        putchar('\n');
    fflush(stdout);
}

static int run_io(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    uint64_t rounds = FOREVER;
    if (!check_words(&io_command, count, words, 0, 1))
        return 2;
    if (count == 1 && !number_parse(words[0], 1, SPAN_MOST, &rounds))
        return fail("io: '%s' is no number of seconds from 1 to %d", words[0], SPAN_MOST);
    struct look *looks = calloc(2, sizeof *looks);
    if (!looks)
        return fail("io: out of memory");
    bool good = look_at_all(&looks[0]);
    for (uint64_t round = 1; good; round++) {
        sleep(1);
        good = look_at_all(&looks[round % 2]);
        if (good)
            print_between(&looks[(round + 1) % 2], &looks[round % 2], as_json);
        if (round == rounds)
            break;
    }
    free(looks);
    return good ? 0 : fail("io: the machine does not tell how it is");
}

const struct command io_command = {
    "io", "[SECONDS] [--json]",
    "show what each tenant gets from its disks, second by second\n\n"
    "Requests and bytes a second, the part of the time that its limit held it back, latencies "
    "from\n"
    "its submission to the answer, and a bar by requests. Without SECONDS it goes on until it is "
    "interrupted.\n"
    "With --json a line is an object; times are nanoseconds.",
    run_io};
