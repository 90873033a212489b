// SPDX-License-Identifier: MIT
/*
 * Tenants: a manager, its threads and spaces, and the quotas that hold them.
 *
 *   free ──create──> running ──destroy, manager fault, exit──> dying ──slices──> dead
 *    ^                  ^                                        │                │ │
 *    │                  └───────────────────────────────── restart ───────────────┘ │
 *    └───────────────────────────── destroy ─────────────────────┴──────────────────┘
 *
 * The reservation is held from create to destroy, so a restart cannot be refused. Nor does a restart pay: what
 * was used of the CPU and of disks counts in the next life. A tenant that has
 * just been created is running, but has no thread before its manager's pages are in place, which
 * takes slices. While dying none of its threads runs; frames that IO still pins hold up a restart,
 * and a destroyed tenant leaves them in quarantine, each with its part of the reservation, until
 * the device's reset or completion gives them up. What must hold: after `free`, no frame is charged
 * to it.
 *
 *   kernel/domain/tenant.c                the table; create, destroy, restart, kill
 *   kernel/domain/tenant_admission.c      whether there is room, and what it is made of
 *   kernel/domain/tenant_configuration.c  what may be asked for (pure)
 *   kernel/domain/tenant_build.c          the manager's pages, in slices
 *   kernel/domain/tenant_teardown.c       the end, in slices
 *   kernel/domain/tenant_settings.c       what the operator reads and changes
 */
#ifndef KERNEL_DOMAIN_TENANT_H
#define KERNEL_DOMAIN_TENANT_H

#include "kernel/abi/control.h"
#include "kernel/abi/upcall.h"
#include "kernel/domain/elf.h"
#include "kernel/io/flow.h"
#include "kernel/log/log_limit.h"
#include "kernel/mem/object.h"
#include "kernel/mem/space.h"
#include "kernel/sched/share.h"
#include "kernel/sched/thread_queue.h"

#define TENANT_REASON REASON_TEXT /* bytes of a reason for a refusal or a death */

struct seating;
struct io_binding; /* a tenant's place at one device: kernel/io/device.h */
struct channel;
struct link;
struct link_table;
struct bundle_item;

struct tenant {
    uint32_t number;
    uint32_t state; /* enum tenant_state */
    account_t account;
    struct tenant_configuration configuration;
    struct quota quota; /* frames */
    uint32_t bound, tables, image_pages, link_frames;
    struct object_pool pool;
    struct object_pool block_pool;          /* holds this block and outlives `pool` */
    frame_t directory;                      /* of the manager quarter */
    struct tenant_information *information; /* the core's writable view of its page */
    const struct bundle_item *manager_file;
    struct elf_image manager;
    uint32_t image;                           /* handle of its root */
    struct manager_registration registration; /* restart_end == 0: not registered */
    struct thread *threads;
    struct digital_node *threads_by_handle, *waiters; /* waiters: kernel/sched/wait.h */
    struct thread_queue ready;                        /* of the scheduler */
    struct seating *seating;                          /* likewise: kernel/sched/placement.h */
    uint32_t placed;                                  /* how many of its threads have a placement */
    struct space *spaces;
    struct digital_node *spaces_by_handle;
    uint32_t last_thread_handle, last_space_handle;
    uint32_t thread_count, space_count;
    struct share share; /* CPU: reservation, weight, cap */
    struct io_binding *bindings[INFORMATION_DEVICES];
    struct digital_node by_name; /* kernel/domain/tenant_names.c */
    struct tenant *next_of_name;
    uint32_t may_talk_to[TENANT_MAX / 32]; /* a bit for each tenant: kernel/network/policy.h */
    struct log_limit log_limit;
    struct flow flows[INFORMATION_DEVICES];  /* of the last life's bindings */
    struct channel *channels;                /* this tenant's ends */
    struct link_table *links;                /* kernel/link/link.h; NULL: it has had none */
    struct link *offers_first, *offers_last; /* that it has not accepted yet */
    uint32_t restarts;
    uint64_t started, wakeups;
    bool is_operator;
    bool building; /* running, but its pages are not all there yet */
    bool restart_wanted, destroy_wanted;
    struct heap_node work;             /* when tenant_work() has to look at it */
    uint32_t build_part, build_page;   /* how far the sliced build is */
    uint32_t death_step, death_cursor; /* how far the sliced teardown is */
    uint32_t exit_kind; /* enum manager_exit; MANAGER_PANIC unless the manager said otherwise */
    uint64_t restart_at, backoff; /* nanoseconds */
    char last_death[TENANT_REASON];
};

extern struct tenant *tenants[TENANT_MAX];     /* NULL: free number */
uint32_t tenants_end(void);                    /* one past the highest number in use */
struct tenant *tenant_named(const char *name); /* of at most TENANT_NAME characters; NULL: nobody */

/* Reads of 4 KiB a second (of a card: reference requests, kernel/io/cost.h) that all tenants but this one (NULL: all) have
 * reserved at a device. */
uint32_t tenants_reserved_at(const char *device, const struct tenant *except);
/* Creates and starts a tenant. On refusal says why in `reason` (TENANT_REASON bytes), with the
 * numbers. */
enum status tenant_create(const struct tenant_configuration *configuration, bool is_operator,
                          uint32_t *number, char *reason);
/* Its threads stop now; teardown goes on in slices from tenant_work(). Never fails. `reason` is
 * kept. Does nothing to a tenant that is not running. */
void tenant_kill(struct tenant *tenant, const char *reason);
/* One slice of pending building, teardown or restart; true if more is left. Called by the scheduler
 * when idle or every few ms, each slice far below 20,000 instructions. */
bool tenant_work(void);
/* When tenant_work() wants to be called though it said that nothing is left: nanoseconds since
 * boot, or DEADLINE_NEVER. */
uint64_t tenant_work_next(void);
/* Kills, and frees the number at the end of teardown. NOT_PERMITTED for the operator. */
enum status tenant_destroy(uint32_t number);
enum status tenant_restart(uint32_t number); /* NOT_PERMITTED for the operator, who asks for it */
/* Makes all changes, or none and says why in changes->reason. BAD_HANDLE for a number that is free, BAD_ARGUMENT for
 * values that can never be, BUSY or NO_MEMORY for those that cannot be now. */
enum status tenant_set(struct tenant_changes *changes);
/* GONE for a number that is free, BAD_HANDLE past the last one in use. */
enum status tenant_status(uint32_t number, struct tenant_status *status);
/* Something happened for this tenant: event_sequence grows, sleepers on it wake. */
void tenant_event(struct tenant *tenant);
/* The same, but a sleeper on the word at that linear address is told instead, if there is one. */
void tenant_event_at(struct tenant *tenant, uint32_t word);
void tenant_channel_event(struct tenant *tenant); /* to one of its channels */

void tenant_fill_memory(const struct tenant *tenant, struct memory_status *status);
/* Its root, or for the operator any bundle entry of kind file. */
bool tenant_may_map_image(const struct tenant *tenant, uint32_t image);

#endif
