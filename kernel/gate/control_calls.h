// SPDX-License-Identifier: MIT
/*
 * The handlers of the control gate, by theme; kernel/gate/control.c puts them into the table. Only the
 * operator's LDT holds this gate, yet nothing that comes through it is believed unchecked.
 */
#ifndef KERNEL_GATE_CONTROL_CALLS_H
#define KERNEL_GATE_CONTROL_CALLS_H

#include "kernel/gate/gate.h"

/* control_tenant.c */
gate_handler control_tenant_create, control_tenant_destroy, control_tenant_set,
    control_tenant_status, control_tenant_restart, control_channel_open, control_syscall_counts,
    control_network_allow;
/* control_driver.c */
gate_handler control_driver_status, control_driver_crash, control_driver_restart,
    control_device_model;
/* control_machine.c */
gate_handler control_machine_status, control_descriptors, control_log_read, control_debug_write,
    control_audit, control_power_off;
#if TEST_FAULTS
/* control_fault.c */
gate_handler control_fault;
#endif

#endif
