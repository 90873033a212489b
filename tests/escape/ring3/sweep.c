// SPDX-License-Identifier: MIT
/*
 * All of them: selectors into every segment register and through every far transfer, every interrupt vector, every
 * kind of TLS segment. A program survives its faults, so here each is really tried. A fault by way of a Linux signal
 * is long, so behind the tables' ends only one selector in STEP is; an app of the hostile manager's, whose
 * faults are short, loads all 65,536 (domains/hostile/app.S).
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"
#include "tests/escape/ring3/attempt.h"

#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SELECTORS       0x10000u
#define TABLES_END      0x400u
#define STEP            61u
#define INDEX(selector) ((selector) >> 3)
#define LOCAL           4u
#define CORE_WORD       (CORE_BASE + 0x500u)
#define MANAGER_STACK   (MANAGER_MAPPINGS_LIMIT - 4)
#define ABSURD_CALL     0x7000

static uint32_t own = 1;

static uint32_t next_selector(uint32_t selector) {
    return selector < TABLES_END ? selector + 1 : selector + STEP;
}

static uint32_t own_tls_index(void) {
    uint32_t gs;
    __asm__("movl %%gs, %0" : "=r"(gs));
    return INDEX(gs & 0xFFFF);
}

/* Null, the app's code and data, and the TLS segment of the C library. */
static bool is_own_data(uint32_t selector) {
    uint32_t index = INDEX(selector);
    if (selector & LOCAL)
        return index == INDEX(SELECTOR_APP_CODE) || index == INDEX(SELECTOR_APP_DATA);
    return index == 0 || index == own_tls_index();
}

/* ---- Segment registers ---- */

#define LOAD(register)                                                                             \
    static void load_##register(uint32_t selector, uint32_t unused) {                              \
        (void)unused;                                                                              \
        __asm__ volatile("movl %%" #register ", %%ecx\n\t"                                         \
                                             "movl %0, %%" #register "\n\t"                        \
                                                                     "movl %%ecx, %%" #register    \
                         :                                                                         \
                         : "r"(selector)                                                           \
                         : "ecx", "memory");                                                       \
    }                                                                                              \
    static void read_by_##register(uint32_t selector, uint32_t address) {                          \
        uint32_t word;                                                                             \
        __asm__ volatile(                                                                          \
            "movl %%" #register ", %%ecx\n\t"                                                      \
                                "movl %1, %%" #register "\n\t"                                     \
                                                        "movl %%" #register ":(%2), %0\n\t"        \
                                                                            "movl %%ecx, "         \
                                                                            "%%" #register         \
            : "=&r"(word)                                                                          \
            : "r"(selector), "r"(address)                                                          \
            : "ecx", "memory");                                                                    \
    }
LOAD(ds)
LOAD(es)
LOAD(fs)
LOAD(gs)
LOAD(ss)
#undef LOAD

static void sweep_register(const char *name, attempt_function *load, attempt_function *read) {
    for (uint32_t selector = 0; selector < SELECTORS; selector = next_selector(selector)) {
        if (attempt(load, selector, 0) != NO_FAULT)
            continue;
        if (!is_own_data(selector))
            escaped("selector %x is in %s", selector, name);
        if (attempt(read, selector, MANAGER_STACK) == NO_FAULT ||
            attempt(read, selector, CORE_WORD) == NO_FAULT)
            escaped("selector %x in %s reaches past 2 GiB", selector, name);
    }
}

static void load_every_selector(void) {
    if (attempt(read_by_ds, SELECTOR_APP_DATA, (uint32_t)&own) != NO_FAULT)
        refused("its own data is out of reach");
    sweep_register("DS", load_ds, read_by_ds);
    sweep_register("ES", load_es, read_by_es);
    sweep_register("FS", load_fs, read_by_fs);
    sweep_register("GS", load_gs, read_by_gs);
    sweep_register("SS", load_ss, read_by_ss);
    refused("its own alone can be loaded");
}

/* ---- Far transfers ---- */

struct __attribute__((packed)) far_pointer {
    uint32_t offset;
    uint16_t selector;
};

