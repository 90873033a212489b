// SPDX-License-Identifier: MIT
/*
 * The services of a ring-1 driver (kernel/abi/driver.h). Its LDT has no other gate, so the caller is always
 * a driver's thread. Whatever it says about its device is believed; whatever it says about requests is
 * checked, and an impossible completion is a crash like any fault.
 */
#include "kernel/domain/driver.h"
#include "kernel/cpu/cpu.h"
#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/pci.h"
#include "kernel/gate/gate.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define LOG_BYTES 160

static struct driver *caller(void) {
    return this_cpu()->current->driver;
}

static uint32_t wait(struct gate_frame *frame) {
    struct driver *driver = caller();
    uint64_t deadline = frame->ebx | (uint64_t)frame->ecx << 32;
    frame->edx = driver_begin_wait(driver, deadline);
    if (frame->edx != 0)
        return STATUS_OK;
    if (driver->waiting)
        scheduler_block_current(0, DEADLINE_NEVER); /* deadlines: drivers_work() */
    return GATE_SWITCH;
}

static uint32_t ready(struct gate_frame *frame) {
    struct device_description description;
    enum status status = gate_copy_in(&description, frame->ebx, sizeof description);
    return status != STATUS_OK ? status : driver_is_ready(caller(), &description);
}

/* A driver that has no room for the answer is broken, and the request is replayed like after any crash. */
static uint32_t fetch(struct gate_frame *frame) {
    struct driver_request request;
    struct driver *driver = caller();
    enum status status = io_fetch(driver, &request);
    if (status != STATUS_OK)
        return status;
    injector_fetched(driver, &request);
    uint32_t bytes = (uint32_t)offsetof(struct driver_request, segments) +
                     request.segment_count * (uint32_t)sizeof *request.segments;
    if (gate_copy_out(frame->ebx, &request, bytes) == STATUS_OK)
        return STATUS_OK;
    driver_crash(driver, "ring 1: it fetches a request to where it has no memory");
    return GATE_SWITCH;
}

static uint32_t complete(struct gate_frame *frame) {
    struct driver *driver = caller();
    char cause[80];
    if (!injector_completes(driver, frame))
        return STATUS_OK;
    bool is_requested = scheduler_is_requested();
    enum status status = io_complete(driver, frame->ebx, frame->ecx, frame->edx);
    if (status == STATUS_OK) {
        if (!is_requested && io_is_done(driver))
            scheduler_put_off(); /* it has nothing left to do but to wait */
        return STATUS_OK;
    }
    const char *what = status == STATUS_AGAIN      ? "doubtful error"
                       : status == STATUS_IO_ERROR ? "wrong data"
                                                   : "bad completion";
    format_text(cause, sizeof cause, "ring 1: %s at %04x:%08x: id %x, status %x, %u bytes", what,
                frame->cs, frame->eip, frame->ebx, frame->ecx, frame->edx);
    if (status == STATUS_BAD_ARGUMENT)
        driver_crash(driver, cause);
    else
        driver_doubt(driver, cause);
    return GATE_SWITCH;
}

static uint32_t pci_read(struct gate_frame *frame) {
    struct driver *driver = caller();
    uint32_t value = 0;
    if (driver->function == NULL)
        return STATUS_UNSUPPORTED;
    enum status status = pci_driver_read(driver->function, frame->ebx, frame->ecx, &value);
    frame->edx = value;
    return status;
}

static uint32_t pci_write(struct gate_frame *frame) {
    struct driver *driver = caller();
    if (driver->function == NULL)
        return STATUS_UNSUPPORTED;
    return pci_driver_write(driver->function, frame->ebx, frame->ecx, frame->edx);
}

static uint32_t bus_master(struct gate_frame *frame) {
    if (frame->ebx > 1)
        return STATUS_BAD_ARGUMENT;
    return driver_bus_master(caller(), frame->ebx != 0);
}

static uint32_t reset_done(struct gate_frame *frame) {
    (void)frame;
    return driver_reset_seen(caller());
}

static enum status write_log(struct driver *driver, const char *text) {
    uint32_t dropped;
    if (!log_limit_pass(&driver->log_limit, clock_now(), &dropped))
        return STATUS_FULL;
    if (dropped > 0)
        log_line("%s: %u lines dropped", driver->manifest.name, dropped);
    log_line("%s: %s", driver->manifest.name, text);
    return STATUS_OK;
}

static uint32_t log(struct gate_frame *frame) {
    char text[LOG_BYTES + 1];
    if (DEFENCE_TEXT_BOUND && frame->ecx > LOG_BYTES)
        return STATUS_BAD_ARGUMENT;
    enum status status = gate_copy_in(text, frame->ebx, frame->ecx);
    if (status != STATUS_OK)
        return status;
    for (uint32_t n = 0; n < frame->ecx; n++)
        if (DEFENCE_LOG_PRINTABLE && (text[n] < ' ' || text[n] > '~'))
            text[n] = '.';
    text[frame->ecx] = '\0';
    return write_log(caller(), text);
}

gate_handler *const driver_gate[DRIVER_CALL_COUNT] = {
    [DRIVER_NULL] = gate_null,        [DRIVER_WAIT] = wait,
    [DRIVER_READY] = ready,           [DRIVER_FETCH] = fetch,
    [DRIVER_COMPLETE] = complete,     [DRIVER_PCI_READ] = pci_read,
    [DRIVER_PCI_WRITE] = pci_write,   [DRIVER_BUS_MASTER] = bus_master,
    [DRIVER_RESET_DONE] = reset_done, [DRIVER_LOG] = log,
};
