// SPDX-License-Identifier: MIT
/*
 * The one answer that every gate call gives.
 *
 * A gate call returns its status in EAX and, where it has one, a value in EDX. Every call is
 * "validate, then act": any status but STATUS_OK means that nothing was changed, except where the
 * call's own comment says that AGAIN means "part is done, call again".
 */
#ifndef KERNEL_ABI_STATUS_H
#define KERNEL_ABI_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_BAD_CALL,      /* no such call in this gate group */
    STATUS_BAD_ARGUMENT,  /* a number is out of range or a flag is unknown */
    STATUS_BAD_ADDRESS,   /* memory that the caller may not name, or that is not mapped */
    STATUS_BAD_HANDLE,    /* no such space, thread, device, channel, tenant or driver */
    STATUS_NO_MEMORY,     /* the quota that pays for this is used up */
    STATUS_NOT_PERMITTED, /* the object exists but the caller may not do this to it */
    STATUS_BUSY,          /* still mapped, pinned or in use */
    STATUS_AGAIN,         /* not now: would block, word changed, or a slice of long work is done */
    STATUS_INTERRUPTED,   /* a poke ended the wait */
    STATUS_TIMED_OUT,     /* the deadline ended the wait */
    STATUS_FULL,          /* a bounded queue of the caller has no room */
    STATUS_GONE,          /* the other end no longer exists */
    STATUS_IO_ERROR,      /* the device, or its driver, gave up on the request */
    STATUS_UNSUPPORTED,   /* the machine or the device cannot do this */
    STATUS_COUNT
};

#endif
