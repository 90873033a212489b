// SPDX-License-Identifier: MIT
/*
 * Tenants by name, in a tree by the name's hash; those that have the same lie in a row behind the node that is in
 * the tree. So however many tenants there are, a new one's name is looked up in a few hundred instructions.
 */
#include "kernel/domain/tenant_parts.h"

#include <stddef.h>

static struct digital_node *names;

static uint32_t hash_of(const char *name) { /* FNV-1a */
    uint32_t hash = 2166136261u;

    for (uint32_t i = 0; i < TENANT_NAME && name[i] != '\0'; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    return hash;
}

bool is_same_name(const char *a, const char *b) {
    for (uint32_t i = 0; i < TENANT_NAME; i++)
        if (a[i] != b[i] || a[i] == '\0')
            return a[i] == b[i];
    return true;
}

static struct tenant *first_with(uint32_t hash) {
    struct digital_node *node = digital_find(names, hash);

    return node ? CONTAINER_OF(node, struct tenant, by_name) : NULL;
}

struct tenant *tenant_named(const char *name) {
    struct tenant *tenant = first_with(hash_of(name));

    while (tenant && !is_same_name(tenant->configuration.name, name))
        tenant = tenant->next_of_name;
    return tenant;
}

void names_add(struct tenant *tenant) {
    uint32_t hash = hash_of(tenant->configuration.name);
    struct tenant *first = first_with(hash);

    if (!first) {
        digital_insert(&names, &tenant->by_name, hash);
        return;
    }
    tenant->next_of_name = first->next_of_name;
    first->next_of_name = tenant;
}

void names_remove(struct tenant *tenant) {
    struct tenant *first = first_with(hash_of(tenant->configuration.name));

    if (first != tenant) {
        while (first->next_of_name != tenant)
            first = first->next_of_name;
        first->next_of_name = tenant->next_of_name;
    } else if (tenant->next_of_name) {
        digital_replace(&names, &tenant->by_name, &tenant->next_of_name->by_name);
    } else {
        digital_remove(&names, &tenant->by_name);
    }
}
