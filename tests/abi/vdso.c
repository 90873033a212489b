// SPDX-License-Identifier: MIT
/*
 * The vdso: its clock and the system call's are one, whichever is read first and on which CPU, and nobody can write it.
 */
#include "tests/abi/check.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#define PAGE     4096
#define ROUNDS   2000
#define HANDOVER 20000

struct time_32 {
    int32_t seconds, nanoseconds;
};
struct time_64 {
    int64_t seconds, nanoseconds;
};

typedef int clock_32(int32_t clock, struct time_32 *time);
typedef int clock_64(int32_t clock, struct time_64 *time);

static clock_32 *vdso_32;
static clock_64 *vdso_64;

/* ---- What programs look for in it ------------------------------------------------------------ */

static const char *image(void) {
    return (const char *)getauxval(AT_SYSINFO_EHDR);
}

static const Elf32_Dyn *dynamic(void) {
    const Elf32_Ehdr *header = (const void *)image();
    const Elf32_Phdr *segments = (const void *)(image() + header->e_phoff);
    for (int n = 0; n < header->e_phnum; n++)
        if (segments[n].p_type == PT_DYNAMIC)
            return (const void *)(image() + segments[n].p_offset);
    return NULL;
}

/* The image is mapped as it lies in its file, and linked at 0. */
static const void *part(int32_t tag) {
    const Elf32_Dyn *entry = dynamic();
    while (entry->d_tag != DT_NULL && entry->d_tag != tag)
        entry++;
    CHECK(entry->d_tag == tag);
    return image() + entry->d_un.d_ptr;
}

static const void *find(const char *name) {
    const Elf32_Sym *symbols = part(DT_SYMTAB);
    const char *names = part(DT_STRTAB);
    const uint32_t *hash = part(DT_HASH);
    for (uint32_t n = 0; n < hash[1]; n++)
        if (strcmp(names + symbols[n].st_name, name) == 0)
            return image() + symbols[n].st_value;
    return NULL;
}

static int names_are_there(void) {
    CHECK(image() != NULL && memcmp(image(), ELFMAG, SELFMAG) == 0 && dynamic() != NULL);
    if (checks_failed != 0)
        return 0;
    vdso_32 = (clock_32 *)(uintptr_t)find("__vdso_clock_gettime");
    vdso_64 = (clock_64 *)(uintptr_t)find("__vdso_clock_gettime64");
    CHECK(vdso_32 != NULL && vdso_64 != NULL);
    CHECK(find("__kernel_vsyscall") == (const void *)getauxval(AT_SYSINFO));
    return checks_failed == 0;
}

/* ---- One clock ------------------------------------------------------------------------------- */

static int is_before(const struct time_64 *left, const struct time_64 *right) {
    return left->seconds < right->seconds ||
           (left->seconds == right->seconds && left->nanoseconds < right->nanoseconds);
}

static int raw_64(int32_t clock, struct time_64 *time) {
    return (int)syscall(SYS_clock_gettime64, clock, time);
}

/* By turns, in every width and by every way: each is no earlier than the one before. */
static void a_clock_is_one(int32_t clock) {
    struct time_64 times[4];
    struct time_32 narrow;
    struct timespec of_libc;
    for (int n = 0; n < ROUNDS; n++) {
        memset(times, 0xFF, sizeof(times));
        int failed = raw_64(clock, &times[0]) | vdso_64(clock, &times[1]) | vdso_32(clock, &narrow);
        failed |= clock_gettime(clock, &of_libc) | raw_64(clock, &times[3]);
        CHECK(!failed);
        times[2] = (struct time_64){narrow.seconds, narrow.nanoseconds};
        CHECK(!is_before(&times[1], &times[0]) && !is_before(&times[2], &times[1]));
        CHECK(!is_before(&times[3], &times[2]) && times[3].seconds - times[0].seconds <= 1);
        CHECK(of_libc.tv_sec >= times[2].seconds && of_libc.tv_sec <= times[3].seconds);
        if (checks_failed != 0)
            return;
    }
}

