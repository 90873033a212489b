// SPDX-License-Identifier: MIT
/*
 * One function a call: fills the request's block, names the buffer, asks.
 */
#include "userland/lib/control.h"

#include "domains/linux/control/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DRIVER_START_PAUSE 5000 /* microseconds, while drivers still look for their devices */

static int device = -1;

int control_connect(void) {
    if (device < 0)
        device = open(CONTROL_DEVICE, O_RDWR | O_CLOEXEC);
    return device < 0 ? -1 : 0;
}

int control_descriptor(void) {
    return device;
}

static enum status ask(struct control_request *request, uint32_t *value) {
    if (control_connect() < 0 || ioctl(device, CONTROL_CALL, request) < 0) {
        fprintf(stderr, "%s: control call %u: %s\n", CONTROL_DEVICE, request->call,
                strerror(errno));
        exit(1);
    }
    if (value)
        *value = request->value;
    return (enum status)request->status;
}

/* A call whose argument number `which` is the address of a buffer. */
static enum status ask_with(enum control_call call, uint32_t which, void *buffer, uint32_t bytes,
                            uint32_t other, uint32_t *value) {
    struct control_request request = {.call = call,
                                      .buffer = (uint32_t)(uintptr_t)buffer,
                                      .buffer_bytes = bytes,
                                      .buffer_argument = which};
    if (which == 1)
        request.arguments[0] = other;
    return ask(&request, value);
}

enum status control_tenant_create(const struct tenant_configuration *configuration,
                                  uint32_t *tenant) {
    struct tenant_configuration copy = *configuration;
    enum status status;
    while ((status = ask_with(CONTROL_TENANT_CREATE, 0, &copy, sizeof copy, 0, tenant)) ==
           STATUS_AGAIN)
        usleep(DRIVER_START_PAUSE);
    return status;
}

enum status control_tenant_set(struct tenant_changes *changes) {
    return ask_with(CONTROL_TENANT_SET, 0, changes, sizeof *changes, 0, NULL);
}

enum status control_tenant_status(uint32_t tenant, struct tenant_status *status) {
    return ask_with(CONTROL_TENANT_STATUS, 1, status, sizeof *status, tenant, NULL);
}

enum status control_driver_status(uint32_t driver, struct driver_status *status) {
    return ask_with(CONTROL_DRIVER_STATUS, 1, status, sizeof *status, driver, NULL);
}

enum status control_device_model(uint32_t driver, const struct device_model *model) {
    struct device_model copy = *model;
    return ask_with(CONTROL_DEVICE_MODEL, 1, &copy, sizeof copy, driver, NULL);
}

enum status control_network_allow(uint32_t one, uint32_t other, bool may) {
    struct control_request request = {.call = CONTROL_NETWORK_ALLOW,
                                      .arguments = {one, other, may}};
    enum status status;
    do
        status = ask(&request, NULL);
    while (status == STATUS_AGAIN); /* links between them are ended in slices */
    return status;
}

enum status control_machine_status(struct machine_status *status) {
    return ask_with(CONTROL_MACHINE_STATUS, 0, status, sizeof *status, 0, NULL);
}

enum status control_descriptors(struct descriptor_query *query) {
    return ask_with(CONTROL_DESCRIPTORS, 0, query, sizeof *query, 0, NULL);
}

enum status control_log_read(struct log_query *query) {
    return ask_with(CONTROL_LOG_READ, 0, query, sizeof *query, 0, NULL);
}

enum status control_audit(struct audit_result *result) {
    enum status status;
    do
        status = ask_with(CONTROL_AUDIT, 0, result, sizeof *result, 0, NULL);
    while (status == STATUS_AGAIN);
    return status;
}

enum status control_syscall_counts(uint32_t tenant, struct syscall_query *query) {
    return ask_with(CONTROL_SYSCALL_COUNTS, 1, query, sizeof *query, tenant, NULL);
}

enum status control_fault(struct fault_block *block) {
    return ask_with(CONTROL_FAULT, 0, block, sizeof *block, 0, NULL);
}

enum status control_debug_write(char frame_type, const void *bytes, uint32_t count) {
    char copy[CONTROL_BUFFER_MAX];
    struct control_request request = {.call = CONTROL_DEBUG_WRITE,
                                      .arguments = {(uint8_t)frame_type, 0, count},
                                      .buffer = (uint32_t)(uintptr_t)copy,
                                      .buffer_bytes = count,
                                      .buffer_argument = 1};
    memcpy(copy, bytes, count);
    return ask(&request, NULL);
}

enum status control_numbers(enum control_call call, uint32_t first, uint32_t second) {
    struct control_request request = {.call = call, .arguments = {first, second}};
    return ask(&request, NULL);
}

const char *status_text(enum status status) {
    static const char *const texts[STATUS_COUNT] = {
        [STATUS_OK] = "done",
        [STATUS_BAD_CALL] = "the core does not know this call",
        [STATUS_BAD_ARGUMENT] = "a value is out of range",
        [STATUS_BAD_ADDRESS] = "bad address",
        [STATUS_BAD_HANDLE] = "no such object",
        [STATUS_NO_MEMORY] = "not enough memory",
        [STATUS_NOT_PERMITTED] = "not permitted",
        [STATUS_BUSY] = "in use",
        [STATUS_AGAIN] = "not possible now",
        [STATUS_INTERRUPTED] = "interrupted",
        [STATUS_TIMED_OUT] = "timed out",
        [STATUS_FULL] = "a queue is full",
        [STATUS_GONE] = "it no longer exists",
        [STATUS_IO_ERROR] = "device error",
        [STATUS_UNSUPPORTED] = "this machine cannot do it",
    };
    return (unsigned)status < STATUS_COUNT ? texts[status] : "unknown status";
}
