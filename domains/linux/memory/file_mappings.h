// SPDX-License-Identifier: MIT
/*
 * From a file to who has mapped it: what a file loses, its mappings lose as well.
 */
#ifndef DOMAINS_LINUX_MEMORY_FILE_MAPPINGS_H
#define DOMAINS_LINUX_MEMORY_FILE_MAPPINGS_H

#include <stdbool.h>
#include <stdint.h>

struct inode;

/* Pages [first, end) of the file are gone: no mapping shows them any more, and the next access asks the file again.
 * `copies_too`: also the pages that a private mapping has changed for itself, as when the file is cut. */
void file_mappings_drop(const struct inode *inode, uint64_t first, uint64_t end, bool copies_too);

#endif
