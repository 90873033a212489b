// SPDX-License-Identifier: MIT
/*
 * A granted block device inside the manager: its queue, its page cache, and what the files on it
 * do.
 *
 *   read(), write() ──> pages.c ──> cache.c      cached: whole pages, read-ahead, write-back
 *   O_DIRECT ─────────> direct.c                 past the cache, after it was made to agree
 *                         └──> transfer.c ──> io_queue      one request of up to 64 KiB
 *
 * Everything runs under the manager's lock and may sleep in it. Errors: -EIO from the device,
 * -ENOMEM if not even one page can be had.
 */
#ifndef DOMAINS_LINUX_BLOCK_DEVICE_H
#define DOMAINS_LINUX_BLOCK_DEVICE_H

#include "domains/linux/block/cache.h"
#include "domains/linux/device/queue.h"
#include "domains/linux/file/file.h"
#include "kernel/abi/layout.h"

#define BLOCK_NAME   16
#define BLOCK_MAJOR  254u /* as virtio disks often have on Linux */
#define BLOCK_MINORS 16u  /* of a disk, one behind another */

/* Of requests that are done. */
struct block_counters {
    uint64_t requests, bytes, nanoseconds;
};

struct block_device {
    char name[BLOCK_NAME];
    uint64_t bytes;
    struct io_queue queue;
    struct block_counters counters[IO_FLUSH + 1]; /* by operation */
    uint32_t in_flight;
    uint64_t changed_at;        /* when in_flight was last another */
    uint64_t busy, busy_waited; /* nanoseconds in which any was in flight; of all that were */
    uint32_t open_files;
    bool write_failed; /* since the last sync: told once */
    struct page_cache cache;
    struct cached_page *records; /* made at the first open */
    uint32_t record_count;
    uint64_t next_page;        /* where a sequential reader goes on */
    uint32_t ahead;            /* pages that the next miss reads, if sequential */
    struct wait_queue changed; /* a page's state */
    uint32_t spare;            /* a frame for the next direct request */
    bool has_spare;
    struct device_node node;
    struct block_device *next;
};

struct block_device *
block_first(void); /* then by ->next, in the order in which they were granted */

/* ---- counters.c: what /proc/diskstats tells ---------------------------------------------------- */

uint64_t block_count_begin(struct block_device *device); /* the time */
void block_count_end(struct block_device *device, uint32_t operation, uint32_t bytes,
                     uint64_t began);

/* ---- transfer.c: one request ----------------------------------------------------------------- */

/* Moves `bytes` between the device at `position` and frames in their order. 0 or -EIO. */
int block_transfer(struct block_device *device, enum io_operation operation, uint64_t position,
                   const uint32_t *frames, uint32_t bytes);

/* ---- pages.c: the cache ---------------------------------------------------------------------- */

/* Made for a device's first open: 0 or -ENOMEM. */
int pages_start(struct block_device *device);
/* The page with its bytes, held for the caller. */
int pages_get(struct block_device *device, uint64_t number, struct cached_page **page);
/* The page for overwriting all of it: held, and `reading` if its bytes are not there; then the
 * caller fills it and calls pages_filled(). */
int pages_get_blank(struct block_device *device, uint64_t number, struct cached_page **page);
void pages_filled(struct block_device *device, struct cached_page *page, bool good);
void pages_let_go(struct block_device *device, struct cached_page *page);
/* Its bytes were changed; writes back some pages if too many are dirty. */
void pages_changed(struct block_device *device, struct cached_page *page);
/* Writes back all that is dirty and flushes the device. 0, or -EIO also for an earlier failure. */
int pages_sync(struct block_device *device);
/* Makes the device agree with the cache; with `forget` also drops the pages of this range. */
void pages_settle(struct block_device *device, uint64_t position, uint64_t bytes, bool forget);
/* Drops every page that may go, without sleeping: how many. */
uint32_t pages_give_back(struct block_device *device);

/* ---- direct.c: O_DIRECT ---------------------------------------------------------------------- */

int direct_read(struct block_device *device, struct transfer *to, uint64_t *offset);
int direct_write(struct block_device *device, struct transfer *from, uint64_t *offset);
/* Drops the frame that is kept for the next request: how many. */
uint32_t direct_give_back(struct block_device *device);

#endif
