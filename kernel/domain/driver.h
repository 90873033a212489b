// SPDX-License-Identifier: MIT
/*
 * Drivers: a slot, a thread in ring 1, a device, and the restart rules.
 *
 *   starting ──READY──> running ──crash──> resetting ──RESET_DONE, READY──> (replay) running
 *       │                                     │ dies before it completed anything: backoff, doubled
 * to 1 s └── no device answers: absent         └── an outage never reaches a tenant but as latency
 *
 * At a crash, in this order: its thread stops, its IRQs are masked, bus mastering goes off, the
 * slot is filled again from the pristine image, the thread starts. What was in flight stays pinned
 * until DRIVER_RESET_DONE, then goes back to the head of the queue. A request in flight at two
 * crashes is replayed alone; at a third it is answered STATUS_IO_ERROR.
 */
#ifndef KERNEL_DOMAIN_DRIVER_H
#define KERNEL_DOMAIN_DRIVER_H

#include "kernel/abi/control.h"
#include "kernel/domain/driver_ports.h"
#include "kernel/domain/driver_unpaid.h"
#include "kernel/domain/elf.h"
#include "kernel/log/log_limit.h"
#include "kernel/mem/frame.h"
#include "kernel/sched/thread.h"

struct bundle_item;  /* kernel/domain/bundle.h */
struct io_device;    /* kernel/io/device.h */
struct pci_function; /* kernel/dev/pci.h */
struct tenant;

#define DRIVER_MAX         16
#define DRIVER_PORT_RANGES (MANIFEST_PORTS + 6) /* of the manifest, and one an IO BAR */
#define DRIVER_LEGACY      0xFFFFFFFFu          /* pci_address of a driver without a function */

struct driver {
    uint32_t number;
    uint32_t state; /* enum driver_state */
    struct thread thread;
    struct driver_manifest manifest; /* copied once from the ELF, checked */
    struct io_device *device;

    uint32_t slot;                          /* linear address */
    frame_t directory_table[2];             /* the two page tables of the slot */
    uint32_t frames;                        /* taken for it, page tables included */
    uint64_t *ldt;                          /* the core's writable view of the slot's LDT page */
    struct driver_information *information; /* likewise */
    const struct bundle_item *item;         /* the pristine ELF */
    struct elf_image image;

    struct pci_function *function; /* NULL: legacy */
    struct port_range ports[DRIVER_PORT_RANGES];
    uint32_t port_count;

    uint32_t events;                /* pending EVENT_ bits */
    uint32_t irq_pending, irq_told; /* bits as in driver_information.interrupts */
    uint32_t lines;                 /* a bit for each interrupt line on which it has a claim */
    bool by_message;                /* its function's interrupts have a line of their own */
    bool started;                   /* its thread may run or wait */
    bool waiting;                   /* in DRIVER_WAIT */
    uint64_t wait_deadline;         /* of that DRIVER_WAIT; DEADLINE_NEVER */
    uint64_t wait_heartbeat;        /* when it gets EVENT_HEARTBEAT next */
    uint64_t look_at;               /* nothing of it is due before, for drivers_work() */
    uint64_t fault_by;        /* EVENT_CRASH comes then, with a request in flight sooner; 0: none */
    bool awake;               /* not in DRIVER_WAIT */
    uint64_t activation_used; /* see driver_budget.c */
    uint64_t slept_at;        /* when it went to sleep last */
    uint64_t woken_at;        /* when that sleep ended */
    uint64_t restless_used;   /* without rest and without a request taken or finished */
    uint32_t restless_activations; /* the same without any sleep between */
    uint64_t paid_left;            /* for tenants, until it takes or finishes one */
    struct unpaid unpaid;          /* for nobody */
    uint32_t fruitless;            /* interrupts since it took or finished one */
    uint64_t rearm_at;             /* its interrupts are held back until then; 0: they are not */
    uint64_t oldest_sent, oldest_seen, oldest_waited; /* of the oldest request in flight */
    struct tenant *serving; /* who pays for its time now; NULL: not known */

