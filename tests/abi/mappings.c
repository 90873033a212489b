// SPDX-License-Identifier: MIT
/*
 * mmap and its relatives, copy-on-write, the heap, the stack, and addresses that are none.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define PAGE      4096
#define PAGES     256
#define FILE_NAME "/tmp/mappings"

static char *anonymous(size_t bytes, int protection) {
    return mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *memory;

static int pages_hold_their_number(void) {
    for (int page = 0; page < PAGES; page++)
        if (memory[page * PAGE] != (char)page)
            return 0;
    return 1;
}

static void overwrite_all(void) {
    if (!pages_hold_their_number())
        _exit(1);
    memset(memory, 0x55, PAGES * PAGE);
}

static void forked_memory_is_copied_on_write(void) {
    memory = anonymous(PAGES * PAGE, PROT_READ | PROT_WRITE);
    CHECK(memory != MAP_FAILED && memory[5 * PAGE] == 0);
    for (int page = 0; page < PAGES; page++)
        memory[page * PAGE] = (char)page;
    CHECK(status_of(overwrite_all) == 0);
    CHECK(pages_hold_their_number());
}

static void write_to_third_page(void) {
    memory[2 * PAGE] = 1;
}
static void write_to_first_page(void) {
    memory[0] = 1;
}

static void mappings_move_shrink_and_split(void) {
    memory = mremap(memory, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE);
    CHECK(memory != MAP_FAILED && pages_hold_their_number() && memory[PAGES * PAGE + 9] == 0);
    CHECK(munmap(memory + 2 * PAGE, PAGE) == 0);
    CHECK(was_killed_by(status_of(write_to_third_page), SIGSEGV));
    CHECK(mprotect(memory, PAGE, PROT_READ) == 0);
    CHECK(was_killed_by(status_of(write_to_first_page), SIGSEGV));
    CHECK(mprotect(memory, PAGE, PROT_READ | PROT_WRITE) == 0);
    CHECK(status_of(write_to_first_page) == 0);
    CHECK(mprotect(memory + PAGE, 4 * PAGE, PROT_READ) == -1 && errno == ENOMEM);
    CHECK(memory[3 * PAGE] == 3 && madvise(memory + 3 * PAGE, PAGE, MADV_DONTNEED) == 0);
    CHECK(memory[3 * PAGE] == 0);
    CHECK(munmap(memory, 2 * PAGES * PAGE) == 0);
}

static volatile int *shared;
static void write_shared(void) {
    *shared = 99;
}

static void shared_memory_is_shared(void) {
    shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(status_of(write_shared) == 0 && *shared == 99);
}

static void files_and_their_mappings_agree(void) {
    char text[6] = {0};
    int file = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && ftruncate(file, 2 * PAGE) == 0);
    char *common = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *own = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    CHECK(common != MAP_FAILED && own != MAP_FAILED);
    strcpy(common + PAGE, "hello");
    CHECK(pread(file, text, 5, PAGE) == 5 && strcmp(text, "hello") == 0);
    CHECK(pwrite(file, "J", 1, PAGE) == 1 && common[PAGE] == 'J');
    own[PAGE + 1] = 'u';
    CHECK(common[PAGE + 1] == 'e' && own[PAGE] == 'J');
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 1) == MAP_FAILED && errno == EINVAL);
    unlink(FILE_NAME);
    close(file);
}

static char *beyond;
static void read_beyond(void) {
    *(volatile char *)beyond;
}

static void past_the_end_of_a_file_is_sigbus(void) {
    int file = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(write(file, "x", 1) == 1);
    char *mapped = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
    beyond = mapped + PAGE;
    CHECK(mapped[0] == 'x' && mapped[PAGE - 1] == 0);
    CHECK(was_killed_by(status_of(read_beyond), SIGBUS));
    unlink(FILE_NAME);
    close(file);
}

static void the_heap_grows_and_shrinks(void) {
    char *start = (char *)syscall(SYS_brk, 0);
    CHECK((char *)syscall(SYS_brk, start + 100000) == start + 100000);
    memset(start, 1, 100000);
    CHECK((char *)syscall(SYS_brk, start) == start);
    CHECK((char *)syscall(SYS_brk, 0xFFFFF000) == start);
}

static void the_stack_grows(void) {
    volatile char big[600000];
    big[0] = 1;
    big[sizeof big - 1] = 2;
    CHECK(big[0] + big[sizeof big - 1] == 3);
}

static void bad_addresses_are_efault(void) {
    static int *volatile nowhere = (int *)0x10;
    char byte = 0;
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(write(ends[1], nowhere, 5) == -1 && errno == EFAULT);
    CHECK(write(ends[1], (void *)0xFFFFF000, 5) == -1 && errno == EFAULT);
    CHECK(write(ends[1], "abc", 3) == 3);
    CHECK(read(ends[0], nowhere, 5) == -1 && errno == EFAULT);
    CHECK(pipe(nowhere) == -1 && errno == EFAULT);
    CHECK(munmap(&byte, PAGE) == -1 && errno == EINVAL);
    CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK(anonymous(0xF0000000, PROT_READ) == MAP_FAILED && errno == ENOMEM);
    close(ends[0]);
    close(ends[1]);
}

static void execute_data(void) {
    static char code[] = {(char)0xC3};
    ((void (*)(void))(void *)code)();
}

static void data_is_not_code(void) {
    CHECK(was_killed_by(status_of(execute_data), SIGSEGV));
    char *code = anonymous(PAGE, PROT_READ | PROT_WRITE);
    code[0] = (char)0xC3;
    CHECK(mprotect(code, PAGE, PROT_READ | PROT_EXEC) == 0);
    ((void (*)(void))(void *)code)();
}

/* Also of a file whose name is gone. */
static void a_mapping_is_an_access(void) {
    struct stat before, after;
    int file = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(write(file, "x", 1) == 1 && unlink(FILE_NAME) == 0 && fstat(file, &before) == 0);
    usleep(20000);
    volatile char *mapped = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
    CHECK(mapped[0] == 'x' && fstat(file, &after) == 0);
    CHECK(after.st_atim.tv_sec > before.st_atim.tv_sec ||
          after.st_atim.tv_nsec > before.st_atim.tv_nsec);
    close(file);
}

