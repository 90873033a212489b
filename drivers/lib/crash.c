// SPDX-License-Identifier: MIT
/*
 * See crash.h. The instructions are written in assembly, since a compiler may drop or change what
 * it can prove to be a fault. The wild addresses are the core's suggestion (crash_target); where a
 * fence holds, the first one faults, and a later one is reached only if an earlier one did damage.
 */
#include "drivers/lib/crash.h"

#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/loop.h"
#include "drivers/lib/port.h"

#define WILD_TARGETS 4
#define INTERRUPT_MASK_PORT                                                                        \
    0x21 /* of the first 8259: no manifest can name it, and it would hurt                          \
          */

static const char *const target_name[WILD_TARGETS] = {"core", "other driver", "tenant",
                                                      "entry area"};

static void write_word(uint32_t address) {
    __asm__ volatile("movl $0xdeadbeef, (%0)" : : "r"(address) : "memory");
}

static uint32_t read_word(uint32_t address) {
    uint32_t word;
    __asm__ volatile("movl (%1), %0" : "=r"(word) : "r"(address) : "memory");
    return word;
}

static void write_wildly(void) {
    for (uint32_t i = 0; i < WILD_TARGETS; i++) {
        uint32_t target = driver_information()->crash_target[i];
        if (target == 0)
            continue;
        write_word(target);
        driver_log("wild write: the word at %08x of the %s was overwritten", target,
                   target_name[i]);
    }
}

static void read_wildly(void) {
    for (uint32_t i = 0; i < WILD_TARGETS; i++) {
        uint32_t target = driver_information()->crash_target[i];
        if (target == 0)
            continue;
        uint32_t word = read_word(target);
        driver_log("wild read: the %s holds %08x at %08x", target_name[i], word, target);
    }
}

static void jump_wildly(void) {
    __asm__ volatile("jmp *%0" : : "r"(driver_information()->crash_target[0]) : "memory");
}

/* Each call takes a piece of stack and writes to it, until there is none left. */
__attribute__((noinline)) static uint32_t recurse(uint32_t depth) {
    volatile uint32_t piece[64];
    piece[depth % 64] = depth;
    return depth == 0 ? 0 : recurse(depth - 1) + piece[depth % 64];
}

static void run_privileged(void) {
    __asm__ volatile("cli");
    __asm__ volatile("movl %%cr3, %%eax\n\t"
                     "movl %%eax, %%cr3"
                     :
                     :
                     : "eax", "memory");
    __asm__ volatile("hlt");
}

static void divide_by_zero(void) {
    __asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0) : "cc");
}

/* An id that was never handed out, one that was with more bytes than any request has, and none. */
static void complete_badly(void) {
    uint32_t in_flight = loop_in_flight();
    uint32_t idle = (uint32_t)__builtin_ctz(~in_flight);
    gate_complete(idle, STATUS_OK, IO_BYTES_MAX);
    if (in_flight != 0)
        gate_complete((uint32_t)__builtin_ctz(in_flight), STATUS_OK, 0xFFFFFFFFu);
    gate_complete(0xFFFFFFFFu, (enum status)0xFFFFFFFFu, 0xFFFFFFFFu);
}

static _Noreturn void loop_for_ever(void) {
    for (;;)
        __asm__ volatile("pause");
}

/* Alive by its gate calls, and yet it never comes back to DRIVER_WAIT. */
static _Noreturn void hang(void) {
    for (;;)
        gate_null();
}

void crash(enum crash_kind kind) {
    if (kind >= CRASH_OWN && driver_own_fault) {
        driver_own_fault(kind - CRASH_OWN);
        return;
    }
    switch (kind) {
    case CRASH_NULL:
        write_word(0);
        break;
    case CRASH_WILD_WRITE:
        write_wildly();
        break;
    case CRASH_WILD_READ:
        read_wildly();
        break;
    case CRASH_JUMP:
        jump_wildly();
        break;
    case CRASH_STACK:
        recurse(0xFFFFFFFFu);
        break;
    case CRASH_LOOP:
        loop_for_ever();
    case CRASH_PRIVILEGED:
        run_privileged();
        break;
    case CRASH_PORT:
        port_write8(INTERRUPT_MASK_PORT, 0xFF);
        break;
    case CRASH_DIVIDE:
        divide_by_zero();
        break;
    case CRASH_BAD_COMPLETION:
        complete_badly();
        break;
    case CRASH_HANG:
        hang();
    case CRASH_NONE:
    case CRASH_KIND_COUNT:
        break;
    }
    driver_log("crash kind %u went through without a fault", (uint32_t)kind);
}
