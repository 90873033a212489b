// SPDX-License-Identifier: MIT
/*
 * The only way to an app's memory. Addresses are checked to lie below APP_LIMIT; a fault on the way
 * is resolved by the page fault handler or ends in -EFAULT. The manager's lock is released
 * meanwhile (domains/lib/lock.h). All return 0 or a negative errno unless they say otherwise.
 */
#ifndef DOMAINS_LINUX_MEMORY_USER_H
#define DOMAINS_LINUX_MEMORY_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int copy_in(void *to, uint32_t user_from, size_t bytes);
int copy_out(uint32_t user_to, const void *from, size_t bytes);
/* As far as the app's memory is there: bytes copied. */
size_t copy_in_up_to(void *to, uint32_t user_from, size_t bytes);
size_t copy_out_up_to(uint32_t user_to, const void *from, size_t bytes);
int clear_out(uint32_t user_to, size_t bytes);
/* The aligned word becomes `value` if it is *expected, in one step for all threads, also those on
 * other processors. *expected becomes what the word was: where that is another, nothing changed. */
int exchange_out(uint32_t user_word, uint32_t *expected, uint32_t value);
/* Copies a string with its NUL: length without NUL, -EFAULT, or -ENAMETOOLONG if it does not fit.
 */
int copy_in_string(char *to, uint32_t user_from, size_t room);

/* Where a read puts and a write takes its bytes: an app's iovec or buffer, or the manager's own
 * memory (exec, sendfile, procfs). */
struct transfer {
    uint32_t user_address; /* of the current piece */
    char *kernel_address;  /* if not NULL, used instead */
    uint32_t piece;        /* bytes left in the current piece */
    uint32_t total;        /* bytes left in all */
    uint32_t user_iovec;   /* next struct iovec in app memory */
    uint32_t iovec_left;
};

void transfer_user(struct transfer *transfer, uint32_t address, uint32_t bytes);
void transfer_kernel(struct transfer *transfer, void *address, uint32_t bytes);
int transfer_iovec(struct transfer *transfer, uint32_t user_iovec, uint32_t count); /* checks all */
/* Move min(bytes, total) bytes and advance. Return bytes moved (short only after a fault) or
 * -EFAULT. */
int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes); /* towards the app */
int transfer_take(struct transfer *transfer, void *to, uint32_t bytes);        /* from the app */

#endif
