// SPDX-License-Identifier: MIT
/*
 * An address space: areas say what an address means, the shadow which frame is there, and the
 * core's space object makes the CPU see it.
 *
 *   fault ──> area? ──no──> SIGSEGV          (a stack area above grows instead)
 *               │ yes, and the access is allowed
 *               ├─ shadow has a frame ──> map it; a write to a frame with other owners copies first
 *               └─ empty ──> zeroed frame, page of a file or image, page of a shared object
 *
 * A small process shall need few page tables, for they are half of it. So its stack grows down from right
 * below the program, as the System V ABI of the i386 draws it, and mmap's areas begin in the same
 * gigabyte:
 *
 *   64 KiB        stack │vdso│ program, data, heap ──>            <── mmap   1 GiB         MMAP_TOP
 *   ├────────────<──────┼────┼──────────────────────────────────────────────┼────────────────┤
 *
 * A program that leaves no room below has its stack at the top of all.
 *
 * Shared by the threads of a process and by vfork's child; counted.
 */
#ifndef DOMAINS_LINUX_MEMORY_SPACE_H
#define DOMAINS_LINUX_MEMORY_SPACE_H

#include "domains/linux/memory/area.h"
#include "domains/linux/memory/shadow.h"

#define MMAP_TOP 0x7F000000u /* mmap places areas below */

struct address_space {
    uint32_t references;
    uint32_t handle; /* of the core's space */
    uint32_t
        generation; /* grows with every change of areas: who slept looks whether it is the same */
    struct area_list areas;
    bool locks_new_areas;            /* mlockall(MCL_FUTURE) */
    uint32_t break_start, break_end; /* the heap: end is the byte address that brk() shows */
    uint32_t code_start, code_end, data_start, data_end, stack_start;
    uint32_t vdso;     /* its page; the stack ends there. 0: not arranged yet */
    uint32_t mmap_top; /* mmap places areas below while there is room */
    uint32_t arguments_start, arguments_end, environment_end;
    uint32_t peak_frames;
    uint64_t faults, file_faults; /* for getrusage */
    struct shadow shadow;
};

struct address_space *address_space_make(void); /* empty; NULL: no memory */
/* Once its program is there, from `program` on: where the stack and mmap's areas go; adds the vdso.
 * false: no memory. */
bool address_space_arrange(struct address_space *space, uint32_t program);
/* Where an area can go, or AREA_NO_ROOM. */
uint32_t address_space_find_gap(const struct address_space *space, uint32_t bytes);
/* A copy for fork: private frames are shared until one side writes. NULL: no memory. */
struct address_space *address_space_fork(struct address_space *from);
void address_space_hold(struct address_space *space);
/* The last release frees everything. No thread may have it active any more. */
void address_space_release(struct address_space *space);

enum fault_result {
    FAULT_RESOLVED,
    FAULT_UNMAPPED,  /* SIGSEGV, SEGV_MAPERR */
    FAULT_FORBIDDEN, /* SIGSEGV, SEGV_ACCERR */
    FAULT_BUS,       /* SIGBUS: past the end of the file, or it could not be read */
    FAULT_NO_MEMORY  /* the tenant's quota is used up */
};
extern uint64_t memory_faults, memory_file_faults; /* of all spaces that there have been */
/* access: one of PROT_READ, PROT_WRITE, PROT_EXEC. May sleep for a file's page. */
enum fault_result address_space_fault(struct address_space *space, uint32_t address,
                                      uint32_t access);

/* Writes into a space that need not be active, as if the app did, for exec: 0, -EFAULT or -ENOMEM.
 * */
int address_space_write(struct address_space *space, uint32_t address, const void *bytes,
                        uint32_t count);
/* Reads what lies in frames, of a space that need not be active, up to where there is none; the bytes read. */
uint32_t address_space_read(const struct address_space *space, uint32_t address, void *bytes,
                            uint32_t count);
/* Puts a frame (its reference is taken over) at an empty page of an anonymous area: 0 or -ENOMEM.
 * */
int address_space_insert(struct address_space *space, uint32_t address, uint32_t frame);
/* Maps every frame of the range that the core does not map yet, to save the faults. Best effort. */
void address_space_map_frames(struct address_space *space, uint32_t start, uint32_t end);

/* Adds an area; with `replace` whatever lies there goes first. Takes over area's references in any
 * case. 0 or -ENOMEM. */
int address_space_add(struct address_space *space, const struct area *area, bool replace);
/* Removes every area and frame in the range: 0 or -ENOMEM (an area had to be split). */
int address_space_remove(struct address_space *space, uint32_t start, uint32_t end);
/* Makes the core forget the mappings of the range; the shadow keeps its frames. */
void address_space_unmap(struct address_space *space, uint32_t start, uint32_t end);
/* Could `pages` more be used at all? */
bool memory_is_available(uint32_t pages);

uint32_t
address_space_pages(const struct address_space *space); /* of all areas, for /proc and limits */
uint32_t address_space_resident(const struct address_space *space); /* frames it has */

/* What an address of a shared area is a part of, and where it lies in that, for futexes: false if it
 * is not shared. */
bool address_space_shared_place(const struct address_space *space, uint32_t address,
                                const void **object, uint64_t *offset);
/* Is the address in memory of the space's own, of no file, that nobody may write to? */
bool address_space_is_constant(const struct address_space *space, uint32_t address);

static inline uint32_t page_floor(uint32_t address) {
    return address & ~0xFFFu;
}
static inline uint32_t page_ceiling(uint32_t address) {
    return (address + 0xFFFu) & ~0xFFFu;
}

#endif
