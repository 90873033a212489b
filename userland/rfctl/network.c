// SPDX-License-Identifier: MIT
/*
 * rfctl network, allow, deny.
 */
#include "userland/lib/address.h"
#include "userland/lib/control.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>

static void add_row(struct table *table, const struct tenant_status *status) {
    const struct network_grant *grant = &status->configuration.network;
    const struct network_counters *sent = &status->network.sent;
    const struct network_counters *received = &status->network.received;
    char address[ADDRESS_TEXT], hardware[ADDRESS_TEXT], out[SIZE_TEXT], in[SIZE_TEXT],
        held[DURATION_TEXT];
    table_add(table, "%s\t%s\t%s\t%s\t%llu\t%s\t%llu\t%s\t%llu\t%llu\t%s",
              status->configuration.name, grant->device,
              grant->identity.address ? address_format(address, grant->identity.address) : "dhcp",
              hardware_format(hardware, grant->identity.hardware), (unsigned long long)sent->frames,
              size_format(out, sent->bytes), (unsigned long long)received->frames,
              size_format(in, received->bytes),
              (unsigned long long)(sent->dropped + received->dropped),
              (unsigned long long)sent->refused,
              duration_format(held, status->network.throttled_nanoseconds));
}

static int run_network(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct table table = {0};
    struct tenant_status status;
    cJSON *list = cJSON_CreateArray();
    if (!check_words(&network_command, count, words, 0, 0))
        return 2;
    table_add(&table,
              "TENANT\tCARD\tADDRESS\tHARDWARE\t>SENT\t>BYTES\t>RECEIVED\t>BYTES\t>DROPPED\t"
              ">REFUSED\t>HELD BACK");
    for (uint32_t tenant = 0; control_next_tenant(&tenant, &status);) {
        if (!status.configuration.network.device[0])
            continue;
        add_row(&table, &status);
        cJSON_AddItemToArray(list, network_json(&status));
    }
    if (as_json) {
        json_print(list);
    } else {
        table_print(&table);
        cJSON_Delete(list);
    }
    return 0;
}

const struct command network_command = {
    "network", "[--json]",
    "list the tenants' ports at the switch\n\n"
    "DROPPED are frames for which there was no room, no tenant, or a limit; REFUSED are those\n"
    "that were forged, or meant for a tenant or a card that the sender may not reach; HELD BACK "
    "is\n"
    "for how long frames to be sent waited for a limit.",
    run_network};

/* ---- allow, deny ----------------------------------------------------------------------------- */

static int set_policy(const struct command *command, int count, char **words, bool may) {
    struct tenant_status one, other;
    if (!check_words(command, count, words, 2, 2))
        return 2;
    if (!need_tenant(words[0], &one) || !need_tenant(words[1], &other))
        return 1;
    if (one.tenant == other.tenant)
        return fail("%s: %s always reaches itself", command->name, words[0]);
    enum status status = control_network_allow(one.tenant, other.tenant, may);
    return status == STATUS_OK ? 0 : fail("%s: %s", command->name, status_text(status));
}

static int run_allow(int count, char **words) {
    return set_policy(&allow_command, count, words, true);
}

static int run_deny(int count, char **words) {
    return set_policy(&deny_command, count, words, false);
}

const struct command allow_command = {
    "allow", "TENANT TENANT",
    "let frames and links pass between two tenants\n\n"
    "In both directions, until `rfctl deny` or the end of either. At first no two tenants may.",
    run_allow};
const struct command deny_command = {
    "deny", "TENANT TENANT",
    "let no more frames pass between two tenants, and end their links\n\nSee `rfctl allow`.",
    run_deny};
