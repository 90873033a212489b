// SPDX-License-Identifier: MIT
/*
 * System calls with arguments that are not the app's to give: the manager could reach that memory, so it looks
 * before it does.
 */
#define _GNU_SOURCE
#include "tests/escape/ring3/attack.h"

#include "kernel/abi/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MANAGER_STACK (MANAGER_MAPPINGS_LIMIT - 64)
#define CORE_WORD     (CORE_BASE + 0x500u)
#define FUTEX_REQUEUE 3

static _Noreturn void judge(long result) {
    if (result >= 0)
        escaped("the call did it: %lx", result);
    refused("errno %d", errno);
}

static void read_into_manager(void) {
    judge(read(open("/dev/zero", O_RDONLY), (void *)MANAGER_STACK, 4));
}

static void read_into_core(void) {
    judge(read(open("/dev/zero", O_RDONLY), (void *)CORE_WORD, 4));
}

/* It would tell what lies there. */
static void write_from_manager(void) {
    int pipes[2];
    if (pipe(pipes) != 0)
        refused("no pipe");
    judge(write(pipes[1], (const void *)MANAGER_STACK, 4));
}

/* Begins below the fence, ends past it. */
static void write_across_fence(void) {
    int pipes[2];
    if (pipe(pipes) != 0)
        refused("no pipe");
    judge(write(pipes[1], (const void *)(APP_LIMIT - 2), 4));
}

/* A length that wraps around. */
static void write_around_the_end(void) {
    static const char text[] = "text";
    int pipes[2];
    if (pipe(pipes) != 0)
        refused("no pipe");
    fcntl(pipes[1], F_SETFL, O_NONBLOCK);
    long result = syscall(SYS_write, pipes[1], text, 0xFFFFFFF0u);
    if (result > 0x100000)
        escaped("%ld bytes of 4 GiB were written", result);
    refused("%ld, errno %d", result, errno);
}

static void gather_from_manager(void) {
    const struct iovec vector = {(void *)MANAGER_STACK, 4};
    int pipes[2];
    if (pipe(pipes) != 0)
        refused("no pipe");
    judge(writev(pipes[1], &vector, 1));
}

static void gather_by_manager(void) {
    judge(writev(1, (const struct iovec *)MANAGER_STACK, 1));
}

static void open_name_in_manager(void) {
    judge(open((const char *)MANAGER_BASE, O_RDONLY));
}

static void stat_into_manager(void) {
    judge(syscall(SYS_stat64, "/", MANAGER_STACK));
}

static void time_into_manager(void) {
    judge(syscall(SYS_clock_gettime32, 0, MANAGER_STACK));
}

static void wait_on_manager_word(void) {
    judge(syscall(SYS_futex, MANAGER_STACK, 0, 0, 0));
}

static void describe_segment_in_manager(void) {
    judge(syscall(SYS_set_thread_area, MANAGER_STACK));
}

/* ---- Memory of the manager's, mapped or taken away ---- */

static void map_over_manager(void) {
    void *page = mmap((void *)MANAGER_MAPPINGS, PAGE_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    judge(page == MAP_FAILED ? -1 : 0);
}

static void map_across_fence(void) {
    void *page = mmap((void *)(APP_LIMIT - PAGE_SIZE), 2 * PAGE_SIZE, PROT_READ,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    judge(page == MAP_FAILED ? -1 : 0);
}

static void map_around_the_end(void) {
    void *page = mmap((void *)0x10000000, 0xFFFFF000u, PROT_READ,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    judge(page == MAP_FAILED ? -1 : 0);
}

static void unmap_manager(void) {
    judge(munmap((void *)MANAGER_MAPPINGS, PAGE_SIZE));
}

static void protect_manager(void) {
    judge(mprotect((void *)MANAGER_MAPPINGS, PAGE_SIZE, PROT_READ | PROT_WRITE));
}

static void move_to_manager(void) {
    void *page = mmap(0, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page = mremap(page, PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, MANAGER_MAPPINGS);
    judge(page == MAP_FAILED ? -1 : 0);
}

static void grow_heap_to_manager(void) {
    uint32_t before = (uint32_t)syscall(SYS_brk, 0), after = (uint32_t)syscall(SYS_brk, APP_LIMIT);
    if (after != before)
        escaped("the heap ends at %x", after);
    refused("the heap still ends at %x", after);
}

/* ---- Calls that Linux has and that would open what is shut here ---- */

static void ask_for_io_level(void) {
    judge(syscall(SYS_iopl, 3));
}
static void ask_for_ports(void) {
    judge(syscall(SYS_ioperm, 0x3F8, 8, 1));
}
static void ask_for_virtual_8086(void) {
    static uint32_t state[64];
    judge(syscall(SYS_vm86old, state));
}
static void ask_for_ldt(void) {
    static uint32_t description[4];
    judge(syscall(SYS_modify_ldt, 1, description, sizeof description));
}
static void ask_for_debug_registers(void) {
    judge(syscall(SYS_ptrace, 6, getpid(), 252 + 28, 1)); /* PTRACE_POKEUSER, u_debugreg[7] */
}
/* Numbers that no table has. */
/* Sleepers move to another word, and that lies past the app's last page, where the manager's record of pages ends. */
static void wake_beyond_limit(void) {
    for (uint32_t page = 0; page < 1024; page++) {
        static uint32_t word;
        syscall(SYS_futex, &word, FUTEX_REQUEUE, 1, 1, APP_LIMIT + page * PAGE_SIZE, 0);
    }
    refused("nobody is woken");
}

static void call_past_table(void) {
    static const uint32_t numbers[] = {512,        0x7000,      0x10000000,  0x3FFFFFFF,
                                       0x7FFFFFFF, 0x80000000u, 0xC0000000u, 0xFFFFFFFFu};
    for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int32_t result = (int32_t)numbers[i];
        __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "cc");
        if (result != -ENOSYS)
            escaped("call %x answers %d", numbers[i], result);
    }
    refused("ENOSYS to all");
}

const struct attack argument_attacks[] = {
    {"read-into-manager", read_into_manager},
    {"read-into-core", read_into_core},
    {"write-from-manager", write_from_manager},
    {"write-across-fence", write_across_fence},
    {"write-around-the-end", write_around_the_end},
    {"gather-from-manager", gather_from_manager},
    {"gather-by-manager", gather_by_manager},
    {"open-name-in-manager", open_name_in_manager},
    {"stat-into-manager", stat_into_manager},
    {"time-into-manager", time_into_manager},
    {"wait-on-manager-word", wait_on_manager_word},
    {"describe-segment-in-manager", describe_segment_in_manager},
    {"map-over-manager", map_over_manager},
    {"map-across-fence", map_across_fence},
    {"map-around-the-end", map_around_the_end},
    {"unmap-manager", unmap_manager},
    {"protect-manager", protect_manager},
    {"move-to-manager", move_to_manager},
    {"grow-heap-to-manager", grow_heap_to_manager},
    {"ask-for-io-level", ask_for_io_level},
    {"ask-for-ports", ask_for_ports},
    {"ask-for-virtual-8086", ask_for_virtual_8086},
    {"ask-for-ldt", ask_for_ldt},
    {"ask-for-debug-registers", ask_for_debug_registers},
    {"wake-beyond-limit", wake_beyond_limit},
    {"call-past-table", call_past_table},
    {0, 0},
};
