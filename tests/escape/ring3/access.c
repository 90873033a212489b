// SPDX-License-Identifier: MIT
/*
 * Across the app's fence by every way that the CPU has to name memory; see domains/hostile/access.c. The aim is
 * the manager's stack, which is mapped whenever the app runs.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"

#include <string.h>
#include <sys/mman.h>

#define TARGET      (MANAGER_MAPPINGS_LIMIT - 64)
#define LAST_PAGE   (APP_LIMIT - PAGE_SIZE)
#define ENTRY_STACK (ENTRY_AREA + 0x20000u)
#define RUN_OFF     0x90 /* nop */

#define READ_BY(segment, load)                                                                     \
    static void read_by_##segment(void) {                                                          \
        uint32_t word;                                                                             \
        __asm__ volatile(load "movl %%" #segment ":(%1), %0"                                       \
                         : "=&r"(word)                                                             \
                         : "r"(TARGET), "r"(SELECTOR_APP_DATA)                                     \
                         : "memory");                                                              \
        escaped("the manager's word is %x", word);                                                 \
    }
READ_BY(cs, "")
READ_BY(ss, "")
READ_BY(es, "movl %2, %%es\n\t")
READ_BY(fs, "movl %2, %%fs\n\t")
READ_BY(gs, "movl %2, %%gs\n\t")
#undef READ_BY

#define WRITE_BY(segment, load)                                                                    \
    static void write_by_##segment(void) {                                                         \
        __asm__ volatile(load "lock orl $0, %%" #segment ":(%0)"                                   \
                         :                                                                         \
                         : "r"(TARGET), "r"(SELECTOR_APP_DATA)                                     \
                         : "memory", "cc");                                                        \
    }
WRITE_BY(ss, "")
WRITE_BY(es, "movl %1, %%es\n\t")
WRITE_BY(fs, "movl %1, %%fs\n\t")
#undef WRITE_BY

static uint32_t buffer[4];

#define STRING(name, instruction, from, to)                                                        \
    static void name(void) {                                                                       \
        __asm__ volatile("cld\n\t"                                                                 \
                         "movl $1, %%ecx\n\t" instruction                                          \
                         :                                                                         \
                         : "a"(0), "S"(from), "D"(to)                                              \
                         : "ecx", "memory", "cc");                                                 \
    }
STRING(copy_from_manager, "rep movsl", TARGET, buffer)
STRING(copy_into_manager, "rep movsl", buffer, TARGET)
STRING(fill_manager, "rep stosl", buffer, TARGET)
STRING(compare_with_manager, "repe cmpsl", buffer, TARGET)
STRING(scan_manager, "repne scasl", buffer, TARGET)
#undef STRING

#define ON_MANAGER_STACK(name, instruction)                                                        \
    static void name(void) {                                                                       \
        __asm__ volatile("movl %%esp, %%ebx\n\t"                                                   \
                         "movl %0, %%esp\n\t" instruction "\n\t"                                   \
                         "movl %%ebx, %%esp"                                                       \
                         :                                                                         \
                         : "r"(TARGET)                                                             \
                         : "eax", "ebx", "ecx", "memory", "cc");                                   \
    }
ON_MANAGER_STACK(push_into_manager, "pushl $0")
ON_MANAGER_STACK(call_on_manager_stack, "call 1f\n1:")
ON_MANAGER_STACK(pop_from_manager, "popl %%eax")
ON_MANAGER_STACK(push_all_into_manager, "pushal")
ON_MANAGER_STACK(push_flags_into_manager, "pushfl")
ON_MANAGER_STACK(enter_frame_in_manager, "movl %%ebp, %%ecx\n\tenter $0, $0\n\tmovl %%ecx, %%ebp")
#undef ON_MANAGER_STACK

/* ---- At the very edge ---- */

