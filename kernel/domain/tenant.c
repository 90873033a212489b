// SPDX-License-Identifier: MIT
/*
 * The table of tenants and the moves between their states (see tenant.h). What takes long is only
 * noted here and done by tenant_work(), a slice at a time, one tenant after the other.
 */
#include "kernel/domain/tenant.h"

#include "kernel/abi/gate.h"
#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/fault/injector.h"
#include "kernel/log/log.h"
#include "kernel/network/policy.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define CPU_PERCENT 100u
#define PINNED_RETRY                                                                               \
    5000000ull /* nanoseconds between looks at a dying tenant that IO still pins  \
                                 */

struct tenant *tenants[TENANT_MAX];

static uint32_t numbers_end;
static struct heap_node *work_nodes[TENANT_MAX + 1];
static struct heap work = {work_nodes,
                           0}; /* by the time to look at it; turn by turn among those due */

uint32_t tenants_end(void) {
    return numbers_end;
}

/* The block lies in memory of the tenant's own reservation, from a pool that the block itself
 * holds. */
static struct tenant *make_block(const struct tenant_configuration *configuration,
                                 const struct admission *admission) {
    account_t account = (account_t)(1 + admission->number);
    struct quota quota = {.limit = configuration->frames};
    struct object_pool pool = {.account = account, .quota = &quota, .limit = 1};
    struct tenant *tenant = object_allocate(&pool, sizeof *tenant);

    if (!tenant)
        return NULL;
    tenant->number = admission->number;
    tenant->account = account;
    tenant->configuration = *configuration;
    tenant->quota = quota;
    tenant->block_pool = pool;
    tenant->block_pool.quota = &tenant->quota;
    tenant->pool = (struct object_pool){.account = account, .quota = &tenant->quota};
    tenant->pool.limit = object_limit(configuration->frames);
    share_initialise(&tenant->share, configuration->cpu_reservation, configuration->cpu_weight,
                     configuration->cpu_cap);
    tenant->directory = NO_FRAME_T;
    tenant->manager_file = admission->manager_file;
    tenant->manager = admission->manager;
    tenant->image = admission->image;
    return tenant;
}

/* From an empty quarter to one that tenant_work() fills. */
bool tenant_start(struct tenant *tenant, char *reason) {
    tenant->state = TENANT_RUNNING;
    tenant->restart_wanted = false;
    tenant->exit_kind = MANAGER_PANIC;
    tenant->registration = (struct manager_registration){.restart_end = 0};
    tenant->started = clock_now();
    tenant->building = true;
    tenant_set_work(tenant, true);
    return build_begin(tenant, reason);
}

void tenant_set_work(struct tenant *tenant, bool has_work) {
    if (tenant->work.place)
        heap_remove(&work, &tenant->work);
    if (has_work)
        heap_insert(&work, &tenant->work, clock_now());
}

static void begin_death(struct tenant *tenant) {
    tenant->state = TENANT_DYING;
    tenant->building = false;
    tenant->death_step = tenant->death_cursor = 0;
    tenant_set_work(tenant, true);
}

/* A start that was refused: no thread and no space yet, so its few pages go at once. */
static void abandon(struct tenant *tenant) {
    uint32_t number = tenant->number;

    begin_death(tenant);
    tenant->destroy_wanted = true;
    while (tenants[number])
        teardown_slice(tenant);
}

enum status tenant_create(const struct tenant_configuration *configuration, bool is_operator,
                          uint32_t *number, char *reason) {
    struct admission admission;
    enum status status = admission_check(configuration, &admission, reason);
    struct tenant *tenant;

    if (status != STATUS_OK)
        return status;
    if (!frame_reserve(configuration->frames))
        return STATUS_NO_MEMORY;
    tenant = make_block(configuration, &admission);
    if (!tenant) {
        frame_unreserve(configuration->frames);
        format_text(reason, TENANT_REASON, "%s: no room for core objects", configuration->name);
        return STATUS_NO_MEMORY;
    }
    tenant->is_operator = is_operator;
    tenants[tenant->number] = tenant;
    names_add(tenant);
    admission_cpu_changes(0, configuration->cpu_reservation);
    if (tenant->number == numbers_end)
        numbers_end++;
    *number = tenant->number;
    if (tenant_start(tenant, reason)) {
        log_tenant(tenant->number, "%s: created, %u frames", configuration->name,
                   configuration->frames);
        return STATUS_OK;
    }
    abandon(tenant);
    return STATUS_BAD_ARGUMENT;
}

