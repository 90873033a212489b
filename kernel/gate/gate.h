// SPDX-License-Identifier: MIT
/*
 * Gate handlers: one function a call, in one table a group.
 *
 * A handler runs on the core stack with interrupts off and the core lock held, and gets the caller's
 * registers. It answers an enum status, which the stub puts into EAX, and may set frame->edx. A handler
 * that blocks or ends the calling thread first says so to the scheduler (kernel/sched/scheduler.h) and
 * returns GATE_SWITCH: the stub then saves the caller and runs somebody else; the status comes from who
 * wakes the thread.
 *
 * Each handler is "validate, then act": checks that change nothing, then acts that cannot fail.
 */
#ifndef KERNEL_GATE_GATE_H
#define KERNEL_GATE_GATE_H

#include "kernel/abi/gate.h"
#include "kernel/abi/status.h"
#include "kernel/cpu/trap_frame.h"
#include "kernel/fault/injector.h"

#define GATE_SWITCH 0x100u

typedef uint32_t gate_handler(struct gate_frame *frame);

gate_handler gate_null; /* does nothing, in assembly: the price of a gate */

/* Each indexed by its group's call number; the count is the group's …_CALL_COUNT. */
extern gate_handler *const memory_gate[MEMORY_CALL_COUNT];
extern gate_handler *const thread_gate[THREAD_CALL_COUNT];
extern gate_handler *const io_gate[IO_CALL_COUNT];
extern gate_handler *const channel_gate[CHANNEL_CALL_COUNT];
extern gate_handler *const control_gate[CONTROL_CALL_COUNT + INJECTOR_CALLS];
extern gate_handler *const driver_gate[DRIVER_CALL_COUNT];

/* The caller's memory: for a tenant a linear address below the fence, for a driver an offset in its slot.
 * Checked and copied whole, or STATUS_BAD_ADDRESS. */
enum status gate_copy_in(void *to, uint32_t from, uint32_t bytes);
enum status gate_copy_out(uint32_t to, const void *from, uint32_t bytes);

#endif
