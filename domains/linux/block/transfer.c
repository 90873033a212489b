// SPDX-License-Identifier: MIT
/*
 * One request to the device. The core never answers FULL for what is in the ring: what it cannot
 * take now waits there, so this waits too and gives up on nothing.
 */
#include "domains/linux/block/device.h"
#include "domains/linux/errno.h"

int block_transfer(struct block_device *device, enum io_operation operation, uint64_t position,
                   const uint32_t *frames, uint32_t bytes) {
    struct io_request request = {
        .submission = {.operation = (uint16_t)operation, .position = position, .bytes = bytes}};
    for (uint32_t i = 0; i * PAGE_SIZE < bytes; i++)
        request.submission.frame[i] = frames[i];
    uint64_t began = block_count_begin(device);
    enum status status = io_perform(&device->queue, &request);
    block_count_end(device, operation, request.moved, began);
    return status == STATUS_OK && request.moved == bytes ? 0 : -EIO;
}
