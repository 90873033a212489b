// SPDX-License-Identifier: MIT
/*
 * The operator's control gate as C functions, through /dev/ringfence
 * (domains/linux/control/request.h). Sizes, numbers and meanings are those of kernel/abi/control.h.
 */
#ifndef USERLAND_LIB_CONTROL_H
#define USERLAND_LIB_CONTROL_H

#include "kernel/abi/control.h"
#include "kernel/abi/fault.h"
#include "kernel/abi/gate.h"
#include "kernel/abi/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Opens /dev/ringfence once. -1 with errno set if this is not the operator's tenant. */
int control_connect(void);
int control_descriptor(void); /* after control_connect() */

/* Each answers the core's status. A request that the manager itself refuses, which only a mistake
 * here can cause, ends the program with a message. */
enum status control_tenant_create(const struct tenant_configuration *configuration,
                                  uint32_t *tenant);
/* All changes or none; a refusal is explained in changes->reason. */
enum status control_tenant_set(struct tenant_changes *changes);
enum status control_tenant_status(uint32_t tenant, struct tenant_status *status);
enum status control_driver_status(uint32_t driver, struct driver_status *status);
enum status control_device_model(uint32_t driver, const struct device_model *model);
/* Frames may pass between two tenants, or not any more. */
enum status control_network_allow(uint32_t one, uint32_t other, bool may);
enum status control_machine_status(struct machine_status *status);
enum status control_descriptors(struct descriptor_query *query);
enum status control_log_read(struct log_query *query);
enum status control_audit(struct audit_result *result); /* to its end, slice by slice */
enum status control_syscall_counts(uint32_t tenant, struct syscall_query *query);
enum status control_fault(struct fault_block *block); /* BAD_CALL but in the campaign's kernel */
enum status control_debug_write(char frame_type, const void *bytes, uint32_t count); /* <= 4096 */
/* The calls that take numbers only: destroy, restart, crash, power off. */
enum status control_numbers(enum control_call call, uint32_t first, uint32_t second);

const char *status_text(enum status status); /* "not permitted" */

/* All tenants in order of their numbers: *tenant starts at 0 and is moved past the one found. */
bool control_next_tenant(uint32_t *tenant, struct tenant_status *status);
bool control_next_driver(uint32_t *driver, struct driver_status *status);
/* By name, or by number if the name is one. false: there is none. */
bool control_find_tenant(const char *name, struct tenant_status *status);
/* By device ("blk0"), else by driver name if only one has it, else by number. */
bool control_find_driver(const char *name, struct driver_status *status);

#endif
