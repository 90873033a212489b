// SPDX-License-Identifier: MIT
/*
 * PAE page tables, one quarter (a page directory and its tables) at a time.
 *
 * Entries are Intel's (SDM 3A 4.4.2). Bits 9..11, free for software, mark who owns what a leaf
 * names: an image page or device memory is never given back to a tenant's frames.
 */
#ifndef KERNEL_MEM_TABLE_H
#define KERNEL_MEM_TABLE_H

#include "kernel/abi/layout.h"
#include "kernel/abi/status.h"
#include "kernel/defence.h"
#include "kernel/mem/frame.h"
#include "kernel/mem/quota.h"

#define PTE_PRESENT  0x001ull
#define PTE_WRITE    0x002ull
#define PTE_USER     0x004ull
#define PTE_UNCACHED 0x018ull /* PWT | PCD */
#define PTE_ACCESSED 0x020ull
#define PTE_DIRTY    0x040ull
#define PTE_LARGE    0x080ull
#define PTE_GLOBAL   0x100ull
#define PTE_IMAGE    0x200ull /* software: a shared read-only image page */
#define PTE_DEVICE   0x400ull /* software: device memory */
#define PTE_NX       (DEFENCE_NO_EXECUTE ? 1ull << 63 : 0)
#define PTE_MANAGER  (DEFENCE_MANAGER_SUPERVISOR ? 0 : PTE_USER) /* a manager's data: not ring 3's */
#define PTE_FRAME(entry)                                                                           \
    ((frame_t)(((entry) >> PAGE_SHIFT) & 0xFFFFFFu)) /* 36 address bits: 64 GiB */
#define PTE_PAGE(frame) ((uint64_t)(frame) << PAGE_SHIFT)

#define TABLE_ENTRIES 512u
#define TABLE_BYTES   0x200000u /* of linear memory that one page table maps */

/* An entry is 8 bytes and a store 4: the CPU may walk in between, and must then see "not present".
 */
static inline void table_store(uint64_t *entry, uint64_t value) {
    volatile uint32_t *half = (volatile uint32_t *)entry;

    half[0] = 0;
    half[1] = (uint32_t)(value >> 32);
    half[0] = (uint32_t)value;
}

/* For an entry that is present and stays so: a CPU that walks meanwhile sees the one or the other. */
static inline void table_replace(uint64_t *entry, uint64_t value) {
    uint64_t before = *entry;

    while (!__sync_bool_compare_and_swap(entry, before, value))
        before = *entry;
}

/* The low half tells, and a 32-bit CPU then reads no more of it. */
static inline bool is_present(uint64_t entry) {
    return (uint32_t)entry & (uint32_t)PTE_PRESENT;
}

/* Walks `directory` (the frame of a page directory; quarter-relative: bits 29..0 of the address
 * count). Returns the entry for the page, through WINDOW_TABLE, or NULL if its table is missing. */
uint64_t *table_entry(frame_t directory, uint32_t address);
/* The same walk through two windows of its own, for a tenant's translation table
 * (kernel/abi/memory.h). */
uint64_t *table_index_entry(frame_t directory, uint32_t address);
/* As table_entry, making the table if missing; its frame is `account`'s, withdrawn from the quota
 * beforehand by the caller: see table_missing. Never NULL under a reservation. */
uint64_t *table_entry_make(frame_t directory, uint32_t address, account_t account);
bool table_missing(frame_t directory, uint32_t address); /* would table_entry_make take a frame? */

/* Copies between the core and a domain's memory through its page tables, whatever view is loaded.
 * `write` needs writable pages. STATUS_BAD_ADDRESS (nothing promised about the target then) if a
 * page is not there. */
struct space;
struct tenant;
enum status tenant_copy_in(struct tenant *tenant, void *to, uint32_t from, uint32_t bytes);
enum status tenant_copy_out(struct tenant *tenant, uint32_t to, const void *from, uint32_t bytes);
/* tenant_copy_in() of an aligned word, which lies in one page. */
enum status tenant_copy_word(struct tenant *tenant, uint32_t *to, uint32_t from);

#endif
