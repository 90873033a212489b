// SPDX-License-Identifier: MIT
/*
 * Programs with an interpreter (PT_INTERP): which one is started and what it is told, and how execve refuses those whose
 * interpreter is not there or is none. The files are made here, byte by byte. The interpreter that looks around is this
 * program itself: being static it lies where it was linked for, below the program whose interpreter it is.
 */
#include "tests/abi/check.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#define BASE    0x20000000u /* where a program that is made here was linked for */
#define ENDS    42          /* status of the interpreter that does nothing else */
#define LOOKED  "--looked"
#define NO_PATH 0xFFFFFFFFu

static char folder[] = "/tmp/interpreters-XXXXXX", self[64], small[64], program[64];

/* A file of one segment: what a test changes of it is changed before it is written. */
struct elf {
    Elf32_Ehdr header;
    Elf32_Phdr table[3]; /* the segment, and one or two interpreters */
    unsigned char code[16];
    char path[PATH_MAX + 2];
};

/* mov $1, %eax; mov $42, %ebx; int $0x80 */
static const unsigned char exits[] = {0xB8, 1, 0, 0, 0, 0xBB, ENDS, 0, 0, 0, 0xCD, 0x80};

static struct elf *plain(int type, unsigned address) {
    static struct elf elf;
    elf = (struct elf){
        .header = {.e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = (Elf32_Half)type,
                   .e_machine = EM_386,
                   .e_version = EV_CURRENT,
                   .e_entry = address + offsetof(struct elf, code),
                   .e_phoff = sizeof(Elf32_Ehdr),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 3},
        .table = {{PT_LOAD, 0, address, 0, sizeof elf, sizeof elf, PF_R | PF_X, 4096}},
    };
    memcpy(elf.code, exits, sizeof exits);
    return &elf;
}

static void name_interpreter(struct elf *elf, const char *path, size_t bytes) {
    strncpy(elf->path, path, sizeof elf->path - 1);
    elf->table[1] =
        (Elf32_Phdr){PT_INTERP, offsetof(struct elf, path), 0, 0, bytes, bytes, PF_R, 1};
}

static struct elf *with_interpreter(const char *path) {
    struct elf *elf = plain(ET_EXEC, BASE);
    name_interpreter(elf, path, strlen(path) + 1);
    return elf;
}

static void write_file(const char *path, const void *bytes, size_t count, int mode) {
    unlink(path);
    int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    CHECK(write(file, bytes, count) == (ssize_t)count && fchmod(file, (mode_t)mode) == 0);
    close(file);
}

static void write_elf(const char *path, const struct elf *elf) {
    write_file(path, elf, sizeof *elf, 0755);
}

/* What became of a program: the status that it ended with, or minus the errno that it was refused with. */
static int run(const struct elf *elf) {
    static char *words[] = {program, LOOKED, NULL}, *environment[] = {"A=b", NULL};
    int status, ends[2], error = 0;
    write_elf(program, elf);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execve(program, words, environment);
        write(ends[1], &errno, sizeof errno);
        _exit(1);
    }
    close(ends[1]);
    read(ends[0], &error, sizeof error);
    close(ends[0]);
    waitpid(child, &status, 0);
    return error != 0 ? -error : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_with(const char *path) {
    return run(with_interpreter(path));
}

/* ---- What is started ------------------------------------------------------------------------- */

/* As the interpreter: the vector is about the program, and it is there. */
static int look(char **given) {
    const Elf32_Ehdr *header = (const void *)BASE;
    CHECK(strcmp(given[0], (char *)getauxval(AT_EXECFN)) == 0 && strcmp(getenv("A"), "b") == 0);
    CHECK(memcmp(header->e_ident, ELFMAG, SELFMAG) == 0);
    CHECK(getauxval(AT_ENTRY) == header->e_entry);
    CHECK(getauxval(AT_PHDR) == BASE + header->e_phoff);
    CHECK(getauxval(AT_PHNUM) == header->e_phnum);
    CHECK(getauxval(AT_PHENT) == sizeof(Elf32_Phdr));
    CHECK(getauxval(AT_BASE) == 0); /* it lies where it was linked for */
    fflush(stdout);
    return checks_failed == 0 ? ENDS : 1;
}

static void an_interpreter_is_started(void) {
    write_elf(small, plain(ET_DYN, 0));
    CHECK(run_with(small) == ENDS);
    CHECK(run_with(self) == ENDS);
    write_elf(small, plain(ET_EXEC, BASE + 0x100000));
    CHECK(run_with(small) == ENDS);
    write_elf(small, plain(ET_DYN, 0x7000));
    CHECK(run_with(small) == ENDS);
}

static void what_an_interpreter_names_is_not_looked_at(void) {
    struct elf *elf = plain(ET_DYN, 0);
    name_interpreter(elf, "/nowhere", 9);
    write_elf(small, elf);
    CHECK(run_with(small) == ENDS);
    name_interpreter(elf, "", NO_PATH);
    write_elf(small, elf);
    CHECK(run_with(small) == ENDS);
}

