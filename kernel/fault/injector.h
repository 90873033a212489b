// SPDX-License-Identifier: MIT
/*
 * Mutations for the fault campaign (make DEFINES=-DTEST_FAULTS), and the places where the core lets the injector
 * look on. None of them decides anything that the core decides: a fault is found, and a domain is restarted, by
 * what every kernel has.
 *
 * In every other build these are nothing.
 */
#ifndef KERNEL_FAULT_INJECTOR_H
#define KERNEL_FAULT_INJECTOR_H

#include "kernel/abi/driver.h"
#include "kernel/cpu/trap_frame.h"

#include <stdbool.h>
#include <stdint.h>

struct driver;
struct tenant;
struct thread;

#if TEST_FAULTS

#include "kernel/abi/fault.h"
#include "kernel/abi/status.h"

#define INJECTOR_CALLS 1 /* of the control gate */

/* The call. A look fills in how the last injection stands, and whether the domain of `order` runs. */
enum status injector_inject(const struct fault_order *order);
enum status injector_withdraw(void);
enum status injector_look(const struct fault_order *order, struct fault_outcome *outcome);

void injector_resumes(const struct thread *thread); /* the core is about to be left into it */
bool injector_trapped(const struct thread *thread); /* this exception was the injector's */
/* The same of a #DB that came late: the access has faulted, and ring 0 was entered. */
bool injector_watched(void);
void injector_fresh_copy(struct driver *driver); /* filled again, not yet started */
void injector_driver_failed(const struct driver *driver, const char *cause);
void injector_driver_ready(const struct driver *driver, uint32_t replayed);
void injector_fetched(const struct driver *driver, struct driver_request *request);
bool injector_completes(const struct driver *driver,
                        struct gate_frame *frame); /* false: swallow it */
void injector_tenant_died(const struct tenant *tenant, const char *cause);

#else

#define INJECTOR_CALLS 0

static inline void injector_resumes(const struct thread *thread) {
    (void)thread;
}
static inline bool injector_trapped(const struct thread *thread) {
    (void)thread;
    return false;
}
static inline bool injector_watched(void) {
    return false;
}
static inline void injector_fresh_copy(struct driver *driver) {
    (void)driver;
}
static inline void injector_driver_failed(const struct driver *driver, const char *cause) {
    (void)driver;
    (void)cause;
}
static inline void injector_driver_ready(const struct driver *driver, uint32_t replayed) {
    (void)driver;
    (void)replayed;
}
static inline void injector_fetched(const struct driver *driver, struct driver_request *request) {
    (void)driver;
    (void)request;
}
static inline bool injector_completes(const struct driver *driver, struct gate_frame *frame) {
    (void)driver;
    (void)frame;
    return true;
}
static inline void injector_tenant_died(const struct tenant *tenant, const char *cause) {
    (void)tenant;
    (void)cause;
}

#endif
#endif
