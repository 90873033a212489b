// SPDX-License-Identifier: MIT
/*
 * The assembly that touches app memory. Only here may a manager fault below APP_LIMIT.
 */
#ifndef DOMAINS_LINUX_MEMORY_USER_COPY_H
#define DOMAINS_LINUX_MEMORY_USER_COPY_H

#include <stddef.h>
#include <stdint.h>

/* All return how many bytes were not done because of a fault that could not be resolved. */
__attribute__((regparm(3))) size_t user_copy(void *to, const void *from, size_t bytes);
__attribute__((regparm(2))) size_t user_clear(void *to, size_t bytes);
/* In one step: the word becomes `value` if it is *expected, which becomes what the word was. */
__attribute__((regparm(3))) size_t user_compare_exchange(uint32_t *word, uint32_t *expected,
                                                         uint32_t value);

/* Where to go on after a fault at `instruction`: sorted by nothing, there are few. */
struct user_copy_fixup {
    uint32_t instruction, resume;
};
extern const struct user_copy_fixup user_copy_fixups[], user_copy_fixups_end[];

#endif