static void clocks_are_one(void) {
    static const int32_t clocks[] = {
        CLOCK_REALTIME,         CLOCK_MONOTONIC,         CLOCK_PROCESS_CPUTIME_ID,
        CLOCK_MONOTONIC_RAW,    CLOCK_THREAD_CPUTIME_ID, CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,          CLOCK_TAI,
    };
    for (unsigned n = 0; n < sizeof(clocks) / sizeof(clocks[0]); n++)
        a_clock_is_one(clocks[n]);
}

static void others_are_refused(void) {
    static const int32_t clocks[] = {12, 31, 32, 33, INT32_MAX, 3 - 8 * 30000};
    struct time_32 narrow;
    struct time_64 wide;
    for (unsigned n = 0; n < sizeof(clocks) / sizeof(clocks[0]); n++) {
        CHECK(vdso_64(clocks[n], &wide) == -EINVAL && vdso_32(clocks[n], &narrow) == -EINVAL);
        CHECK(fails_with(raw_64(clocks[n], &wide), EINVAL));
    }
}

/* ---- Two threads, which hand a time to and fro ------------------------------------------------- */

static volatile struct time_64 handed;
static volatile int turn;

static int take_time(int how, struct time_64 *time) {
    return how ? raw_64(CLOCK_MONOTONIC, time) : vdso_64(CLOCK_MONOTONIC, time);
}

/* `self`: 0 or 1. How many times were before the one that the other has taken. */
static int hand_over(int self) {
    struct time_64 mine, others;
    int early = 0;
    for (int n = 0; n < HANDOVER; n++) {
        for (int spin = 0; turn != self; spin++)
            if (spin % 1000 == 999)
                sched_yield();
        others = (struct time_64){handed.seconds, handed.nanoseconds};
        take_time((n ^ self) & 1, &mine);
        early += is_before(&mine, &others);
        handed.seconds = mine.seconds;
        handed.nanoseconds = mine.nanoseconds;
        turn = !self;
    }
    return early;
}

static void *other_thread(void *unused) {
    (void)unused;
    return (void *)(intptr_t)hand_over(1);
}

static void threads_agree(void) {
    pthread_t thread;
    void *early;
    CHECK(pthread_create(&thread, NULL, other_thread, NULL) == 0);
    CHECK(hand_over(0) == 0);
    pthread_join(thread, &early);
    CHECK(early == NULL);
}

/* ---- Nobody writes it ------------------------------------------------------------------------ */

static void write_it(void) {
    *(volatile char *)(uintptr_t)image() = 0;
}

static void let_a_call_write_it(void) {
    struct timespec least = {0, 1};
    int ends[2];
    CHECK(pipe(ends) == 0 && write(ends[1], &least, sizeof(least)) == sizeof(least));
    _exit(!fails_with(read(ends[0], (void *)(uintptr_t)image(), sizeof(least)), EFAULT));
}

/* As with any private page: whoever makes it writable writes a copy. */
static void write_own_copy(void) {
    char *page = (char *)(uintptr_t)image();
    if (mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) == 0)
        memset(page, 0, PAGE);
    _exit(0);
}

static void it_is_not_written(void) {
    char before[PAGE];
    memcpy(before, image(), PAGE);
    CHECK(was_killed_by(status_of(write_it), SIGSEGV));
    CHECK(status_of(let_a_call_write_it) == 0);
    CHECK(status_of(write_own_copy) == 0);
    CHECK(memcmp(before, image(), PAGE) == 0);
    a_clock_is_one(CLOCK_MONOTONIC);
}

int main(void) {
    if (names_are_there()) {
        clocks_are_one();
        others_are_refused();
        threads_agree();
        it_is_not_written();
    }
    return verdict();
}
