// SPDX-License-Identifier: MIT
/*
 * Copying from file to file inside the manager.
 */
#ifndef DOMAINS_LINUX_FILE_COPY_H
#define DOMAINS_LINUX_FILE_COPY_H

#include "domains/linux/file/file.h"

struct copy_side {
    struct file *file; /* held */
    uint32_t user;     /* where the app keeps the offset; 0: the description's own counts */
    uint64_t offset;
};

static inline bool copy_has_offset(const struct copy_side *side) {
    return side->file->operations->seek != NULL;
}

/* At most `count` bytes from one offset to the other, which move on by what was copied; of a pipe, no more are gone either. Bytes,
 * fewer where one of the two is at its end or would have to be waited for: only the first of a pipe are, and not even they if all is
 * to be done `at_once`. Of a socket or a terminal, what one read gives. Or a negative errno. */
int32_t copy_bytes(struct copy_side *from, struct copy_side *to, uint32_t count, bool at_once);

#endif
