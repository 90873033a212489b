// SPDX-License-Identifier: MIT
/* See memory.h. */
#define _GNU_SOURCE /* memfd_create() */
#include "tests/fuzz/machine/memory.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/driver.h"
#include "kernel/layout.h"
#include "kernel/mem/object.h"
#include "kernel/mem/object_region.h"
#include "kernel/mem/table.h"
#include "tests/fuzz/fuzz.h"

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHADOW_BYTES (PAGE_SIZE / 8)
#define HEADER_BYTES 32u /* of an object page, as kernel/mem/object.c lays it out */
#define SLOT_HEAD                                                                                  \
    16u /* a free slot's link, or what describes a run of pages: the pool makes that past the functions below */
#define FILE_FRAMES (DEVICE_FRAME + 1)

static int memory_file;   /* holds all frames; the same frame can so be seen at two addresses */
static uint8_t *physical; /* frame 0 */
static uint8_t shown[MACHINE_FRAMES]; /* by how many windows */
static frame_t window_frames[WINDOW_SLOT_COUNT];
static frame_t object_frames[OBJECT_REGION_PAGES]; /* 0: not mapped */
static bool is_fresh[OBJECT_REGION_PAGES];         /* its slots are not poisoned yet */

/* What was remembered, and what has changed since. */
static uint8_t *frames_then;
static uint8_t *shadows_then;
static frame_t *object_frames_then;
static bool frame_changed[FILE_FRAMES], page_changed[OBJECT_REGION_PAGES];
static bool core_writes[FILE_FRAMES]; /* at any time, through a mapping that is there for good */

void copy_unseen(void *to, const void *from, size_t bytes) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

static uint8_t *shadow_of(const void *address) {
    size_t scale, offset;

    __asan_get_shadow_mapping(&scale, &offset);
    return (uint8_t *)(((uintptr_t)address >> scale) + offset);
}

static void map(uint32_t address, uint32_t bytes, int protection) {
    void *place = mmap((void *)address, bytes, protection,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);

    PROMISE(place == (void *)address);
}

void memory_reserve(void) {
    memory_file = memfd_create("frames", 0);
    PROMISE(memory_file >= 0 && ftruncate(memory_file, FILE_FRAMES * PAGE_SIZE) == 0);
    physical =
        mmap(NULL, FILE_FRAMES * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory_file, 0);
    PROMISE(physical != MAP_FAILED);
    ASAN_POISON_MEMORY_REGION(physical, FILE_FRAMES * PAGE_SIZE);
    map(DRIVER_SLOTS, DRIVER_MAX * DRIVER_SLOT_SIZE, PROT_NONE);
    map(CORE_MODULES, CORE_OBJECTS_LIMIT - CORE_MODULES, PROT_NONE);
    map(CORE_DEVICES, CORE_CPUS_LIMIT - CORE_DEVICES, PROT_NONE);
    map(CPU_LOCAL, CPU_LOCAL_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE);
    for (uint32_t slot = 0; slot < WINDOW_SLOT_COUNT; slot++)
        window_frames[slot] = NO_FRAME_T;
}

static uint8_t *frame_bytes(frame_t frame) {
    return physical + frame * PAGE_SIZE;
}

void memory_write(frame_t frame, uint32_t offset, const void *bytes, uint32_t count) {
    frame_changed[frame] = true;
    copy_unseen(frame_bytes(frame) + offset, bytes, count);
}

void memory_read(frame_t frame, uint32_t offset, void *bytes, uint32_t count) {
    copy_unseen(bytes, frame_bytes(frame) + offset, count);
}

/* ---- Windows ---- */

static void hide(frame_t frame) {
    if (frame != NO_FRAME_T && --shown[frame] == 0)
        ASAN_POISON_MEMORY_REGION(frame_bytes(frame), PAGE_SIZE);
}

