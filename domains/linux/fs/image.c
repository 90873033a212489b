// SPDX-License-Identifier: MIT
/*
 * Mapping costs the tenant page tables only, one frame for 2 MiB: the pages themselves are shared.
 */
#include "domains/linux/fs/image.h"

#include "domains/lib/gate.h"
#include "domains/linux/errno.h"

#include "kernel/abi/layout.h"

/* The last page of the window is the boot files' (domains/linux/device/boot_files.c). */
#define WINDOW_END (MANAGER_LINKS - PAGE_SIZE)

static uint32_t window_used;

static enum status map_batch(uint32_t image, uint32_t address, uint32_t page, uint32_t count) {
    struct map_entry entries[MAP_BATCH];

    for (uint32_t i = 0; i < count; i++) {
        entries[i].address = (address + i * PAGE_SIZE) | MAP_PRESENT | MAP_IMAGE;
        entries[i].frame = image << 20 | (page + i);
    }
    return space_map(MANAGER_SPACE, entries, count);
}

int image_map(uint32_t image, uint32_t bytes, const void **mapped) {
    uint32_t pages = (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
    uint32_t start = MANAGER_IMAGE_WINDOW + window_used;

    if (pages > (WINDOW_END - start) / PAGE_SIZE)
        return -ENOMEM;
    for (uint32_t done = 0; done < pages; done += MAP_BATCH) {
        uint32_t count = pages - done < MAP_BATCH ? pages - done : MAP_BATCH;
        enum status status = map_batch(image, start + done * PAGE_SIZE, done, count);

        if (status != STATUS_OK) {
            (void)space_unmap(MANAGER_SPACE, start, done);
            return status == STATUS_NO_MEMORY ? -ENOMEM : -EIO;
        }
    }
    window_used += pages * PAGE_SIZE;
    *mapped = (const void *)(uintptr_t)start;
    return 0;
}
