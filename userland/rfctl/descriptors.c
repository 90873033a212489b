// SPDX-License-Identifier: MIT
/*
 * rfctl descriptors: what each domain can name. A domain can name only what its LDT holds and the
 * TLS slots of the GDT, so these tables are the whole list of its rights in hardware.
 */
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/decode.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

#define TABLE_BIT 4 /* of a selector: the LDT */

static const char *kind_text(const struct descriptor *descriptor) {
    switch (descriptor->kind) {
    case DESCRIPTOR_CODE:
        return descriptor->conforming ? "conforming code" : "code";
    case DESCRIPTOR_DATA:
        return descriptor->expand_down ? "data, expand-down" : "data";
    case DESCRIPTOR_CALL_GATE:
        return "call gate";
    case DESCRIPTOR_TASK_GATE:
        return "task gate";
    case DESCRIPTOR_TSS:
        return "task state";
    case DESCRIPTOR_LDT:
        return "LDT";
    default:
        return "unknown";
    }
}

static bool is_gate(const struct descriptor *descriptor) {
    return descriptor->kind == DESCRIPTOR_CALL_GATE || descriptor->kind == DESCRIPTOR_TASK_GATE;
}

static const char *rights_text(const struct descriptor *descriptor) {
    if (descriptor->kind == DESCRIPTOR_CODE)
        return descriptor->readable ? "r-x" : "--x";
    if (descriptor->kind == DESCRIPTOR_DATA)
        return descriptor->writable ? "rw-" : "r--";
    return "";
}

static uint32_t selector_of(const struct descriptor_query *query, uint32_t index,
                            const struct descriptor *descriptor) {
    return index << 3 | (query->table == TABLE_GDT ? 0 : TABLE_BIT) | descriptor->privilege;
}

static void add_row(struct table *table, const struct descriptor_query *query, uint32_t index) {
    struct descriptor descriptor = descriptor_decode(query->raw[index]);
    char range[64] = "", target[48] = "";
    if (descriptor.kind == DESCRIPTOR_EMPTY)
        return;
    if (is_gate(&descriptor))
        snprintf(target, sizeof target, "0x%04x:0x%08x", descriptor.target, descriptor.offset);
    else if (descriptor.first > descriptor.last)
        snprintf(range, sizeof range, "nothing");
    else if (descriptor.last - descriptor.first == 0xFFFFFFFF)
        snprintf(range, sizeof range, "all 4 GiB");
    else
        snprintf(range, sizeof range, "0x%08x-0x%08x", descriptor.base + descriptor.first,
                 descriptor.base + descriptor.last);
    table_add(table, "%u\t0x%02x\t%u\t%s\t%s\t%s%s%s", index,
              selector_of(query, index, &descriptor), descriptor.privilege, kind_text(&descriptor),
              rights_text(&descriptor), range, target, descriptor.present ? "" : " not present");
}

static cJSON *descriptor_json(const struct descriptor_query *query, uint32_t index) {
    struct descriptor descriptor = descriptor_decode(query->raw[index]);
    char raw[20];
    snprintf(raw, sizeof raw, "%016llx", (unsigned long long)query->raw[index]);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "index", index);
    cJSON_AddNumberToObject(object, "selector", selector_of(query, index, &descriptor));
    cJSON_AddStringToObject(object, "raw", raw);
    cJSON_AddStringToObject(object, "kind", kind_text(&descriptor));
    cJSON_AddBoolToObject(object, "present", descriptor.present);
    cJSON_AddNumberToObject(object, "dpl", descriptor.privilege);
    if (is_gate(&descriptor)) {
        cJSON_AddNumberToObject(object, "target", descriptor.target);
        cJSON_AddNumberToObject(object, "offset", descriptor.offset);
        cJSON_AddNumberToObject(object, "parameters", descriptor.parameters);
    } else {
        cJSON_AddStringToObject(object, "rights", rights_text(&descriptor));
        cJSON_AddNumberToObject(object, "base", descriptor.base);
        cJSON_AddNumberToObject(object, "first", descriptor.first);
        cJSON_AddNumberToObject(object, "last", descriptor.last);
        cJSON_AddNumberToObject(object, "reach", descriptor_reach(&descriptor));
    }
    return object;
}