    struct log_limit log_limit;
    uint64_t started_at, crashed_at, restart_at, backoff, ready_by;
    uint32_t refill_offset; /* how far the slot is filled again */
    bool answered;          /* said READY once, or that there is no device */
    bool completed_since_start, reset_done;
    struct driver_status
        counters; /* what the operator sees; the live fields are filled on demand */
};

extern struct driver *drivers[DRIVER_MAX];

/* Loads every driver of the bundles whose device is there, and starts it. Messages for those
 * refused. */
void drivers_initialise(void);
/* Calls `then` once, from the scheduler's loop, when all have said DRIVER_READY or that they have no
 * device, or had the time for it: block devices have their names then, and tenants may start. */
void drivers_when_settled(void (*then)(void));
/* The driver is at fault: `cause` in words. Contains and restarts it by the rules. Its thread may
 * be the current one; the caller leaves by scheduler_run(). */
void driver_crash(struct driver *driver, const char *cause);
/* The same for an answer that is not believed: requests in flight are replayed and not suspected, however many
 * such answers there are in a row. */
void driver_doubt(struct driver *driver, const char *cause);
/* As a crash, but nobody is to blame: requests in flight are replayed and not suspected. */
void driver_restart(struct driver *driver);
/* It executes this fault (enum crash_kind) as soon as it has a request in flight, or in half a second. */
enum status driver_make_fault(struct driver *driver, uint32_t kind);
#define DRIVERS_AT_ONCE 0ull
/* Called on every timer tick and before idling: budgets, heartbeats, backoff ends, deadlines.
 * Returns the next time at which it wants to be called, in nanoseconds. DRIVERS_AT_ONCE: when pending interrupts have come in,
 * before anybody runs; there is a next slice of a fresh copy that goes before them all. */
uint64_t drivers_work(uint64_t now);
void driver_post(struct driver *driver,
                 uint32_t events); /* events for it; wakes it from DRIVER_WAIT */
void driver_interrupt(struct driver *driver, uint32_t irq_bit);
/* The driver's IO ports, range by range, from *index = 0 on; false after the last. */
bool driver_next_ports(const struct driver *driver, uint32_t *index, uint16_t *first,
                       uint16_t *count);
/* A tenant that dies pays for nothing any more. */
void drivers_forget_tenant(const struct tenant *tenant);
void driver_fill_status(struct driver *driver, struct driver_status *status);

/* For the scheduler (driver_budget.c): a driver runs first while it has something left to run on. */
enum payment { PAID_BY_NOBODY, PAID_BY_TENANT, PAID_BY_IDLING /* no tenant could run */ };
void budget_charge(struct driver *driver, uint64_t now, uint64_t nanoseconds, enum payment payment);
uint64_t budget_left(struct driver *driver, uint64_t now, enum payment payment);
/* A console has been interrupted: a serial line brings 12 bytes in a millisecond and its chip keeps 16, whoever's turn it is.
 * For the first 0.1 ms of an activation. Who waits for the console pays for it all the same. */
bool budget_is_urgent(const struct driver *driver);
uint64_t budget_renewal(const struct driver *driver); /* when it has something left again */
/* Until then it lets go before it whoever has reserved time, although nobody is known who waits for it; 0: it does not. What
 * has come to a network card is for somebody, but for whom shows when its driver has looked: it is not let in the way of the
 * others' short work, and nobody's frames wait for long. */
uint64_t budget_patience(const struct driver *driver);

/* For the driver gate (kernel/gate/driver.c). */
uint32_t driver_begin_wait(struct driver *driver,
                           uint64_t deadline); /* events at once; 0: it sleeps */
enum status driver_is_ready(struct driver *driver, const struct device_description *description);
enum status driver_reset_seen(struct driver *driver);
enum status driver_bus_master(struct driver *driver, bool on);

#endif
