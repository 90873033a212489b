// SPDX-License-Identifier: MIT
/*
 * rfctl fence: which mechanism keeps rings 1 and 2 out of what is not theirs, and why this one.
 */
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>

/* fence=both is granted on a CPU that leaves segment limits alone; then only half of it holds. */
static bool paging_alone_holds(const struct machine_status *machine) {
    return machine->fence == FENCE_BOTH && !machine->limits_enforced;
}

static void print_text(const struct machine_status *machine) {
    static const char *const meaning[] = {
        [FENCE_SEGMENT] =
            "segment limits alone: keeps every domain whole; against tenants that read "
            "by speculation, use both",
        [FENCE_PAGING] = "outer rings run on page tables that do not map what is not theirs",
        [FENCE_BOTH] =
            "segment limits and separate page tables: for tenants that distrust each other",
    };
    uint32_t holds = paging_alone_holds(machine) ? FENCE_PAGING : machine->fence;
    printf("fence:       %s%s\n", fence_text(machine->fence),
           holds == machine->fence ? "" : ", of which paging alone holds on this CPU");
    if (holds < sizeof meaning / sizeof meaning[0] && holds)
        printf("meaning:     %s\n", meaning[holds]);
    printf("requested:   %s\n", fence_text(machine->fence_requested));
    printf("reason:      %s\n", machine->fence_reason);
    printf(
        "probe:       %u checks of segment limits from rings 1 and 2, %u missed: the CPU %s them\n",
        machine->probe_checks, machine->probe_missed,
        machine->limits_enforced ? "enforces" : "does not enforce");
    printf("mitigations: %s\n", machine->mitigations);
    printf("cpu:         %s\n", machine->cpu_name);
    if (machine->emulator[0])
        printf("emulator:    %s, as CPUID says\n", machine->emulator);
}

static cJSON *fence_json(const struct machine_status *machine) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "fence", fence_text(machine->fence));
    cJSON_AddStringToObject(object, "requested", fence_text(machine->fence_requested));
    cJSON_AddStringToObject(object, "reason", machine->fence_reason);
    cJSON_AddBoolToObject(object, "limits_enforced", machine->limits_enforced != 0);
    cJSON_AddNumberToObject(object, "probe_checks", machine->probe_checks);
    cJSON_AddNumberToObject(object, "probe_missed", machine->probe_missed);
    cJSON_AddStringToObject(object, "mitigations", machine->mitigations);
    cJSON_AddStringToObject(object, "cpu", machine->cpu_name);
    cJSON_AddStringToObject(object, "emulator", machine->emulator);
    return object;
}

static int run_fence(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct machine_status machine;
    if (!check_words(&fence_command, count, words, 0, 0))
        return 2;
    enum status status = control_machine_status(&machine);
    if (status != STATUS_OK)
        return fail("fence: %s", status_text(status));
    if (as_json)
        json_print(fence_json(&machine));
    else
        print_text(&machine);
    return 0;
}

const struct command fence_command = {
    "fence", "[--json]",
    "say which fence holds, and why\n\n"
    "segment  limits of segments; for CPUs that enforce them\n"
    "paging   separate page tables for the outer rings\n"
    "both     the two together, for tenants that distrust each other",
    run_fence};