/* ---- Domains --------------------------------------------------------------------------------- */

struct report {
    cJSON *json; /* NULL: tables for people */
    bool first;
};

static void report_text(const struct descriptor_query *query, const char *title, bool first) {
    struct table table = {0};
    printf("%s%s\n", first ? "" : "\n", title);
    table_add(&table, ">INDEX\t>SELECTOR\t>DPL\tTYPE\tRIGHTS\tREACHES, OR LEADS TO");
    for (uint32_t i = 0; i < query->count; i++)
        add_row(&table, query, i);
    table_print(&table);
}

static void report_json(cJSON *list, const struct descriptor_query *query, const char *title) {
    cJSON *domain = cJSON_CreateObject();
    cJSON_AddStringToObject(domain, "domain", title);
    cJSON *entries = cJSON_AddArrayToObject(domain, "descriptors");
    for (uint32_t i = 0; i < query->count; i++)
        if (query->raw[i])
            cJSON_AddItemToArray(entries, descriptor_json(query, i));
    cJSON_AddItemToArray(list, domain);
}

static void report_domain(struct report *report, enum descriptor_table table, uint32_t domain,
                          const char *title) {
    struct descriptor_query query = {.table = table, .domain = domain};
    if (control_descriptors(&query) != STATUS_OK)
        return;
    if (query.count > DESCRIPTOR_QUERY_MAX)
        query.count = DESCRIPTOR_QUERY_MAX;
    if (report->json)
        report_json(report->json, &query, title);
    else
        report_text(&query, title, report->first);
    report->first = false;
}

static void report_tenant(struct report *report, const struct tenant_status *tenant) {
    char title[80];
    snprintf(title, sizeof title, "LDT of tenant %s", tenant->configuration.name);
    report_domain(report, TABLE_TENANT_LDT, tenant->tenant, title);
}

static void report_driver(struct report *report, const struct driver_status *driver) {
    char text[DRIVER_TEXT], title[DRIVER_TEXT + 16];
    snprintf(title, sizeof title, "LDT of driver %s", driver_text(text, driver));
    report_domain(report, TABLE_DRIVER_LDT, driver->driver, title);
}

static void report_all(struct report *report) {
    struct machine_status machine;
    struct tenant_status tenant;
    struct driver_status driver;
    uint32_t cpus = control_machine_status(&machine) == STATUS_OK ? machine.cpu_count : 1;
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        char title[40];
        snprintf(title, sizeof title, "GDT of CPU %u", cpu);
        report_domain(report, TABLE_GDT, cpu, title);
    }
    for (uint32_t i = 0; control_next_tenant(&i, &tenant);)
        report_tenant(report, &tenant);
    for (uint32_t i = 0; control_next_driver(&i, &driver);)
        report_driver(report, &driver);
}

static int run_descriptors(int count, char **words) {
    struct report report = {.first = true};
    struct tenant_status tenant;
    struct driver_status driver;
    bool as_json = take_option(&count, words, "--json");
    if (!check_words(&descriptors_command, count, words, 0, 1))
        return 2;
    report.json = as_json ? cJSON_CreateArray() : NULL;
    if (count == 0)
        report_all(&report);
    else if (control_find_tenant(words[0], &tenant))
        report_tenant(&report, &tenant);
    else if (control_find_driver(words[0], &driver))
        report_driver(&report, &driver);
    else
        return fail("descriptors: '%s' is neither a tenant nor one driver", words[0]);
    if (report.json)
        json_print(report.json);
    return 0;
}

const struct command descriptors_command = {
    "descriptors", "[TENANT|DEVICE] [--json]",
    "decode the descriptor tables: what each domain can name\n\n"
    "Read from the live tables. A domain's LDT holds its segments and one call gate for each\n"
    "group of the core's services that it was granted; what is not there cannot be asked for.",
    run_descriptors};
