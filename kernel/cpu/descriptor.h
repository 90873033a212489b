// SPDX-License-Identifier: MIT
/*
 * Segment and gate descriptors, as pure arithmetic (Intel SDM 3A 3.4.5, 5.8.3, 6.11, 7.2.2).
 *
 *   63      56 55 52 51   48 47          40 39     32 31             16 15           0
 *   base 31:24 flags lim19:16  access byte  base 23:16   base 15:0        limit 15:0      segment
 *   offset 31:16 ...........  access byte  count       selector         offset 15:0     gate
 */
#ifndef KERNEL_CPU_DESCRIPTOR_H
#define KERNEL_CPU_DESCRIPTOR_H

#include "kernel/abi/status.h"

#include <stdint.h>

/* Access bytes: present, accessed set beforehand (loading from a read-only page must not write). */
#define ACCESS_CODE(dpl)      (0x9Bu | (dpl) << 5) /* execute, read */
#define ACCESS_DATA(dpl)      (0x93u | (dpl) << 5) /* read, write, expand-up */
#define ACCESS_LDT            0x82u
#define ACCESS_TSS            0x89u
#define ACCESS_CALL_GATE(dpl) (0x8Cu | (dpl) << 5)
#define ACCESS_INTERRUPT(dpl) (0x8Eu | (dpl) << 5)
#define ACCESS_TRAP(dpl)      (0x8Fu | (dpl) << 5)
#define ACCESS_TASK_GATE(dpl) (0x85u | (dpl) << 5)

#define FLAGS_32BIT 0x4u
#define FLAGS_PAGES 0xCu /* 32-bit, limit counted in pages */

/* `limit` is the last offset (in pages with FLAGS_PAGES). */
uint64_t segment_descriptor(uint32_t base, uint32_t limit, uint32_t access, uint32_t flags);
uint64_t gate_descriptor(uint16_t selector, uint32_t offset, uint32_t access);

/*
 * TLS (design: "no descriptor that is loadable at CPL 1-3 reaches past its fence"). musl asks for base =
 * thread pointer, limit 4 GiB, and uses small negative offsets. Cut at the fence there are two halves:
 *
 *      up:   offsets 0 .. fence - base - 1            down: offsets 2^32 - base .. 2^32 - 1 (below the base)
 *
 * tls_check() refuses what an app may not have; tls_cut() gives the half; with `whole` (no segment fence) the
 * descriptor stays as asked for.
 */
enum tls_half { TLS_UP, TLS_DOWN };
enum status tls_check(uint64_t descriptor);
uint64_t tls_cut(uint64_t descriptor, enum tls_half half);
enum tls_half tls_half_of(uint64_t descriptor);
uint32_t descriptor_base(uint64_t descriptor);

#endif
