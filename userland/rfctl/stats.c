// SPDX-License-Identifier: MIT
/*
 * rfctl stats: the machine's counters, or one tenant's.
 */
#include "kernel/abi/layout.h"
#include "userland/lib/control.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>

#define QUERY_CALLS  64
#define SYSTEM_CALLS 512

/* ---- The machine ----------------------------------------------------------------------------- */

static void print_machine(const struct machine_status *machine) {
    char total[SIZE_TEXT], reserved[SIZE_TEXT], left[SIZE_TEXT], core[SIZE_TEXT];
    char up[DURATION_TEXT], idle[DURATION_TEXT], longest[DURATION_TEXT], waited[DURATION_TEXT];
    printf("up:               %s, of that idle %s, on %u CPU%s\n",
           duration_format(up, machine->nanoseconds),
           duration_format(idle, machine->idle_nanoseconds), machine->cpu_count,
           machine->cpu_count == 1 ? "" : "s");
    printf("memory:           %s: reserved %s, free %s, core %s\n",
           size_format(total, (uint64_t)machine->frames_total * PAGE_SIZE),
           size_format(reserved, (uint64_t)machine->frames_reserved * PAGE_SIZE),
           size_format(left, (uint64_t)machine->frames_free * PAGE_SIZE),
           size_format(core, (uint64_t)machine->frames_core * PAGE_SIZE));
    printf("upcalls:          %llu\ncontext switches: %llu\ninterrupts:       %llu\n",
           (unsigned long long)machine->upcalls, (unsigned long long)machine->context_switches,
           (unsigned long long)machine->interrupts);
    printf("domain switches:  %llu, with %llu predictor barriers\nmitigations:      %s\n",
           (unsigned long long)machine->domain_switches,
           (unsigned long long)machine->predictor_barriers, machine->mitigations);
    printf("interrupts off:   at most %s (%llu ticks)\n",
           duration_format(longest, machine->longest_interrupts_off_nanoseconds),
           (unsigned long long)machine->longest_interrupts_off);
    printf("core lock:        waited for %llu times, %s in all\n",
           (unsigned long long)machine->lock_waits,
           duration_format(waited, machine->lock_wait_nanoseconds));
}

static cJSON *machine_json(const struct machine_status *machine) {
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {
        {"nanoseconds", machine->nanoseconds},
        {"idle", machine->idle_nanoseconds},
        {"cpus", machine->cpu_count},
        {"frames", machine->frames_total},
        {"frames_reserved", machine->frames_reserved},
        {"frames_free", machine->frames_free},
        {"frames_core", machine->frames_core},
        {"upcalls", machine->upcalls},
        {"context_switches", machine->context_switches},
        {"interrupts", machine->interrupts},
        {"lock_waits", machine->lock_waits},
        {"lock_wait", machine->lock_wait_nanoseconds},
        {"domain_switches", machine->domain_switches},
        {"predictor_barriers", machine->predictor_barriers},
        {"longest_interrupts_off", machine->longest_interrupts_off_nanoseconds},
        {"longest_interrupts_off_ticks", machine->longest_interrupts_off},
    };
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        cJSON_AddNumberToObject(object, numbers[i].key, (double)numbers[i].value);
    cJSON_AddStringToObject(object, "mitigations", machine->mitigations);
    return object;
}

/* ---- A tenant -------------------------------------------------------------------------------- */

static void print_latency(const char *indent, const uint32_t buckets[LATENCY_BUCKETS]) {
    uint32_t most = 0;
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        most = buckets[i] > most ? buckets[i] : most;
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        if (buckets[i]) {
            char bound[DURATION_TEXT];
            int bar = (int)((uint64_t)buckets[i] * 40 / most);
            printf("%sbelow %7s %10u %.*s\n", indent, duration_format(bound, (2ull << i) * 1000),
                   buckets[i], bar, "########################################");
        }
}

static void print_disk(const struct tenant_status *status, int index) {
    const struct disk_grant *grant = &status->configuration.disks[index];
    char size[SIZE_TEXT], read[SIZE_TEXT], written[SIZE_TEXT], bandwidth[SIZE_TEXT];
    const uint32_t *latency = status->disk[index].latency;
    char throttled[DURATION_TEXT], half[DURATION_TEXT], most[DURATION_TEXT], rare[DURATION_TEXT],
        worst[DURATION_TEXT];
    printf("disk %s:         %s on %s, %u reads a second reserved, weight %u; at most %u requests "
           "and %s a second (0: no limit), and %u ms of them at once\n",
           grant->name, size_format(size, grant->bytes), grant->device, grant->reservation,
           grant->weight, grant->operations_per_second,
           size_format(bandwidth, grant->bytes_per_second), grant->burst_milliseconds);
    printf("                  %llu reads of %s, %llu writes of %s, held back %s\n",
           (unsigned long long)status->disk[index].reads,
           size_format(read, status->disk[index].bytes_read),
           (unsigned long long)status->disk[index].writes,
           size_format(written, status->disk[index].bytes_written),
           duration_format(throttled, status->disk[index].throttled_nanoseconds));
    printf("                  latency: p50 below %s, p99 below %s, p99.9 below %s, all below %s\n",
           duration_format(half, latency_below(latency, 500)),
           duration_format(most, latency_below(latency, 990)),
           duration_format(rare, latency_below(latency, 999)),
           duration_format(worst, latency_below(latency, 1000)));
    print_latency("                    ", latency);
}

