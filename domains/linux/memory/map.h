// SPDX-License-Identifier: MIT
/*
 * The numbers of mmap and its relatives, Linux i386's.
 */
#ifndef DOMAINS_LINUX_MEMORY_MAP_H
#define DOMAINS_LINUX_MEMORY_MAP_H

#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"

#define MAP_SHARED          0x01u
#define MAP_PRIVATE         0x02u
#define MAP_SHARED_VALIDATE 0x03u
#define MAP_TYPE            0x0Fu
#define MAP_FIXED           0x10u
#define MAP_ANONYMOUS       0x20u
#define MAP_GROWSDOWN       0x100u
#define MAP_LOCKED          0x2000u
#define MAP_NORESERVE       0x4000u
#define MAP_POPULATE        0x8000u
#define MAP_FIXED_NOREPLACE 0x100000u

/* Faults in what is mapped in a range of pages, up to the first that cannot be had: false. */
bool populate(struct address_space *space, uint32_t start, uint32_t end);
/* 0, -EINVAL for a range that makes no sense, -ENOMEM for one with a hole. */
int range_check(const struct address_space *space, uint32_t address, uint32_t bytes);
/* May the current process lock so many pages more? 0, -EPERM or -ENOMEM. */
int lock_check(const struct address_space *space, uint32_t pages);

#endif