void *window_map(enum window_slot slot, frame_t frame) {
    PROMISE(slot < WINDOW_SLOT_COUNT && frame < MACHINE_FRAMES);
    PROMISE(frame_records[frame].kind != FRAME_FREE && frame_records[frame].kind != FRAME_UNUSABLE);
    frame_changed[frame] = true;
    if (window_frames[slot] != frame) {
        hide(window_frames[slot]);
        window_frames[slot] = frame;
        if (shown[frame]++ == 0)
            ASAN_UNPOISON_MEMORY_REGION(frame_bytes(frame), PAGE_SIZE);
    }
    return frame_bytes(frame);
}

void window_forget_all(void) {}

/* ---- Mappings ---- */

static void show(uint32_t address, frame_t frame, int protection) {
    PROMISE(mmap((void *)address, PAGE_SIZE, protection, MAP_SHARED | MAP_FIXED, memory_file,
                 frame * PAGE_SIZE) == (void *)address);
}

void core_map(uint32_t address, frame_t first, uint32_t pages, uint64_t flags) {
    bool writes = flags & PTE_WRITE;

    for (uint32_t page = 0; page < pages; page++) {
        show(address + page * PAGE_SIZE, first + page, PROT_READ | (writes ? PROT_WRITE : 0));
        core_writes[first + page] = writes;
    }
}

void memory_show_table(uint32_t address, frame_t table) {
    uint64_t entries[TABLE_ENTRIES];

    memory_read(table, 0, entries, sizeof entries);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        if (entries[i] & PTE_PRESENT && !(entries[i] & PTE_DEVICE))
            core_map(address + i * PAGE_SIZE, PTE_FRAME(entries[i]), 1, PTE_WRITE);
}

static void show_object_page(uint32_t page, frame_t frame) {
    uint32_t address = CORE_OBJECTS + page * PAGE_SIZE;

    if (frame != 0)
        show(address, frame, PROT_READ | PROT_WRITE);
    else
        PROMISE(mmap((void *)address, PAGE_SIZE, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
                     0) == (void *)address);
    ASAN_UNPOISON_MEMORY_REGION((void *)address, PAGE_SIZE);
}

static uint32_t page_number(const void *address) {
    PROMISE((uint32_t)address >= CORE_OBJECTS && (uint32_t)address < CORE_OBJECTS_LIMIT);
    return ((uint32_t)address - CORE_OBJECTS) / PAGE_SIZE;
}

void __real_region_map(void *page, frame_t frame);
void __wrap_region_map(void *page, frame_t frame);
frame_t __real_region_unmap(void *page);
frame_t __wrap_region_unmap(void *page);

void __wrap_region_map(void *page, frame_t frame) {
    uint32_t number = page_number(page);

    PROMISE(object_frames[number] == 0);
    __real_region_map(page, frame);
    object_frames[number] = frame;
    is_fresh[number] = true;
    page_changed[number] = frame_changed[frame] = true;
    show_object_page(number, frame);
}

frame_t __wrap_region_unmap(void *page) {
    uint32_t number = page_number(page);

    PROMISE(object_frames[number] != 0);
    object_frames[number] = 0;
    page_changed[number] = true;
    show_object_page(number, 0);
    return __real_region_unmap(page);
}

/* ---- Objects ---- */

/* As kernel/mem/object.c lays its pages out: the slot sizes, and where a page says which it has. */
static const uint16_t slot_sizes[OBJECT_CLASSES] = {64, 128, 256, 576, 800, 1008, 1344, 2032, 4064};
#define CLASS_OFFSET 14u

static uint8_t *page_at(uint32_t number) {
    return (uint8_t *)CORE_OBJECTS + number * PAGE_SIZE;
}

static uint32_t slot_bytes(uint32_t number) {
    return slot_sizes[page_at(number)[CLASS_OFFSET]];
}

static void poison_slot(uint8_t *slot, uint32_t bytes) {
    ASAN_POISON_MEMORY_REGION(slot + SLOT_HEAD, bytes - SLOT_HEAD);
}

