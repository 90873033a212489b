// SPDX-License-Identifier: MIT
/*
 * The operator and the injector of the fault campaign (kernel/fault); nothing in every other build.
 */
#include "kernel/gate/control_calls.h"

#if TEST_FAULTS

#include "kernel/abi/fault.h"

static enum status act(const struct fault_order *order) {
    switch (order->call) {
    case FAULT_INJECT:
        return injector_inject(order);
    case FAULT_WITHDRAW:
        return injector_withdraw();
    case FAULT_LOOK:
        return STATUS_OK;
    default:
        return STATUS_BAD_ARGUMENT;
    }
}

uint32_t control_fault(struct gate_frame *frame) {
    struct fault_block block;
    enum status status = gate_copy_in(&block, frame->ebx, sizeof block);
    if (status == STATUS_OK)
        status = act(&block.order);
    if (status != STATUS_OK)
        return status;
    status = injector_look(&block.order, &block.outcome);
    return status != STATUS_OK ? status : gate_copy_out(frame->ebx, &block, sizeof block);
}

#endif
