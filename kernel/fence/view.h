// SPDX-License-Identifier: MIT
/*
 * Views: what of linear memory a CPU has mapped.
 *
 *                  0..1 GiB   1..2 GiB   2..3 GiB        3..4 GiB
 *   inner          app        app        manager         drivers, core, entry area (writable tables)
 *   outer          app        app        manager         entry area only (tables read-only)
 *   driver         -          -          -               entry area, and that driver's slot
 *
 * Each is four page-directory pointers in struct cpu. The CPU reads them only at `mov cr3` (SDM 3A 4.4.1), so
 * every change here ends with one. With the segment fence alone there is one view: inner.
 * What must hold: nothing whose rights differ between views is global.
 */
#ifndef KERNEL_FENCE_VIEW_H
#define KERNEL_FENCE_VIEW_H

#include "kernel/mem/frame.h"

#include <stdint.h>

struct tenant;
struct space;
struct driver;

extern uint64_t core_directory
    [512]; /* 3..4 GiB as built at boot; each CPU's inner directory starts as its copy */

/* Builds the running CPU's entry area, tables and views, and loads them. At boot, once per CPU. */
void view_initialise(uint32_t cpu_number);
/* After fence_choose(): the IDTs and stacks for it. */
void view_select_fence(void);
/* Loads a tenant's quarters (space may be NULL) or a driver's slot into this CPU's views. Cheap if nothing
 * changes. */
void view_load_tenant(struct tenant *tenant, struct space *space);
void view_load_driver(struct driver *driver);
/* The loaded space or tenant has got new page directories, or lost rights: load the pointers again, which also
 * flushes what this CPU remembers of them. */
void view_refresh(void);
/* The tenant or space is going away: no view of this CPU names it afterwards. */
void view_forget_tenant(struct tenant *tenant);
void view_forget_space(struct space *space);

#endif