void tenant_kill(struct tenant *tenant, const char *reason) {
    uint64_t now = clock_now();

    if (tenant->state != TENANT_RUNNING)
        return;
    begin_death(tenant);
    scheduler_stop_tenant(tenant);
    tenant->backoff =
        restart_backoff(tenant->backoff, now - tenant->started, tenant->restarts == 0);
    tenant->restart_at = now + tenant->backoff;
    tenant->restart_wanted = tenant->configuration.restart && tenant->exit_kind != MANAGER_HALT;
    format_text(tenant->last_death, TENANT_REASON, "%s", reason);
    injector_tenant_died(tenant, reason);
    log_tenant(tenant->number, "%s: ends: %s", tenant->configuration.name, reason);
}

static struct tenant *find(uint32_t number) {
    return number < TENANT_MAX ? tenants[number] : NULL;
}

enum status tenant_destroy(uint32_t number) {
    struct tenant *tenant = find(number);

    if (!tenant)
        return STATUS_BAD_HANDLE;
    if (tenant->is_operator)
        return STATUS_NOT_PERMITTED;
    tenant_kill(tenant, "destroyed by the operator");
    if (tenant->state == TENANT_DEAD)
        begin_death(tenant);
    tenant->destroy_wanted = true;
    return STATUS_OK;
}

enum status tenant_restart(uint32_t number) {
    struct tenant *tenant = find(number);

    if (!tenant || tenant->destroy_wanted)
        return STATUS_BAD_HANDLE;
    if (tenant->is_operator)
        return STATUS_NOT_PERMITTED;
    tenant_kill(tenant, "restarted by the operator");
    tenant->backoff = 0;
    tenant->restart_at = 0;
    tenant->restart_wanted = true;
    tenant_set_work(tenant, true);
    return STATUS_OK;
}

/* The block goes last: what describes it is copied out of it first. A frame that were still charged would
 * be the core's own mistake; it stays reserved, so that no promise to others breaks. */
void tenant_free(struct tenant *tenant) {
    struct object_pool pool = tenant->block_pool;
    struct quota quota = tenant->quota;
    uint32_t number = tenant->number;

    tenant_set_work(tenant, false);
    policy_forget(tenant);
    names_remove(tenant);
    admission_cpu_changes(tenant->configuration.cpu_reservation, 0);
    tenants[number] = NULL;
    while (numbers_end > 0 && !tenants[numbers_end - 1])
        numbers_end--;
    pool.quota = &quota;
    object_pool_destroy(&pool, 1);
    if (quota.used != 0)
        log_line("tenant %u is gone and %u frames are charged to it", number, quota.used);
    frame_unreserve(quota.limit - quota.used);
}

static void restart(struct tenant *tenant) {
    char reason[TENANT_REASON];

    tenant->restarts++;
    if (!tenant_start(tenant, reason))
        tenant_kill(tenant, reason);
}

static void die_on(struct tenant *tenant, uint64_t now) {
    if (!teardown_slice(tenant)) /* else it may be gone */
        heap_change(&work, &tenant->work, now + PINNED_RETRY);
}

static void wait_for_restart(struct tenant *tenant, uint64_t now) {
    if (tenant->restart_at <= now)
        restart(tenant);
    else
        heap_change(&work, &tenant->work, tenant->restart_at);
}

/* It goes behind the others that are due, before anything can take it out. */
static void work_on(struct tenant *tenant, uint64_t now) {
    heap_change(&work, &tenant->work, now);
    if (tenant->state == TENANT_RUNNING)
        build_slice(tenant);
    else if (tenant->state == TENANT_DYING)
        die_on(tenant, now);
    else
        wait_for_restart(tenant, now);
}

bool tenant_work(void) {
    uint64_t now;

    if (work.count == 0)
        return false;
    now = clock_now();
    if (tenant_work_next() <= now)
        work_on(HEAP_OWNER(heap_first(&work), struct tenant, work), now);
    return tenant_work_next() <= now;
}

uint64_t tenant_work_next(void) {
    const struct heap_node *first = heap_first(&work);

    return first ? first->key : DEADLINE_NEVER;
}

bool tenant_may_map_image(const struct tenant *tenant, uint32_t image) {
    const struct bundle_item *item = bundle_item(image);

    return image == tenant->image || (tenant->is_operator && item && item->kind == BUNDLE_FILE);
}

void tenant_channel_event(struct tenant *tenant) {
    if (tenant->state != TENANT_RUNNING)
        return;
    tenant->information->channel_sequence++;
    tenant_event(tenant);
}

static void wake_for_event(struct tenant *tenant) {
    thread_wake_word(tenant,
                     MANAGER_INFORMATION + offsetof(struct tenant_information, event_sequence),
                     UINT32_MAX);
}

void tenant_event(struct tenant *tenant) {
    if (tenant->state != TENANT_RUNNING)
        return;
    tenant->information->event_sequence++;
    wake_for_event(tenant);
}

void tenant_event_at(struct tenant *tenant, uint32_t word) {
    if (tenant->state != TENANT_RUNNING)
        return;
    tenant->information->event_sequence++;
    if (thread_wake_word(tenant, word, UINT32_MAX) == 0)
        wake_for_event(tenant);
}
