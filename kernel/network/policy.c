// SPDX-License-Identifier: MIT
#include "kernel/network/policy.h"

#include "kernel/domain/tenant.h"
#include "kernel/link/link.h"

#include <stddef.h>

#define WORD_BITS 32u

bool tenants_may_talk(const struct tenant *one, const struct tenant *other) {
    uint32_t number = other->number;
    return one->may_talk_to[number / WORD_BITS] >> number % WORD_BITS & 1;
}

static void set(struct tenant *one, uint32_t other, bool may) {
    uint32_t bit = 1u << other % WORD_BITS, *word = &one->may_talk_to[other / WORD_BITS];
    *word = may ? *word | bit : *word & ~bit;
}

static struct tenant *tenant_of(uint32_t number) {
    struct tenant *tenant = number < TENANT_MAX ? tenants[number] : NULL;
    return tenant != NULL && !tenant->destroy_wanted ? tenant : NULL;
}

enum status policy_set(uint32_t one, uint32_t other, bool may) {
    if (one == other)
        return STATUS_BAD_ARGUMENT;
    if (tenant_of(one) == NULL || tenant_of(other) == NULL)
        return STATUS_BAD_HANDLE;
    set(tenants[one], other, may);
    set(tenants[other], one, may);
    return may || links_cut_between(tenants[one], tenants[other]) ? STATUS_OK : STATUS_AGAIN;
}

void policy_forget(const struct tenant *tenant) {
    for (uint32_t n = 0; n < tenants_end(); n++)
        if (tenants[n] != NULL)
            set(tenants[n], tenant->number, false);
}
