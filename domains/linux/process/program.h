// SPDX-License-Identifier: MIT
/*
 * A program file on its way into an address space.
 *
 *   open ──> "#!"? ──yes──> the interpreter it names, the script as its argument; again, 4 deep
 *              │ no
 *            ELF ──> map its segments, and those of its interpreter (PT_INTERP) ──> stack
 */
#ifndef DOMAINS_LINUX_PROCESS_PROGRAM_H
#define DOMAINS_LINUX_PROCESS_PROGRAM_H

#include "domains/linux/memory/space.h"
#include "domains/linux/process/arguments.h"
#include "domains/linux/process/elf.h"

#define SCRIPT_DEPTH 4

struct program {
    struct file *file; /* held: the ELF */
    const char *path;  /* as the caller named it; borrowed */
    char *name; /* heap: the same if it starts at a descriptor, as /dev/fd/N says it; or NULL */
    bool will_close; /* that descriptor, by the exec itself */
    uint32_t prefix_count;
    char *prefix[2 * SCRIPT_DEPTH + 1]; /* heap: arguments that scripts put before argv[1] */
};

/* What exec's registers and auxiliary vector need. */
struct loaded_program {
    uint32_t entry; /* where to begin: the interpreter's, if there is one */
    uint32_t program_entry;
    uint32_t table_address, table_count;
    uint32_t interpreter_base; /* how far from where it was linked for; 0: none */
    bool executable_stack;
    uint32_t stack; /* first ESP */
};

/* Opens and resolves scripts. `directory` and `flags` (AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW) as in execveat. 0 or a negative
 * errno. */
int program_open(struct program *program, int directory, const char *path, uint32_t flags);
/* What it is called from now on. */
const char *program_name(const struct program *program);
void program_close(struct program *program);
/* Maps the ELF and its interpreter. 0 or a negative errno. */
int program_load(const struct program *program, struct address_space *space,
                 struct loaded_program *loaded);
/* Moves the strings to the top of the stack and writes argc, argv, envp and auxv below. Adds
 * execfn, platform and random bytes to the strings. `secure`: the program runs with raised rights.
 * */
int program_build_stack(const struct program *program, struct arguments *arguments,
                        struct address_space *space, struct loaded_program *loaded, bool secure);

#endif
