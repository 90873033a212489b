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
#define MAP_NORESERVE       0x4000u
#define MAP_POPULATE        0x8000u
#define MAP_FIXED_NOREPLACE 0x100000u

#endif
