// SPDX-License-Identifier: MIT
/*
 * Devices granted to the calling tenant (kernel/abi/io.h). The work is kernel/io's; here only arguments and
 * answers pass.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/gate/gate.h"
#include "kernel/io/device.h"
#include "kernel/sched/scheduler.h"
#include "kernel/sched/thread.h"

static struct tenant *caller(void) {
    return this_cpu()->current->tenant;
}

static uint32_t attach(struct gate_frame *frame) {
    return io_attach(caller(), frame->ebx, frame->ecx);
}

static uint32_t detach(struct gate_frame *frame) {
    return io_detach(caller(), frame->ebx);
}

static uint32_t submit(struct gate_frame *frame) {
    uint32_t accepted = 0, haste = frame->ecx;
    if (haste >= IO_HASTES)
        return STATUS_BAD_ARGUMENT;
    bool is_requested = scheduler_is_requested();
    enum status status = io_submit(caller(), frame->ebx, &accepted);
    frame->edx = accepted;
    if (haste == IO_WHEN_I_WAIT && !is_requested)
        scheduler_put_off();
    return status;
}

static uint32_t status(struct gate_frame *frame) {
    struct io_status answer;
    enum status found = io_status(caller(), frame->ebx, &answer);
    return found != STATUS_OK ? found : gate_copy_out(frame->ecx, &answer, sizeof answer);
}

gate_handler *const io_gate[IO_CALL_COUNT] = {
    [IO_ATTACH] = attach,
    [IO_DETACH] = detach,
    [IO_SUBMIT] = submit,
    [IO_STATUS] = status,
};
