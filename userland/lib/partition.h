// SPDX-License-Identifier: MIT
/*
 * The GUID partition table of a disk (UEFI 2.10, 5.3): where the partition of a name lies. Everything on the disk is
 * somebody's who may have written nonsense: sums, bounds and overlaps are checked before a number is believed. If the
 * first table is damaged, the second at the disk's end is taken.
 */
#ifndef USERLAND_LIB_PARTITION_H
#define USERLAND_LIB_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTITION_COMPLAINT 120

struct partition_disk {
    bool (*read)(void *context, uint64_t offset, void *to, size_t bytes); /* all of it, or false */
    void *context;
    uint64_t bytes;
};

/* Bytes from the disk's start. false: *complaint says what is wrong, with the table or the name. */
bool partition_find(const struct partition_disk *disk, const char *name, uint64_t *offset,
                    uint64_t *bytes, char complaint[PARTITION_COMPLAINT]);

#endif
