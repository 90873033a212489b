// SPDX-License-Identifier: MIT
/*
 * verify=on: the core keeps the checksum of every block of 4 KiB that was written since boot, and compares it before a
 * tenant sees what was read. A driver that writes to another place, answers for what it did not do, or brings other data
 * is found out: at the latest when the block is read.
 *
 * It also keeps whole copies of the blocks that were written last, as many as fit into `verify_copies=` MiB: with them it
 * puts right what a driver has overwritten (repair.h).
 *
 * All data then passes through memory of the core's (bounce.h): neither the tenant nor the driver can change it between
 * the look and the use. A block has no sum, and is not compared, while requests that touch it overlap in time and one of
 * them writes; after a write that is no multiple of whole blocks; and when the memory for sums is used up.
 *
 * It costs a copy and a checksum in each direction, with interrupts off: see README.md.
 */
#ifndef KERNEL_IO_VERIFY_H
#define KERNEL_IO_VERIFY_H

#include "kernel/io/binding.h"

/* At boot, before the drivers: reads `verify=on`, `verify_memory=` and `verify_copies=` (MiB). */
void verify_initialise(const char *command_line);
/* Its second half: zeroed memory for the sums. How many MiB of blocks they can be of. */
uint32_t verify_use(void *memory, uint32_t bytes);
/* The same for copies of the blocks that were written last: how many. */
uint32_t verify_use_for_copies(void *memory, uint32_t bytes);
void verify_adopt(struct io_device *device); /* a block device: from now on, if verify=on */
/* It has its name: a line in the log if there are more blocks on disks than sums. */
void verify_tell(const struct io_device *device);
/* The request goes to the driver; what is to be written lies in the bounce buffer. */
void verify_sends(struct io_device *device, struct io_slot *slot);
enum verify_answer { VERIFY_GOOD, VERIFY_WRONG, VERIFY_LOST /* known to be wrong since before */ };
/* What was read lies in the bounce buffer. */
enum verify_answer verify_read(const struct io_device *device, const struct io_slot *slot);
void verify_written(const struct io_device *device, const struct io_slot *slot);
/* Whether whole block `n` of what was read is not what was written. */
bool verify_is_wrong(const struct io_device *device, const struct io_slot *slot, uint32_t n);
/* What was written last to a block: COPY_BYTES; NULL: no copy of it is kept. Good until the next write is sent. */
const void *verify_copy(const struct io_device *device, uint64_t block);
/* The blocks that are wrong stay so, until they are written again. */
void verify_give_up(const struct io_device *device, const struct io_slot *slot);

#endif
