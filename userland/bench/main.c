// SPDX-License-Identifier: MIT
/*
 * What a program in a tenant pays, in TSC ticks an operation: under QEMU's -icount these are instructions.
 * One line a figure: "name ticks". The empty loop is measured too and subtracted.
 *
 *   bench                    all figures
 *   bench read DEVICE COUNT  COUNT reads of 4 KiB with O_DIRECT, for whoever measures from outside
 *
 * Each operation checks its own result: a figure of something that failed is worth nothing.
 */
#define _GNU_SOURCE /* O_DIRECT */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE   4096
#define REGION (1 << 20)

static int zero, sink, pipe_ends[2], to_child[2], from_child[2];
static const char *self;

static uint64_t ticks(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static void must(int condition, const char *what) {
    if (condition)
        return;
    perror(what);
    exit(1);
}

static void nothing(void) {}

/* Through the trap gate, whatever musl would take. */
static void null_int80(void) {
    long result = SYS_getppid;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    must(result >= 0, "getppid");
}

static void null_libc(void) {
    must(syscall(SYS_getppid) >= 0, "getppid");
}

static void read_zero(void) {
    char byte;
    must(read(zero, &byte, 1) == 1, "read");
}

static void write_null(void) {
    must(write(sink, "x", 1) == 1, "write");
}

static void clock_call(void) {
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
}

static void fork_wait(void) {
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0, "fork");
}

static void fork_exec_wait(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        execl(self, self, "nothing", (char *)NULL);
        _exit(127);
    }
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0, "exec");
}

static void vfork_exec_wait(void) {
    int status;
    pid_t child = vfork();
    if (child == 0) {
        execl(self, self, "nothing", (char *)NULL);
        _exit(127);
    }
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0, "exec");
}

static void pipe_alone(void) {
    char byte = 0;
    must(write(pipe_ends[1], &byte, 1) == 1 && read(pipe_ends[0], &byte, 1) == 1, "pipe");
}

static void pipe_round_trip(void) {
    char byte = 0;
    must(write(to_child[1], &byte, 1) == 1 && read(from_child[0], &byte, 1) == 1, "pipe");
}

static void open_close(void) {
    int file = open("/etc/passwd", O_RDONLY);
    must(file >= 0 && close(file) == 0, "open");
}

static void stat_path(void) {
    struct stat status;
    must(stat("/etc/passwd", &status) == 0, "stat");
}

static void create_unlink(void) {
    int file = open("/tmp/bench", O_CREAT | O_RDWR, 0600);
    must(file >= 0 && close(file) == 0 && unlink("/tmp/bench") == 0, "create");
}

static void touch_pages(void) {
    char *region = mmap(NULL, REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(region != MAP_FAILED, "mmap");
    for (int at = 0; at < REGION; at += PAGE)
        region[at] = 1;
    must(munmap(region, REGION) == 0, "munmap");
}

static void report(const char *name, void (*volatile operation)(void), uint32_t rounds,
                   uint32_t divisor) {
    void (*volatile empty)(void) = nothing;
    uint64_t start = ticks();
    for (uint32_t round = 0; round < rounds; round++)
        empty();
    uint64_t loop = ticks() - start;

    operation(); /* what happens only once is not counted */
    start = ticks();
    for (uint32_t round = 0; round < rounds; round++)
        operation();
    printf("%s %llu\n", name, (unsigned long long)((ticks() - start - loop) / rounds / divisor));
}

static void start_echo(void) {
    must(pipe(pipe_ends) == 0 && pipe(to_child) == 0 && pipe(from_child) == 0, "pipe");
    if (fork() != 0)
        return;
    char byte;
    while (read(to_child[0], &byte, 1) == 1 && write(from_child[1], &byte, 1) == 1)
        continue;
    _exit(0);
}

/* COUNT reads of 4 KiB around the page cache, each at another place. */
static int read_blocks(const char *device, uint32_t count) {
    char *buffer = aligned_alloc(PAGE, PAGE);
    int disk = open(device, O_RDONLY | O_DIRECT);
    must(buffer && disk >= 0, device);
    for (uint32_t i = 0; i < count; i++)
        must(pread(disk, buffer, PAGE, (off_t)(i * 37 % 4096) * PAGE) == PAGE, "pread");
    return 0;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "nothing") == 0)
        return 0;
    if (count > 3 && strcmp(arguments[1], "read") == 0)
        return read_blocks(arguments[2], (uint32_t)atoi(arguments[3]));
    self = "/proc/self/exe";
    must((zero = open("/dev/zero", O_RDONLY)) >= 0, "/dev/zero");
    must((sink = open("/dev/null", O_WRONLY)) >= 0, "/dev/null");
    report("null-syscall-int80", null_int80, 5000, 1);
    report("null-syscall-libc", null_libc, 5000, 1);
    report("read-zero-1", read_zero, 3000, 1);
    report("write-null-1", write_null, 3000, 1);
    report("clock-gettime", clock_call, 3000, 1);
    report("open-close", open_close, 500, 1);
    report("stat", stat_path, 500, 1);
    report("create-unlink", create_unlink, 200, 1);
    report("page-fault", touch_pages, 4, REGION / PAGE);
    report("fork-exit-wait", fork_wait, 20, 1);
    report("fork-exec-wait", fork_exec_wait, 20, 1);
    report("vfork-exec-wait", vfork_exec_wait, 20, 1);
    start_echo();
    report("pipe-alone", pipe_alone, 1000, 1);
    report("pipe-round-trip", pipe_round_trip, 500, 1);
    close(to_child[1]);
    return 0;
}
