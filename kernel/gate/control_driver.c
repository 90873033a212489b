// SPDX-License-Identifier: MIT
/*
 * The operator and the drivers.
 */
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/gate/control_calls.h"
#include "kernel/io/device.h"

#include <stddef.h>

static struct driver *driver_of(uint32_t number) {
    return number < DRIVER_MAX ? drivers[number] : NULL;
}

uint32_t control_driver_status(struct gate_frame *frame) {
    struct driver_status answer;
    struct driver *driver = driver_of(frame->ebx);
    if (driver == NULL)
        return STATUS_BAD_HANDLE;
    driver_fill_status(driver, &answer);
    return gate_copy_out(frame->ecx, &answer, sizeof answer);
}

uint32_t control_device_model(struct gate_frame *frame) {
    struct device_model model;
    struct driver *driver = driver_of(frame->ebx);
    if (driver == NULL)
        return STATUS_BAD_HANDLE;
    enum status status = gate_copy_in(&model, frame->ecx, sizeof model);
    return status != STATUS_OK
               ? status
               : io_set_model(driver, &model, tenants_reserved_at(driver->counters.device, NULL));
}

uint32_t control_driver_crash(struct gate_frame *frame) {
    struct driver *driver = driver_of(frame->ebx);
    return driver == NULL ? STATUS_BAD_HANDLE : driver_make_fault(driver, frame->ecx);
}

uint32_t control_driver_restart(struct gate_frame *frame) {
    struct driver *driver = driver_of(frame->ebx);
    if (driver == NULL)
        return STATUS_BAD_HANDLE;
    if (driver->state != DRIVER_RUNNING)
        return STATUS_BUSY;
    driver_restart(driver);
    return STATUS_OK;
}
