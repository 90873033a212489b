// SPDX-License-Identifier: MIT
/*
 * Memory above the app's 2 GiB, and memory of its own that is not what it is used for.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"
#include "tests/escape/ring3/attempt.h"

#include "kernel/abi/layout.h"

#include <string.h>
#include <sys/mman.h>

#define CORE_WORD     (CORE_BASE + 0x500u)
#define MANAGER_STACK (MANAGER_MAPPINGS_LIMIT - 4) /* of its first thread */
#define RETURN        0xC3

static void read_core(void) {
    escaped("the core's word at %x is %x", CORE_WORD, read_word(CORE_WORD));
}

static void write_core(void) {
    touch_word(CORE_WORD);
}

/* The manager holds the descriptors, caches and keys of the whole tenant. */
static void read_manager(void) {
    escaped("the manager's word at %x is %x", MANAGER_STACK, read_word(MANAGER_STACK));
}

static void write_manager(void) {
    touch_word(MANAGER_STACK);
}

/* The manager's text begins with a jump; in ring 3 it must not even be fetched. */
static void execute_manager(void) {
    __asm__ volatile("jmp *%0" : : "r"(MANAGER_BASE));
}

/* All frames of the tenant, at their indices. */
static void read_frame_window(void) {
    escaped("frame 0 begins with %x", read_word(MANAGER_WINDOW));
}

static void read_driver(void) {
    uint32_t address = DRIVER_SLOTS + DRIVER_IMAGE;
    escaped("the driver's word at %x is %x", address, read_word(address));
}

/* A data page of its own, without the right to execute. */
static void execute_data(void) {
    uint8_t *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = RETURN;
    __asm__ volatile("call *%0" : : "r"(page) : "memory");
    escaped("data was executed");
}

/* The program's text is a page of the root image, whose frames all tenants with this image share.
 * */
static void write_image(void) {
    touch_word((uint32_t)(uintptr_t)write_image & ~3u);
}

#define SHARED_BYTES 0x50000000u /* twice that is more than an app can address */

static void touch(uint32_t address, uint32_t unused) {
    (void)unused;
    touch_word(address);
}

/* Of much shared memory the last page alone is kept mapped, and that mapping grows: where it ends, the manager would look
 * behind its own table of what is shared. */
static void touch_past_shared_end(void) {
    uint32_t all = (uint32_t)mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    uint32_t last = all + SHARED_BYTES - 4096;
    if (all == (uint32_t)MAP_FAILED || munmap((void *)all, SHARED_BYTES - 4096) != 0)
        escaped("there is no room to try it");
    last = (uint32_t)mremap((void *)last, 4096, SHARED_BYTES, MREMAP_MAYMOVE);
    if (last == (uint32_t)MAP_FAILED)
        escaped("the mapping does not grow: nothing was tried");
    if (attempt(touch, last + SHARED_BYTES - 4096, 0) == NO_FAULT)
        escaped("there is a page behind what is shared");
    refused("nothing is there");
}

const struct attack memory_attacks[] = {
    {"read-core", read_core},
    {"write-core", write_core},
    {"read-manager", read_manager},
    {"write-manager", write_manager},
    {"execute-manager", execute_manager},
    {"read-frame-window", read_frame_window},
    {"read-driver", read_driver},
    {"execute-data", execute_data},
    {"write-image", write_image},
    {"touch-past-shared-end", touch_past_shared_end},
    {0, 0},
};
