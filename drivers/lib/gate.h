// SPDX-License-Identifier: MIT
/*
 * The calls of SELECTOR_GATE_DRIVER as C functions. What each does, and its errors, stand in
 * kernel/abi/gate.h. The event loop owns DRIVER_WAIT, DRIVER_FETCH, DRIVER_READY and
 * DRIVER_COMPLETE (drivers/lib/loop.h); a driver calls the others here.
 */
#ifndef DRIVERS_LIB_GATE_H
#define DRIVERS_LIB_GATE_H

#include "kernel/abi/driver.h"
#include "kernel/abi/gate.h"
#include "kernel/abi/selector.h"
#include "kernel/abi/status.h"

#include <stdbool.h>
#include <stdint.h>

struct gate_answer {
    enum status status;
    uint32_t value;
};

static inline struct gate_answer gate(enum driver_call call, uint32_t first, uint32_t second,
                                      uint32_t third) {
    uint32_t status = (uint32_t)call;
    __asm__ volatile("lcall %[selector], $0"
                     : "+a"(status), "+d"(third)
                     : [selector] "i"(SELECTOR_GATE_DRIVER), "b"(first), "c"(second)
                     : "memory", "cc");
    return (struct gate_answer){(enum status)status, third};
}

/* Sleeps until an event or the deadline; answers event bits. */
static inline uint32_t gate_wait(uint64_t deadline) {
    struct gate_answer answer =
        gate(DRIVER_WAIT, (uint32_t)deadline, (uint32_t)(deadline >> 32), 0);
    return answer.status == STATUS_OK ? answer.value : 0;
}

static inline enum status gate_ready(const struct device_description *description) {
    return gate(DRIVER_READY, (uint32_t)description, 0, 0).status;
}

static inline enum status gate_fetch(struct driver_request *request) {
    return gate(DRIVER_FETCH, (uint32_t)request, 0, 0).status;
}

static inline enum status gate_complete(uint32_t id, enum status status, uint32_t bytes) {
    return gate(DRIVER_COMPLETE, id, (uint32_t)status, bytes).status;
}

/* A register of the driver's own PCI function; all ones if the core refuses. */
static inline uint32_t gate_pci_read(uint32_t offset, uint32_t size) {
    struct gate_answer answer = gate(DRIVER_PCI_READ, offset, size, 0);
    return answer.status == STATUS_OK ? answer.value : 0xFFFFFFFFu;
}

static inline enum status gate_bus_master(bool on) {
    return gate(DRIVER_BUS_MASTER, on, 0, 0).status;
}

/* Says that the device's reset was seen complete: nothing it was told before touches memory again.
 */
static inline enum status gate_reset_done(void) {
    return gate(DRIVER_RESET_DONE, 0, 0, 0).status;
}

static inline enum status gate_log(const char *text, uint32_t bytes) {
    return gate(DRIVER_LOG, (uint32_t)text, bytes, 0).status;
}

static inline enum status gate_null(void) {
    return gate(DRIVER_NULL, 0, 0, 0).status;
}

#endif