static int is_resident(char *page) {
    unsigned char one = 0;
    return mincore(page, PAGE, &one) == 0 && one & 1;
}

static int locked_kilobytes(void) {
    char line[128];
    int found = -1;
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        sscanf(line, "VmLck: %d", &found);
    fclose(status);
    return found;
}

static void nothing_is_locked(void) {
    if (locked_kilobytes() != 0)
        _exit(1);
}

static void beyond_the_limit(void) {
    struct rlimit none = {0, 0}, one = {PAGE, PAGE};
    CHECK(setuid(1) == 0 && setrlimit(RLIMIT_MEMLOCK, &one) == 0);
    CHECK(mlock(memory, PAGE) == 0 && mlock(memory, PAGE) == 0);
    CHECK(fails_with(mlock(memory, 2 * PAGE), ENOMEM));
    CHECK(setrlimit(RLIMIT_MEMLOCK, &none) == 0 && fails_with(mlock(memory, PAGE), EPERM));
    _exit(checks_failed);
}

static void locked_memory_is_there(void) {
    memory = anonymous(4 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(!is_resident(memory) && mlock(memory + 1, PAGE) == 0);
    CHECK(is_resident(memory) && is_resident(memory + PAGE) && !is_resident(memory + 2 * PAGE));
    CHECK(locked_kilobytes() == 2 * PAGE / 1024 && status_of(nothing_is_locked) == 0);
    CHECK(fails_with(msync(memory, PAGE, MS_SYNC | MS_INVALIDATE), EBUSY));
    CHECK(msync(memory, PAGE, MS_SYNC) == 0 && munlock(memory, PAGE) == 0);
    CHECK(msync(memory, PAGE, MS_SYNC | MS_INVALIDATE) == 0 && locked_kilobytes() == PAGE / 1024);
    CHECK(munlockall() == 0 && locked_kilobytes() == 0);
    CHECK(mlockall(MCL_FUTURE) == 0);
    char *later = anonymous(PAGE, PROT_READ | PROT_WRITE);
    CHECK(is_resident(later) && locked_kilobytes() >= PAGE / 1024);
    CHECK(munlockall() == 0 && locked_kilobytes() == 0);
    CHECK(fails_with(mlockall(0), EINVAL) && fails_with(mlockall(64), EINVAL));
    CHECK(fails_with(mlock((void *)0x10000, PAGE), ENOMEM));
    if (getuid() == 0)
        CHECK(status_of(beyond_the_limit) == 0);
    munmap(memory, 4 * PAGE);
}

int main(void) {
    forked_memory_is_copied_on_write();
    mappings_move_shrink_and_split();
    shared_memory_is_shared();
    files_and_their_mappings_agree();
    past_the_end_of_a_file_is_sigbus();
    the_heap_grows_and_shrinks();
    the_stack_grows();
    bad_addresses_are_efault();
    data_is_not_code();
    a_mapping_is_an_access();
    locked_memory_is_there();
    return verdict();
}
