// SPDX-License-Identifier: MIT
/*
 * Frames, images and maps: a tenant names memory by numbers, and every number is judged.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"

#define IMAGES_TRIED   64
#define OWN_PAGE       MANAGER_MAPPINGS
#define APP_PAGE       0x400000u
#define TABLE_REACH    0x200000u
#define FORGED_GATE    0x5E /* LDT index 11, ring 2 */
#define CORE_CODE_RING 0x0008ull

/* Maps one page, and answers what the core says. */
static enum status map(uint32_t space, uint32_t address, uint32_t flags, uint32_t frame) {
    return space_map_page(space, address | flags, frame);
}

/* The window of frames ends at the fence. An index past it would wrap around to the start of the
 * quarter, where the text is that all tenants share. */
static void name_frame_past_window(void) {
    enum status status = map(MANAGER_SPACE, OWN_PAGE, MAP_PRESENT | MAP_WRITE, INDEX_OF_TEXT);
    if (status != STATUS_OK)
        refused("status %u", status);
    touch_word(OWN_PAGE);
    escaped("the shared text is writable, its first word is %x", read_word(OWN_PAGE));
}

/* Images are named by number, and others' images have numbers too. */
static void read_foreign_image(void) {
    for (uint32_t image = 0; image < IMAGES_TRIED; image++)
        if (image != information()->images[0].image &&
            map(MANAGER_SPACE, OWN_PAGE, MAP_PRESENT | MAP_IMAGE, image << 20) == STATUS_OK)
            escaped("image %u begins with %x", image, read_word(OWN_PAGE));
    refused("no image but its own");
}

/* An image's frames are shared by every tenant that has it. */
static void write_image(void) {
    uint32_t image = information()->images[0].image;
    enum status status =
        map(MANAGER_SPACE, OWN_PAGE, MAP_PRESENT | MAP_WRITE | MAP_IMAGE, image << 20);
    if (status != STATUS_OK)
        refused("status %u", status);
    touch_word(OWN_PAGE);
    escaped("the image is writable");
}

/* In ring 0, if the gate below works. */
__attribute__((naked)) static void in_ring_0(void) {
    __asm__("movl %cr0, %eax\n\t"
            "lret");
}

/* Two entries of one batch: the first makes the translator remember the window's first table, the second names a leaf of
 * that table below the window, by an index that wraps. */
static void name_frame_around_the_end(void) {
    uint32_t below = (MANAGER_WINDOW - MANAGER_LDT) / 4096, target = (uint32_t)in_ring_0, cr0;
    const struct map_entry pages[2] = {{OWN_PAGE | MAP_PRESENT | MAP_WRITE, take_frame()},
                                       {(OWN_PAGE + 0x1000) | MAP_PRESENT | MAP_WRITE, 0u - below}};
    enum status status = space_map(MANAGER_SPACE, pages, 2);
    if (status != STATUS_OK)
        refused("status %u", status);
    volatile uint64_t *ldt = (uint64_t *)(OWN_PAGE + 0x1000);
    ldt[FORGED_GATE >> 3] =
        (target & 0xFFFF) | CORE_CODE_RING << 16 | 0xECull << 40 | (uint64_t)(target >> 16) << 48;
    __asm__ volatile("lcall %1, $0" : "=a"(cr0) : "i"(FORGED_GATE) : "memory", "cc");
    escaped("ring 0 says that CR0 is %x", cr0);
}

/* A frame of one's own in the LDT's place: then a call gate into ring 0 is 8 bytes away. */
static void map_over_ldt(void) {
    uint32_t frame = take_frame(), target = (uint32_t)in_ring_0, cr0;
    uint64_t *forged = frame_at(frame);
    memcpy(forged, (const void *)MANAGER_LDT, 16 * sizeof *forged);
    forged[FORGED_GATE >> 3] =
        (target & 0xFFFF) | CORE_CODE_RING << 16 | 0xECull << 40 | (uint64_t)(target >> 16) << 48;
    enum status status = map(MANAGER_SPACE, MANAGER_LDT, MAP_PRESENT, frame);
    if (status != STATUS_OK)
        refused("status %u", status);
    __asm__ volatile("lcall %1, $0" : "=a"(cr0) : "i"(FORGED_GATE) : "memory");
    escaped("ring 0 says that CR0 is %x", cr0);
}

/* A page with the app's rights in the manager's quarter. */
static void map_app_page_above_fence(void) {
    uint32_t space = space_create().value;
    enum status status = map(space, APP_LIMIT, MAP_PRESENT | MAP_WRITE, take_frame());
    if (status != STATUS_OK)
        refused("status %u", status);
    escaped("an app page lies at %x", APP_LIMIT);
}

/* A frame given back while it is mapped would be the next tenant's, and still be readable. */
static void give_back_mapped_frame(void) {
    uint32_t space = space_create().value, frame = take_frame();
    map(space, APP_PAGE, MAP_PRESENT | MAP_WRITE, frame);
    enum status status = frame_unbind(frame, 1);
    if (status != STATUS_OK)
        refused("status %u", status);
    escaped("the frame is free and mapped");
}

/* The same while the core writes completions into it. */
static void give_back_pinned_frame(void) {
    uint32_t frame = take_frame();
    if (io_attach(0, frame) != STATUS_OK)
        refused("no device to attach");
    enum status status = frame_unbind(frame, 1);
    if (status != STATUS_OK)
        refused("status %u", status);
    escaped("the frame is free and the core's ring");
}

/* Page tables cost frames too: one for every 2 MiB in which a page is mapped. */
static void exceed_quota(void) {
    struct memory_status memory;
    uint32_t space = space_create().value, frame = take_frame();
    enum status status = STATUS_OK;
    for (uint32_t at = 0; at < APP_LIMIT && status == STATUS_OK; at += TABLE_REACH)
        status = map(space, at, MAP_PRESENT, frame);
    memory_status(&memory);
    uint32_t used = memory.bound + memory.page_tables + memory.objects;
    if (used > memory.reserved)
        escaped("%u frames used of %u reserved", used, memory.reserved);
    refused("status %u at %u of %u frames", status, used, memory.reserved);
}

/* The core's answers go where the caller says. It must be able to write there itself. */
static void answer_into_ldt(void) {
    enum status status = memory_status((struct memory_status *)MANAGER_LDT);
    if (status != STATUS_OK)
        refused("status %u", status);
    escaped("the core wrote into the LDT");
}

/* A call number past the table would call whatever lies there. */
static void call_past_table(void) {
    enum status status = GATE_CALL(SELECTOR_GATE_MEMORY, 0x10000000, 0, 0, 0, 0, 0).status;
    refused("status %u", status);
}

const struct attack frame_attacks[] = {
    {"name-frame-around-the-end", name_frame_around_the_end},
    {"name-frame-past-window", name_frame_past_window},
    {"read-foreign-image", read_foreign_image},
    {"write-image", write_image},
    {"map-over-ldt", map_over_ldt},
    {"map-app-page-above-fence", map_app_page_above_fence},
    {"give-back-mapped-frame", give_back_mapped_frame},
    {"give-back-pinned-frame", give_back_pinned_frame},
    {"exceed-quota", exceed_quota},
    {"answer-into-ldt", answer_into_ldt},
    {"call-past-table", call_past_table},
    {0, 0},
};
