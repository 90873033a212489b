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

#include <stdbool.h>
#include <stdint.h>

struct tenant;
struct space;
struct driver;

extern uint64_t core_directory
    [512]; /* 3..4 GiB as built at boot; each CPU's inner directory starts as its copy */

/* The pages of another CPU than the first, while the core starts; false: no memory. And the top of the stack that
 * it may use until it runs on its own. */
bool view_make_pages(uint32_t cpu);
uint32_t view_first_stack(uint32_t cpu);
/* Builds the running CPU's entry area, tables and views, and loads them. Once per CPU; for all but the first, when
 * core_directory is complete. */
void view_initialise(uint32_t cpu);
/* After fence_choose(): the running CPU's IDTs and stacks for it. */
void view_select_fence(void);
/* An entry of a CPU's GDT. */
uint64_t view_descriptor(uint32_t cpu, uint32_t index);
/* Loads a tenant's quarters (space may be NULL) or a driver's slot into this CPU's views. Cheap if nothing
 * changes. */
void view_load_tenant(struct tenant *tenant, struct space *space);
void view_load_driver(struct driver *driver);

/* These hold for all CPUs when they return (kernel/cpu/remote.h). */

/* The space (NULL: the manager quarter) has got new page directories: whoever runs in it can use them. */
void view_space_has_grown(struct tenant *tenant, const struct space *space);
/* Pages of the space (NULL: the manager quarter) are gone or have lost rights: no other CPU remembers them when it
 * runs there. The running CPU has seen to its own. */
void view_forget_pages(const struct tenant *tenant, const struct space *space);
/* The tenant or space is going away, and nothing runs in it: no view names it afterwards. */
void view_forget_tenant(const struct tenant *tenant);
void view_forget_space(const struct space *space);

#endif
