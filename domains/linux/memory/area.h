// SPDX-License-Identifier: MIT
/*
 * The areas of an address space: which page addresses mean what. Pure bookkeeping; pages themselves
 * are in shadow.h.
 *
 *   0        ┌──────┐    ┌────┐┌──────┐                      ┌───────┐   AREA_LIMIT
 *   │        │ text │    │data││ heap │ → brk       mmap ←   │ stack │       │
 *            └──────┘    └────┘└──────┘                      └───────┘
 *
 * Areas are kept sorted and never overlap. Neighbours that mean the same are merged.
 */
#ifndef DOMAINS_LINUX_MEMORY_AREA_H
#define DOMAINS_LINUX_MEMORY_AREA_H

#include <stdbool.h>
#include <stdint.h>

/* The last app page stays empty, so that no instruction ends where the app's segments do. */
#define AREA_LIMIT   0x7FFFF000u
#define AREA_LOWEST  0x00010000u
#define AREA_NO_ROOM 0xFFFFFFFFu
#define AREAS_MOST   16384u /* a walk along the list stays short */

#define PROT_READ  1u
#define PROT_WRITE 2u
#define PROT_EXEC  4u

#define AREA_SHARED     1u /* writes are seen by all who map it */
#define AREA_GROWSDOWN  2u /* a stack: a fault just below extends it */
#define AREA_HEAP       4u /* grown by brk */
#define AREA_VDSO       8u /* the manager's own page */
#define AREA_LOCKED     16u
#define AREA_NOT_FORKED 32u /* a child has nothing there */
#define AREA_WIPED      64u /* a child finds it empty */

struct file;
struct shared_pages;

struct area {
    uint32_t start, end;         /* page addresses, start < end */
    uint32_t protection;         /* PROT_* */
    uint32_t flags;              /* AREA_* */
    struct file *file;           /* held, or NULL */
    struct shared_pages *shared; /* held, or NULL; not with file */
    uint32_t page;               /* of file or shared, at start */
    struct area *next;
};

struct area_list {
    struct area *first;
    uint32_t count;
};

/* The area that contains the address, or the first one above it; NULL if there is none. */
struct area *area_at_or_above(const struct area_list *list, uint32_t address);
struct area *area_find(const struct area_list *list, uint32_t address);
/* Is the whole range [start, end) covered, without a hole? */
bool area_covers(const struct area_list *list, uint32_t start, uint32_t end);
/* The highest free range of `bytes` that ends at or below `limit`; AREA_NO_ROOM if there is none.
 */
uint32_t area_find_gap(const struct area_list *list, uint32_t bytes, uint32_t limit);

/* Adds a copy of `area` (its references are taken over) where nothing lies now, and merges it with
 * equal neighbours. false: no memory, nothing changed, references stay with the caller. */
bool area_add(struct area_list *list, const struct area *area);
/* Makes `start` and `end` area boundaries, so that the range consists of whole areas. false: no
 * memory. */
bool area_split(struct area_list *list, uint32_t start, uint32_t end);
/* Removes all areas in the range, which must consist of whole areas. */
void area_remove(struct area_list *list, uint32_t start, uint32_t end);
/* Merges equal neighbours around the range. */
void area_merge(struct area_list *list, uint32_t start, uint32_t end);
/* A copy of the whole list with references of its own, in which nothing is locked; false: no memory, `to` is empty. */
bool area_copy(struct area_list *to, const struct area_list *from);
uint32_t area_pages(const struct area_list *list); /* in all areas */
/* In the range, which may cut areas. */
uint32_t area_locked_pages(const struct area_list *list, uint32_t start, uint32_t end);

/* Counted references that areas hold: defined by file.h's and shared.h's owners. */
void area_hold(const struct area *area);
void area_release(const struct area *area);

#endif
