// SPDX-License-Identifier: MIT
/*
 * An app space: the two lower quarters of one process. And the manager quarter of a tenant, which
 * has the same shape but one directory.
 *
 * Leaf frames belong to the tenant (bound by index) or to an image; the space owns its directories
 * and tables, paid by the tenant. `threads` counts threads whose app quarters it is: not destroyed
 * before 0.
 */
#ifndef KERNEL_MEM_SPACE_H
#define KERNEL_MEM_SPACE_H

#include "kernel/abi/memory.h"
#include "kernel/abi/status.h"
#include "kernel/mem/digital_tree.h"
#include "kernel/mem/table.h"

struct tenant;

struct space {
    frame_t directory[2];          /* for 0..1 GiB and 1..2 GiB; NO_FRAME_T until needed */
    struct digital_node by_handle; /* its key is the handle */
    uint32_t threads;
    uint32_t cursor,
        leaf;   /* how far a sliced destroy has come: tables, and entries of that table */
    bool dying; /* destroy has begun: nothing else finds it any more */
    struct tenant *tenant;
    struct space *next, *previous; /* of its tenant */
};

#define SPACE_MAX     4096u /* of a tenant */
#define TABLES_A_CALL 4u    /* most page tables that one space_map() makes */

enum status space_create(struct tenant *tenant, uint32_t *handle);
struct space *space_find(struct tenant *tenant, uint32_t handle);
/* All or none. AGAIN: page tables were missing, more than TABLES_A_CALL or beside a long batch; some are there
 * now, no page has changed. */
enum status space_map(struct tenant *tenant, uint32_t handle, const struct map_entry *entries,
                      uint32_t count);
enum status space_unmap(struct tenant *tenant, uint32_t handle, uint32_t address, uint32_t pages,
                        uint32_t *done);
/* OK: gone. AGAIN: a slice is done. BUSY: a thread uses it. BAD_HANDLE. */
enum status space_destroy_slice(struct tenant *tenant, uint32_t handle);

enum status frames_bind(struct tenant *tenant, uint32_t first, uint32_t count);
enum status frames_unbind(struct tenant *tenant, uint32_t first, uint32_t count);
frame_t tenant_frame(struct tenant *tenant, uint32_t index); /* NO_FRAME_T if not bound */

/* A directory or page table comes from the tenant's reservation (withdrawn before) and goes back to
 * it. */
frame_t tenant_take_table(struct tenant *tenant);
void tenant_give_table(struct tenant *tenant, frame_t table);

#endif