/* A page's slots are all free when its first object is handed out. */
static void hand_out(uint8_t *object, uint32_t bytes) {
    uint32_t number = page_number(object), size = slot_bytes(number);
    uint8_t *slot = page_at(number) + HEADER_BYTES, *end = page_at(number) + PAGE_SIZE;

    PROMISE(size >= bytes && (uint32_t)(object - slot) % size == 0);
    for (; is_fresh[number] && slot + size <= end; slot += size)
        poison_slot(slot, size);
    is_fresh[number] = false;
    frame_changed[object_frames[number]] = page_changed[number] = true;
    ASAN_UNPOISON_MEMORY_REGION(object, bytes);
}

void *__real_object_allocate(struct object_pool *pool, size_t bytes);
void *__wrap_object_allocate(struct object_pool *pool, size_t bytes);
void __real_object_free(struct object_pool *pool, void *object);
void __wrap_object_free(struct object_pool *pool, void *object);

void *__wrap_object_allocate(struct object_pool *pool, size_t bytes) {
    uint8_t *object = __real_object_allocate(pool, bytes);

    if (object != NULL)
        hand_out(object, bytes);
    return object;
}

/* The page of a freed object may be gone with it. */
void __wrap_object_free(struct object_pool *pool, void *object) {
    uint32_t number = page_number(object), size = slot_bytes(number);

    PROMISE((uint32_t)((uint8_t *)object - page_at(number) - HEADER_BYTES) % size == 0);
    PROMISE(!__asan_address_is_poisoned((uint8_t *)object + SLOT_HEAD)); /* nor is it free */
    page_changed[number] = frame_changed[object_frames[number]] = true;
    ASAN_UNPOISON_MEMORY_REGION(object, size);
    __real_object_free(pool, object);
    if (object_frames[number] != 0)
        poison_slot(object, size);
}

/* ---- Remembering ---- */

void memory_remember(void) {
    frames_then = malloc(FILE_FRAMES * PAGE_SIZE);
    shadows_then = malloc(OBJECT_REGION_PAGES * SHADOW_BYTES);
    object_frames_then = malloc(sizeof object_frames);
    copy_unseen(frames_then, physical, FILE_FRAMES * PAGE_SIZE);
    copy_unseen(shadows_then, shadow_of((void *)CORE_OBJECTS), OBJECT_REGION_PAGES * SHADOW_BYTES);
    memcpy(object_frames_then, object_frames, sizeof object_frames);
    memset(frame_changed, 0, sizeof frame_changed);
    memset(page_changed, 0, sizeof page_changed);
}

static bool is_always_changing(frame_t frame) {
    return core_writes[frame] ||
           (frame < MACHINE_FRAMES && frame_records[frame].kind == FRAME_OBJECT);
}

static void restore_object_page(uint32_t page) {
    uint8_t *shadow = shadow_of((void *)(CORE_OBJECTS + page * PAGE_SIZE));

    if (object_frames[page] != object_frames_then[page])
        show_object_page(page, object_frames_then[page]);
    object_frames[page] = object_frames_then[page];
    is_fresh[page] = false;
    copy_unseen(shadow, shadows_then + page * SHADOW_BYTES, SHADOW_BYTES);
    page_changed[page] = false;
}

/* The records must have been restored before. */
void memory_restore(void) {
    for (uint32_t slot = 0; slot < WINDOW_SLOT_COUNT; slot++) {
        hide(window_frames[slot]);
        window_frames[slot] = NO_FRAME_T;
    }
    for (uint32_t page = 0; page < OBJECT_REGION_PAGES; page++)
        if (page_changed[page])
            restore_object_page(page);
    for (frame_t frame = 0; frame < FILE_FRAMES; frame++)
        if (frame_changed[frame] || is_always_changing(frame)) {
            copy_unseen(frame_bytes(frame), frames_then + frame * PAGE_SIZE, PAGE_SIZE);
            frame_changed[frame] = false;
        }
}
