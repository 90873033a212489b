// SPDX-License-Identifier: MIT
/*
 * The options of a tmpfs: "size=16m,mode=755,uid=1000". Pure.
 */
#ifndef DOMAINS_LINUX_FS_TREE_OPTION_H
#define DOMAINS_LINUX_FS_TREE_OPTION_H

#include <stdbool.h>
#include <stdint.h>

struct tree_options {
    uint32_t mode, uid, gid; /* of the root */
    uint64_t pages_most;     /* of all files together; 0: as many as the tenant has */
    uint64_t nodes_most;     /* files, folders and so on, the root too; 0: no limit */
};

/* `memory_pages` is what a size in percent is of. false: an option is unknown, or its value is none. */
bool tree_options_read(const char *text, uint32_t memory_pages, struct tree_options *options);

#endif
