// SPDX-License-Identifier: MIT
/*
 * The strings that a new program gets: collected in frames of their own, which then become the top
 * of its stack without being copied again.
 *
 *   argv[0]\0 argv[1]\0 … envp[0]\0 … extra\0 …
 *   └ frames[0] ──────────┘└ frames[1] ───────┘
 *
 * What fits into one frame, as it mostly does, is moved to its end: the stack's first words go below.
 */
#ifndef DOMAINS_LINUX_PROCESS_ARGUMENTS_H
#define DOMAINS_LINUX_PROCESS_ARGUMENTS_H

#include <stdint.h>

#define ARGUMENT_FRAMES 64 /* 256 KiB of strings */

struct arguments {
    uint32_t argument_count, environment_count;
    uint32_t arguments_bytes, environment_bytes; /* of the strings */
    uint32_t bytes;                              /* in all */
    uint32_t start;                              /* of the strings in the first frame */
    uint32_t frame_count, given_away;            /* given_away: of these, not ours any more */
    uint32_t frames[ARGUMENT_FRAMES];
};

struct arguments *arguments_make(void); /* NULL: no memory */
void arguments_free(
    struct arguments *arguments); /* with the frames that it has not given away; NULL is allowed */

/* Append; 0, -E2BIG, -ENOMEM or -EFAULT. */
int arguments_add_bytes(struct arguments *arguments, const void *bytes, uint32_t count);
int arguments_add_string(struct arguments *arguments, const char *string);
/* Strings from the app's array of pointers, from its `first`-th on; adds their number to *count. */
int arguments_add_app_array(struct arguments *arguments, uint32_t array, uint32_t first,
                            uint32_t *count);
int arguments_add_array(struct arguments *arguments, const char *const *array, uint32_t first,
                        uint32_t *count);
/* All are there: settles `start`. */
void arguments_settle(struct arguments *arguments);
/* The offset behind the string that starts at `offset`. */
uint32_t arguments_next(const struct arguments *arguments, uint32_t offset);

#endif
