// SPDX-License-Identifier: MIT
/*
 * A new program's first stack, as the i386 ABI draws it:
 *
 *   the vdso  ┌─────────────────────────────────────────────┐
 *             │ strings: argv, envp, execfn, platform, random│  the argument frames
 *             ├─────────────────────────────────────────────┤
 *             │ auxv: pairs of words, ends with AT_NULL      │
 *             │ envp[0] … NULL                               │
 *             │ argv[0] … NULL                               │
 *             │ argc                                         │  <- ESP, a multiple of 16
 *             └─────────────────────────────────────────────┘
 */
#include "domains/lib/heap.h"
#include "domains/linux/device/random.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/vdso.h"
#include "domains/linux/process/process.h"
#include "domains/linux/process/program.h"

#include "kernel/abi/layout.h"

enum {
    AT_NULL,
    AT_PHDR = 3,
    AT_PHENT,
    AT_PHNUM,
    AT_PAGESZ,
    AT_BASE,
    AT_FLAGS,
    AT_ENTRY,
    AT_UID = 11,
    AT_EUID,
    AT_GID,
    AT_EGID,
    AT_PLATFORM,
    AT_HWCAP,
    AT_CLKTCK,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_EXECFN = 31,
    AT_SYSINFO = 32,
    AT_SYSINFO_EHDR
};

#define CLOCK_TICKS  100
#define RANDOM_BYTES 16
#define AUXV_PAIRS   20

/* Words on their way to the stack, in ascending order, some at a time. */
struct writer {
    struct address_space *space;
    uint32_t address;
    uint32_t count;
    uint32_t words[32];
    int error;
};

static void flush(struct writer *writer) {
    uint32_t bytes = writer->count * (uint32_t)sizeof(writer->words[0]);
    if (writer->error == 0)
        writer->error = address_space_write(writer->space, writer->address, writer->words, bytes);
    writer->address += bytes;
    writer->count = 0;
}

static void put(struct writer *writer, uint32_t word) {
    if (writer->count == sizeof(writer->words) / sizeof(writer->words[0]))
        flush(writer);
    writer->words[writer->count++] = word;
}

static void put_pair(struct writer *writer, uint32_t type, uint32_t value) {
    put(writer, type);
    put(writer, value);
}

/* Pointers to `count` strings from `offset` on; returns the offset behind them. */
static uint32_t put_pointers(struct writer *writer, const struct arguments *arguments,
                             uint32_t base, uint32_t offset, uint32_t count) {
    while (count-- > 0) {
        put(writer, base + offset);
        offset = arguments_next(arguments, offset);
    }
    put(writer, 0);
    return offset;
}

static uint32_t processor_features(void) {
    uint32_t leaf = 1, ebx, ecx, edx;
    __asm__("cpuid" : "+a"(leaf), "=b"(ebx), "=c"(ecx), "=d"(edx));
    return edx;
}

struct extras {
    uint32_t path, platform, random; /* offsets among the strings */
};

static int add_extras(const struct program *program, struct arguments *arguments,
                      struct extras *extras) {
    char random[RANDOM_BYTES];
    random_bytes(random, sizeof(random));
    extras->path = arguments->bytes;
    int error = arguments_add_string(arguments, program_name(program));
    extras->platform = arguments->bytes;
    if (error == 0)
        error = arguments_add_string(arguments, "i686");
    extras->random = arguments->bytes;
    return error != 0 ? error : arguments_add_bytes(arguments, random, sizeof(random));
}

/* AUXV_PAIRS of them. */
static void put_auxiliary(struct writer *writer, const struct loaded_program *loaded,
                          const struct extras *extras, uint32_t base, bool secure) {
    const struct process *process = current_process();
    uint32_t features = processor_features(), vdso = writer->space->vdso;
    put_pair(writer, AT_SYSINFO, vdso + VDSO_SYSTEM_CALL);
    put_pair(writer, AT_SYSINFO_EHDR, vdso_is_usable(features) ? vdso : 0);
    put_pair(writer, AT_HWCAP, features);
    put_pair(writer, AT_PAGESZ, PAGE_SIZE);
    put_pair(writer, AT_CLKTCK, CLOCK_TICKS);
    put_pair(writer, AT_PHDR, loaded->table_address);
    put_pair(writer, AT_PHENT, ELF_TABLE_ENTRY);
    put_pair(writer, AT_PHNUM, loaded->table_count);
    put_pair(writer, AT_BASE, loaded->interpreter_base);
    put_pair(writer, AT_FLAGS, 0);
    put_pair(writer, AT_ENTRY, loaded->program_entry);
    put_pair(writer, AT_UID, process->uid);
    put_pair(writer, AT_EUID, process->euid);
    put_pair(writer, AT_GID, process->gid);
    put_pair(writer, AT_EGID, process->egid);
    put_pair(writer, AT_SECURE, secure);
    put_pair(writer, AT_RANDOM, base + extras->random);
    put_pair(writer, AT_EXECFN, base + extras->path);
    put_pair(writer, AT_PLATFORM, base + extras->platform);
    put_pair(writer, AT_NULL, 0);
}

static int insert_strings(struct arguments *arguments, struct address_space *space, uint32_t base) {
    int error = 0;
    for (uint32_t i = 0; error == 0 && i < arguments->frame_count; i++) {
        arguments->given_away++;
        error = address_space_insert(space, page_floor(base) + i * PAGE_SIZE, arguments->frames[i]);
    }
    return error;
}

static int add_stack_area(struct address_space *space, uint32_t start, bool executable) {
    const struct area stack = {
        .start = start,
        .end = space->vdso,
        .protection = PROT_READ | PROT_WRITE | (executable ? PROT_EXEC : 0),
        .flags = AREA_GROWSDOWN,
    };
    return address_space_add(space, &stack, false);
}

int program_build_stack(const struct program *program, struct arguments *arguments,
                        struct address_space *space, struct loaded_program *loaded, bool secure) {
    struct extras extras;
    int error = add_extras(program, arguments, &extras);
    if (error != 0)
        return error;
    arguments_settle(arguments);
    uint32_t base = space->vdso - arguments->frame_count * PAGE_SIZE + arguments->start;
    uint32_t words =
        1 + arguments->argument_count + 1 + arguments->environment_count + 1 + 2 * AUXV_PAIRS;
    loaded->stack = (base - words * 4) & ~15u;
    error = add_stack_area(space, page_floor(loaded->stack), loaded->executable_stack);
    if (error == 0)
        error = insert_strings(arguments, space, base);
    if (error != 0)
        return error;
    struct writer writer = {.space = space, .address = loaded->stack};
    put(&writer, arguments->argument_count);
    uint32_t offset = put_pointers(&writer, arguments, base, 0, arguments->argument_count);
    space->arguments_start = base;
    space->arguments_end = base + offset;
    offset = put_pointers(&writer, arguments, base, offset, arguments->environment_count);
    space->environment_end = base + offset;
    put_auxiliary(&writer, loaded, &extras, base, secure);
    flush(&writer);
    space->stack_start = loaded->stack;
    return writer.error;
}
