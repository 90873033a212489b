// SPDX-License-Identifier: MIT
/*
 * /dev/ringfence. CONTROL_CALL passes a control gate call on with one buffer; the core judges it.
 * What would hand out or name a channel is not passed on: channels are files here (channel_file.c).
 */
#include "domains/linux/control/control.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/linux/control/channel_file.h"
#include "domains/linux/control/request.h"
#include "domains/linux/device/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "kernel/abi/fault.h"

#define RINGFENCE_NUMBER (10 << 8 | 120) /* a misc device, from the range for local use */

static struct gate_answer call_gate(const struct control_request *request,
                                    const uint32_t arguments[4]) {
    return control_call(request->call, arguments[0], arguments[1], arguments[2], arguments[3]);
}

/* Copies the buffer in, puts the copy's address where the app's would stand, calls, copies
 * it out. */
static int call_with_buffer(struct control_request *request, void *buffer) {
    uint32_t arguments[4];
    int error = copy_in(buffer, request->buffer, request->buffer_bytes);
    if (error)
        return error;
    __builtin_memcpy(arguments, request->arguments, sizeof arguments);
    arguments[request->buffer_argument] = (uint32_t)(uintptr_t)buffer;
    struct gate_answer answer = call_gate(request, arguments);
    request->status = answer.status;
    request->value = answer.value;
    return copy_out(request->buffer, buffer, request->buffer_bytes);
}

/* Which of its arguments a call reads as an address: bit n for arguments[n]. Nobody but the manager
 * may say where the core reads and writes in the manager's quarter. */
static uint32_t address_arguments(uint32_t call) {
    switch (call) {
    case CONTROL_TENANT_CREATE:
    case CONTROL_TENANT_SET:
    case CONTROL_MACHINE_STATUS:
    case CONTROL_DESCRIPTORS:
    case CONTROL_LOG_READ:
    case CONTROL_AUDIT:
    case CONTROL_FAULT:
        return 1u << 0;
    case CONTROL_TENANT_STATUS:
    case CONTROL_DRIVER_STATUS:
    case CONTROL_DEBUG_WRITE:
    case CONTROL_SYSCALL_COUNTS:
    case CONTROL_DEVICE_MODEL:
        return 1u << 1;
    default:
        return 0;
    }
}

/* Bytes of the structure that the call fills or reads; 0: the length is an argument. */
static uint32_t buffer_needed(uint32_t call) {
    switch (call) {
    case CONTROL_TENANT_CREATE:
        return sizeof(struct tenant_configuration);
    case CONTROL_TENANT_SET:
        return sizeof(struct tenant_changes);
    case CONTROL_MACHINE_STATUS:
        return sizeof(struct machine_status);
    case CONTROL_DESCRIPTORS:
        return sizeof(struct descriptor_query);
    case CONTROL_LOG_READ:
        return sizeof(struct log_query);
    case CONTROL_AUDIT:
        return sizeof(struct audit_result);
    case CONTROL_TENANT_STATUS:
        return sizeof(struct tenant_status);
    case CONTROL_DRIVER_STATUS:
        return sizeof(struct driver_status);
    case CONTROL_SYSCALL_COUNTS:
        return sizeof(struct syscall_query);
    case CONTROL_DEVICE_MODEL:
        return sizeof(struct device_model);
    case CONTROL_FAULT:
        return sizeof(struct fault_block);
    default:
        return 0;
    }
}

static bool is_well_formed(const struct control_request *request) {
    uint32_t addresses = address_arguments(request->call);
    if (request->call > CONTROL_FAULT || request->call == CONTROL_CHANNEL_OPEN)
        return false;
    if (addresses == 0)
        return request->buffer == 0;
    if (request->call == CONTROL_DEBUG_WRITE && request->arguments[2] > request->buffer_bytes)
        return false;
    return request->buffer_argument < 4 && addresses == 1u << request->buffer_argument &&
           request->buffer_bytes <= CONTROL_BUFFER_MAX &&
           request->buffer_bytes >= buffer_needed(request->call);
}

static int pass_on(uint32_t argument) {
    struct control_request request;
    int error = copy_in(&request, argument, sizeof request);
    if (error)
        return error;
    if (!is_well_formed(&request))
        return -EINVAL;
    if (address_arguments(request.call)) {
        void *buffer = heap_allocate(CONTROL_BUFFER_MAX);
        if (!buffer)
            return -ENOMEM;
        error = call_with_buffer(&request, buffer);
        heap_free(buffer);
    } else {
        struct gate_answer answer = call_gate(&request, request.arguments);
        request.status = answer.status;
        request.value = answer.value;
    }
    return error ? error : copy_out(argument, &request, sizeof request);
}

static int control_ioctl(struct file *file, uint32_t request, uint32_t argument) {
    switch (request) {
    case CONTROL_CALL:
        return pass_on(argument);
    case CONTROL_OPEN:
        return channel_file_open(file->inode, argument);
    default:
        return -ENOTTY;
    }
}

static int open_control(struct inode *inode, struct file *file) {
    static const struct file_operations operations = {.ioctl = control_ioctl};
    (void)inode;
    file->operations = &operations;
    return 0;
}

int control_start(void) {
    static struct device_node node = {.name = "ringfence",
                                      .mode = S_IFCHR | 0600,
                                      .device = RINGFENCE_NUMBER,
                                      .open = open_control};
    return information()->is_operator ? device_register(&node) : 0;
}