static uint8_t *last_page(void) {
    uint8_t *page = mmap((void *)LAST_PAGE, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (page == MAP_FAILED)
        refused("there is no page at %x", LAST_PAGE);
    return page;
}

static void read_first_byte(void) {
    escaped("it is %x", *(const volatile uint8_t *)APP_LIMIT);
}

static void straddle_fence(void) {
    last_page();
    escaped("it is %x", read_word(APP_LIMIT - 2));
}

static void wrap_around(void) {
    escaped("it is %x", read_word(0xFFFFFFFEu));
}

/* Code that runs on past its last byte. */
static void run_into_fence(void) {
    memset(last_page(), RUN_OFF, PAGE_SIZE);
    __asm__ volatile("jmp *%0" : : "r"(APP_LIMIT - 4) : "memory");
}

/* A system call as the last instruction: the manager's way back is to the first byte past the fence. */
static void return_to_fence(void) {
    static const uint8_t code[] = {0xCD, 0x80};
    memcpy(last_page() + PAGE_SIZE - sizeof code, code, sizeof code);
    __asm__ volatile("jmp *%0" : : "r"(APP_LIMIT - sizeof code), "a"(0x7000) : "memory");
}

static void return_to_fence_by_gate(void) {
    static const uint8_t code[] = {0x9A, 0, 0, 0, 0, SELECTOR_SYSCALL_GATE, 0};
    memcpy(last_page() + PAGE_SIZE - sizeof code, code, sizeof code);
    __asm__ volatile("jmp *%0" : : "r"(APP_LIMIT - sizeof code), "a"(0x7000) : "memory");
}

/* ---- The entry area, which every view maps ---- */

static void read_gdt(void) {
    escaped("the GDT begins with %x", read_word(ENTRY_AREA + 8));
}

static void write_idt(void) {
    touch_word(ENTRY_AREA + 0x1000u);
}

static void read_entry_stack(void) {
    escaped("it holds %x", read_word(ENTRY_STACK + 0xFFCu));
}

static void execute_entry_text(void) {
    __asm__ volatile("jmp *%0" : : "r"(ENTRY_AREA + 0x6000u));
}

/* ---- What was there a moment ago ---- */

static uint8_t *new_page(void) {
    uint8_t *page = mmap(0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 1;
    return page;
}

static void read_after_unmap(void) {
    volatile uint8_t *page = new_page();
    munmap((void *)page, PAGE_SIZE);
    escaped("the byte is still %x", page[0]);
}

static void write_after_protect(void) {
    volatile uint8_t *page = new_page();
    mprotect((void *)page, PAGE_SIZE, PROT_READ);
    page[0] = 2;
}

const struct attack access_attacks[] = {
    {"read-by-cs", read_by_cs},
    {"read-by-ss", read_by_ss},
    {"read-by-es", read_by_es},
    {"read-by-fs", read_by_fs},
    {"read-by-gs", read_by_gs},
    {"write-by-ss", write_by_ss},
    {"write-by-es", write_by_es},
    {"write-by-fs", write_by_fs},
    {"copy-from-manager", copy_from_manager},
    {"copy-into-manager", copy_into_manager},
    {"fill-manager", fill_manager},
    {"compare-with-manager", compare_with_manager},
    {"scan-manager", scan_manager},
    {"push-into-manager", push_into_manager},
    {"call-on-manager-stack", call_on_manager_stack},
    {"pop-from-manager", pop_from_manager},
    {"push-all-into-manager", push_all_into_manager},
    {"push-flags-into-manager", push_flags_into_manager},
    {"enter-frame-in-manager", enter_frame_in_manager},
    {"read-first-byte", read_first_byte},
    {"straddle-fence", straddle_fence},
    {"wrap-around", wrap_around},
    {"run-into-fence", run_into_fence},
    {"return-to-fence", return_to_fence},
    {"return-to-fence-by-gate", return_to_fence_by_gate},
    {"read-gdt", read_gdt},
    {"write-idt", write_idt},
    {"read-entry-stack", read_entry_stack},
    {"execute-entry-text", execute_entry_text},
    {"read-after-unmap", read_after_unmap},
    {"write-after-protect", write_after_protect},
    {0, 0},
};