static void the_first_path_counts(void) {
    struct elf *elf = with_interpreter(small);
    write_elf(small, plain(ET_DYN, 0));
    elf = with_interpreter(small);
    elf->table[2] = elf->table[1];
    elf->table[2].p_filesz = NO_PATH;
    CHECK(run(elf) == ENDS);
    elf->table[1].p_filesz = 1;
    elf->table[2].p_filesz = (Elf32_Word)strlen(small) + 1;
    CHECK(run(elf) == -ENOEXEC);
}

/* From where the caller is, and as long as a path may be. */
static void paths_are_paths(void) {
    char path[PATH_MAX + 1];
    CHECK(chdir(folder) == 0);
    write_elf(small, plain(ET_DYN, 0));
    CHECK(run_with("small") == ENDS);
    memset(path, '/', sizeof path);
    strcpy(path + PATH_MAX - 1 - strlen(small), small);
    CHECK(strlen(path) == PATH_MAX - 1 && run_with(path) == ENDS);
    struct elf *elf = with_interpreter(small);
    elf->table[1].p_filesz += 9; /* what follows a NUL is not the path */
    CHECK(run(elf) == ENDS);
    CHECK(chdir("/") == 0 && run_with("small") == -ENOENT);
}

/* ---- What is refused ------------------------------------------------------------------------- */

static int run_with_bytes(unsigned offset, unsigned bytes) {
    struct elf *elf = with_interpreter(small);
    elf->table[1].p_offset = offset;
    elf->table[1].p_filesz = bytes;
    return run(elf);
}

static void wrong_paths(void) {
    unsigned path = offsetof(struct elf, path), length = (unsigned)strlen(small);
    write_elf(small, plain(ET_DYN, 0));
    CHECK(run_with_bytes(path, length + 1) == ENDS);
    CHECK(run_with_bytes(path, length) == -ENOEXEC);
    CHECK(run_with_bytes(path, 0) == -ENOEXEC);
    CHECK(run_with_bytes(path, 1) == -ENOEXEC);
    CHECK(run_with_bytes(path, PATH_MAX + 1) == -ENOEXEC);
    CHECK(run_with_bytes(path, NO_PATH) == -ENOEXEC);
    CHECK(run_with_bytes(sizeof(struct elf) - 4, 5) == -EIO);
    CHECK(run_with_bytes(sizeof(struct elf) + 4096, 5) == -EIO);
    CHECK(run_with_bytes(path - 4, 2) == -EACCES); /* the folder where one is */
    CHECK(run_with("/nowhere/at/all") == -ENOENT);
    CHECK(run_with(folder) == -EACCES);
    CHECK(run_with("/dev/null") == -EACCES);
    CHECK(run_with("/dev/null/of") == -ENOTDIR);
}

static int run_with_interpreter(const struct elf *elf, size_t bytes) {
    write_file(small, elf, bytes, 0755);
    return run_with(small);
}

static void wrong_interpreters(void) {
    struct elf *elf = plain(ET_DYN, 0);
    static struct elf kept;
    kept = *elf;
    CHECK(run_with_interpreter(&kept, 0) == -EIO);
    CHECK(run_with_interpreter(&kept, sizeof(Elf32_Ehdr) - 1) == -EIO);
    CHECK(run_with_interpreter(&kept, sizeof(Elf32_Ehdr)) == -ELIBBAD);
    kept.header.e_machine = EM_X86_64;
    CHECK(run_with_interpreter(&kept, sizeof kept) == -ELIBBAD);
    kept.header.e_machine = EM_386;
    kept.header.e_phentsize = sizeof(Elf64_Phdr);
    CHECK(run_with_interpreter(&kept, sizeof kept) == -ELIBBAD);
    kept.header.e_phentsize = sizeof(Elf32_Phdr);
    kept.header.e_phnum = 0;
    CHECK(run_with_interpreter(&kept, sizeof kept) == -ELIBBAD);
    kept.header.e_phnum = 0xFFFF;
    CHECK(run_with_interpreter(&kept, sizeof kept) == -ELIBBAD);
    memcpy(&kept, "#!/bin/sh\n", 10);
    CHECK(run_with_interpreter(&kept, sizeof kept) == -ELIBBAD);
    write_file(small, plain(ET_DYN, 0), sizeof(struct elf), 0644);
    CHECK(run_with(small) == -EACCES);
}

static void copy_self(void) {
    static char bytes[1 << 20];
    int file = open("/proc/self/exe", O_RDONLY);
    ssize_t count = read(file, bytes, sizeof bytes);
    close(file);
    CHECK(count > 0 && count < (ssize_t)sizeof bytes);
    write_file(self, bytes, (size_t)count, 0755);
}

int main(int count, char **given) {
    if (count == 2 && strcmp(given[1], LOOKED) == 0)
        return look(given);
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0);
    snprintf(self, sizeof self, "%s/self", folder);
    snprintf(small, sizeof small, "%s/small", folder);
    snprintf(program, sizeof program, "%s/program", folder);
    copy_self();
    an_interpreter_is_started();
    what_an_interpreter_names_is_not_looked_at();
    the_first_path_counts();
    paths_are_paths();
    wrong_paths();
    wrong_interpreters();
    CHECK(unlink(self) == 0 && unlink(small) == 0 && unlink(program) == 0 && rmdir(folder) == 0);
    return verdict();
}