extern const char far_jump_target[], far_call_target[];

/* With a system call number that nobody knows, for the one gate that is an app's. */
static void far_call(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    uint32_t number = ABSURD_CALL;
    __asm__ volatile("lcall *%[target]\n\t"
                     "jmp 1f\n"
                     "far_call_target:\n\t"
                     "lret\n"
                     "1:"
                     : "+a"(number)
                     : [target] "m"(target)
                     : "edx", "memory", "cc");
}

static void far_jump(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    __asm__ volatile("ljmp *%[target]\n"
                     "far_jump_target:"
                     :
                     : [target] "m"(target)
                     : "memory");
}

static void far_return(uint32_t selector, uint32_t offset) {
    (void)offset;
    __asm__ volatile("pushl %0\n\t"
                     "pushl $1f\n\t"
                     "lret\n"
                     "1:"
                     :
                     : "r"(selector)
                     : "memory");
}

static void interrupt_return(uint32_t selector, uint32_t offset) {
    (void)offset;
    __asm__ volatile("pushfl\n\t"
                     "pushl %0\n\t"
                     "pushl $1f\n\t"
                     "iretl\n"
                     "1:"
                     :
                     : "r"(selector)
                     : "memory");
}

static bool is_own_code(uint32_t selector) {
    return (selector | 3) == SELECTOR_APP_CODE;
}

static void sweep_transfer(const char *what, attempt_function *transfer, const char *target,
                           bool may_take_gate) {
    uint32_t passed = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector = next_selector(selector)) {
        if (attempt(transfer, selector, (uint32_t)target) != NO_FAULT)
            continue;
        if (!is_own_code(selector) && !(may_take_gate && (selector | 3) == SELECTOR_SYSCALL_GATE))
            escaped("%s selector %x goes through", what, selector);
        passed++;
    }
    refused("%s selectors: %u go through, its own", what, passed);
}

static void call_every_selector(void) {
    sweep_transfer("far calls to", far_call, far_call_target, true);
}

static void jump_to_every_selector(void) {
    sweep_transfer("far jumps to", far_jump, far_jump_target, false);
}

static void return_to_every_selector(void) {
    sweep_transfer("far returns to", far_return, 0, false);
}

static void iret_to_every_selector(void) {
    sweep_transfer("iret to", interrupt_return, 0, false);
}

/* ---- What the CPU tells ---- */

static bool is_own_descriptor(uint32_t selector) {
    uint32_t index = INDEX(selector);
    return (is_own_data(selector) && index != 0) ||
           (selector & LOCAL && index == INDEX(SELECTOR_SYSCALL_GATE));
}

static void inspect_selectors(void) {
    uint32_t seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        uint32_t rights;
        bool sees;
        __asm__("larl %2, %1" : "=@ccz"(sees), "=r"(rights) : "r"(selector));
        if (sees && !is_own_descriptor(selector))
            escaped("selector %x has rights %x", selector, rights);
        seen += sees;
    }
    refused("%u of all selectors are seen, its own", seen);
}

static void measure_selectors(void) {
    uint32_t seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        uint32_t limit;
        bool sees;
        __asm__("lsll %2, %1" : "=@ccz"(sees), "=r"(limit) : "r"(selector));
        if (sees && !is_own_descriptor(selector))
            escaped("selector %x ends at %x", selector, limit);
        seen += sees;
    }
    refused("%u of all selectors have a limit, its own", seen);
}

static void verify_selectors(void) {
    uint32_t seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        bool reads, writes;
        __asm__("verr %w1" : "=@ccz"(reads) : "r"(selector));
        __asm__("verw %w1" : "=@ccz"(writes) : "r"(selector));
        if ((reads || writes) && !is_own_descriptor(selector))
            escaped("selector %x can be used", selector);
        seen += reads || writes;
    }
    refused("%u of all selectors can be used, its own", seen);
}

/* ---- Interrupts ---- */

#define BREAKPOINT  3u
#define OVERFLOW    4u
#define SYSTEM_CALL 0x80u
#define PROTECTION  13u
#define STUB_BYTES  4u

