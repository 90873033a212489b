// SPDX-License-Identifier: MIT
/*
 * The frame audit: are the frames that tenants are charged for exactly those that something can
 * reach?
 *
 * It walks page tables and live objects, never the records, and marks each frame it comes to; then
 * it goes over the records and looks for frames in use that nothing has marked. It works in slices
 * while tenants run on: frames taken meanwhile are born marked, frames given back take their mark
 * along, and nothing ever moves from one place to another, so what is found at the end is exact for
 * that moment.
 *
 *   charged   the sum of what the quotas say
 *   found     marked frames of these accounts
 *   leaked    in use by its record, reached by nothing
 *   foreign   reached by somebody who is not charged
 */
#ifndef KERNEL_MEM_AUDIT_H
#define KERNEL_MEM_AUDIT_H

#include "kernel/abi/control.h"

#include <stdbool.h>

/* One slice. False: call again. True: the audit is complete and `result` is filled; the next call
 * starts a new one. */
bool audit_slice(struct audit_result *result);

struct space;
void audit_forget_space(const struct space *space); /* it is about to be freed */

#endif
