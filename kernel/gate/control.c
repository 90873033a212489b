// SPDX-License-Identifier: MIT
/*
 * The operator's gate (kernel/abi/control.h).
 */
#include "kernel/gate/control_calls.h"

gate_handler *const control_gate[CONTROL_CALL_COUNT + INJECTOR_CALLS] = {
    [CONTROL_TENANT_CREATE] = control_tenant_create,
    [CONTROL_TENANT_DESTROY] = control_tenant_destroy,
    [CONTROL_TENANT_SET] = control_tenant_set,
    [CONTROL_TENANT_STATUS] = control_tenant_status,
    [CONTROL_DRIVER_STATUS] = control_driver_status,
    [CONTROL_DRIVER_CRASH] = control_driver_crash,
    [CONTROL_DRIVER_RESTART] = control_driver_restart,
    [CONTROL_TENANT_RESTART] = control_tenant_restart,
    [CONTROL_CHANNEL_OPEN] = control_channel_open,
    [CONTROL_MACHINE_STATUS] = control_machine_status,
    [CONTROL_DESCRIPTORS] = control_descriptors,
    [CONTROL_LOG_READ] = control_log_read,
    [CONTROL_DEBUG_WRITE] = control_debug_write,
    [CONTROL_AUDIT] = control_audit,
    [CONTROL_SYSCALL_COUNTS] = control_syscall_counts,
    [CONTROL_DEVICE_MODEL] = control_device_model,
    [CONTROL_NETWORK_ALLOW] = control_network_allow,
    [CONTROL_POWER_OFF] = control_power_off,
#if TEST_FAULTS
    [CONTROL_FAULT] = control_fault,
#endif
};