static void call_stub(uint32_t address, uint32_t unused) {
    uint32_t number = ABSURD_CALL;
    (void)unused;
    __asm__ volatile("call *%1" : "+a"(number) : "r"(address) : "memory", "cc");
}

static void interrupt_every_vector(void) {
    uint8_t *stubs =
        mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint32_t vector = 0; vector < 256; vector++) {
        const uint8_t stub[STUB_BYTES] = {0xCD, (uint8_t)vector, 0xC3};
        for (uint32_t i = 0; i < STUB_BYTES; i++)
            stubs[vector * STUB_BYTES + i] = stub[i];
    }
    for (uint32_t vector = 0; vector < 256; vector++) {
        uint32_t expected = vector == BREAKPOINT || vector == OVERFLOW ? FAULT(vector)
                            : vector == SYSTEM_CALL                    ? NO_FAULT
                                                                       : FAULT(PROTECTION);
        uint32_t fault = attempt(call_stub, (uint32_t)(stubs + vector * STUB_BYTES), 0);
        if (fault != expected)
            escaped("int %x ends in %x", vector, fault);
    }
    refused("three of 256 vectors are an app's");
}

/* ---- TLS ---- */

/* As Linux's <asm/ldt.h> has it. */
struct user_segment {
    unsigned entry, base, limit;
    unsigned is_32_bit : 1, contents : 2, read_only : 1, in_pages : 1, absent : 1, useable : 1;
};

#define FS_SLOT 7u

/* Every kind of segment that set_thread_area takes or not, and three places past the app's half through each:
 * in the manager, in the core, and at the very end. */
static uint32_t try_segment(uint32_t base, uint32_t limit, uint32_t kind) {
    static const uint32_t places[] = {MANAGER_STACK, CORE_WORD, 0xFFFFFFF0u, MANAGER_BASE};
    struct user_segment wanted = {
        .entry = FS_SLOT,
        .base = base,
        .limit = limit,
        .is_32_bit = kind & 1,
        .contents = kind >> 1 & 3,
        .read_only = kind >> 3 & 1,
        .in_pages = kind >> 4 & 1,
        .useable = kind >> 5 & 1,
    };
    if (syscall(SYS_set_thread_area, &wanted) != 0)
        return 0;
    for (uint32_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (attempt(read_by_fs, FS_SLOT << 3 | 3, places[i] - base) == NO_FAULT)
            escaped("base %x limit %x kind %x reads %x", base, limit, kind, places[i]);
    return 1;
}

static void ask_for_every_segment(void) {
    static const uint32_t bases[] = {0,          1,           0x1000,      0x08048000, 0x7FFFF000,
                                     0x7FFFFFFF, 0x80000000u, 0xE0000000u, 0xFFFFF000u};
    static const uint32_t limits[] = {0, 1, 0xFFF, 0x7FFFF, 0x80000, 0xFFFFE, 0xFFFFF};
    uint32_t accepted = 0, asked = 0;
    for (uint32_t base = 0; base < sizeof bases / sizeof bases[0]; base++)
        for (uint32_t limit = 0; limit < sizeof limits / sizeof limits[0]; limit++)
            for (uint32_t kind = 0; kind < 64; kind++, asked++)
                accepted += try_segment(bases[base], limits[limit], kind);
    refused("%u of %u are accepted, and none reaches past 2 GiB", accepted, asked);
}

const struct attack sweep_attacks[] = {
    {"load-every-selector", load_every_selector},
    {"call-every-selector", call_every_selector},
    {"jump-to-every-selector", jump_to_every_selector},
    {"return-to-every-selector", return_to_every_selector},
    {"iret-to-every-selector", iret_to_every_selector},
    {"inspect-selectors", inspect_selectors},
    {"measure-selectors", measure_selectors},
    {"verify-selectors", verify_selectors},
    {"interrupt-every-vector", interrupt_every_vector},
    {"ask-for-every-segment", ask_for_every_segment},
    {0, 0},
};