static void print_tenant(const struct tenant_status *status) {
    const struct memory_status *memory = &status->memory;
    char size[SIZE_TEXT], time[DURATION_TEXT], throttled[DURATION_TEXT];
    printf("tenant:           %s, %s, restarted %u times\n", status->configuration.name,
           tenant_state_text(status->state), status->restarts);
    if (status->last_death[0])
        printf("last death:       %s\n", status->last_death);
    printf("memory:           %s reserved (%u frames): data %u, page tables %u, objects %u; "
           "at most %u\n",
           size_format(size, (uint64_t)memory->reserved * PAGE_SIZE), memory->reserved,
           memory->bound, memory->page_tables, memory->objects, memory->peak);
    printf("shared:           %u image pages mapped, charged to the operator\n",
           memory->image_pages);
    printf("cpu:              %s used, held back %s, %llu wake-ups\n",
           duration_format(time, status->cpu_nanoseconds),
           duration_format(throttled, status->throttled_nanoseconds),
           (unsigned long long)status->wakeups);
    printf("objects:          %u threads, %u spaces, %u channels\n", status->threads,
           status->spaces, status->channels);
    for (int i = 0; i < CONFIGURATION_DISKS; i++)
        if (status->configuration.disks[i].device[0])
            print_disk(status, i);
}

/* ---- System calls ---------------------------------------------------------------------------- */

typedef void each_call(void *context, uint32_t number, uint32_t calls, uint32_t unknown);

static void for_each_call(uint32_t tenant, each_call *each, void *context) {
    for (uint32_t first = 0; first < SYSTEM_CALLS; first += QUERY_CALLS) {
        struct syscall_query query = {.first = first, .count = QUERY_CALLS};
        if (control_syscall_counts(tenant, &query) != STATUS_OK)
            return;
        for (uint32_t i = 0; i < QUERY_CALLS; i++)
            if (query.calls[i])
                each(context, first + i, query.calls[i], query.unknown[i]);
    }
}

struct call_sum {
    uint64_t calls;
    struct table unknown;
};

static void add_call(void *context, uint32_t number, uint32_t calls, uint32_t unknown) {
    struct call_sum *sum = context;
    sum->calls += calls;
    if (unknown)
        table_add(&sum->unknown, "%u\t%u", number, unknown);
}

static void print_calls(uint32_t tenant) {
    struct call_sum sum = {0};
    table_add(&sum.unknown, ">UNKNOWN CALL\t>TIMES");
    for_each_call(tenant, add_call, &sum);
    printf("system calls:     %llu\n", (unsigned long long)sum.calls);
    if (sum.unknown.count > 1)
        table_print(&sum.unknown);
}

static void add_call_json(void *context, uint32_t number, uint32_t calls, uint32_t unknown) {
    cJSON *call = cJSON_CreateObject();
    cJSON_AddNumberToObject(call, "number", number);
    cJSON_AddNumberToObject(call, "calls", calls);
    cJSON_AddNumberToObject(call, "unknown", unknown);
    cJSON_AddItemToArray(context, call);
}

/* ---- The command ----------------------------------------------------------------------------- */

static int stats_of_machine(bool as_json) {
    struct machine_status machine;
    enum status status = control_machine_status(&machine);
    if (status != STATUS_OK)
        return fail("stats: %s", status_text(status));
    if (as_json)
        json_print(machine_json(&machine));
    else
        print_machine(&machine);
    return 0;
}

static int run_stats(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct tenant_status tenant;
    if (!check_words(&stats_command, count, words, 0, 1))
        return 2;
    if (count == 0)
        return stats_of_machine(as_json);
    if (!need_tenant(words[0], &tenant))
        return 1;
    if (as_json) {
        cJSON *object = tenant_json(&tenant);
        cJSON *calls = cJSON_AddArrayToObject(object, "system_calls");
        for_each_call(tenant.tenant, add_call_json, calls);
        json_print(object);
    } else {
        print_tenant(&tenant);
        print_calls(tenant.tenant);
    }
    return 0;
}

const struct command stats_command = {
    "stats", "[TENANT] [--json]",
    "show counters of the machine, or of one tenant\n\n"
    "Of a tenant: memory by purpose, CPU time, its disk's requests with their latency from the\n"
    "manager's submission to completion, and which system calls were answered ENOSYS.",
    run_stats};
