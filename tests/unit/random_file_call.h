// SPDX-License-Identifier: MIT
/*
 * File calls drawn by chance, and what two kernels answer to them: the host's Linux, and the manager's code on the fake machine.
 */
#ifndef TESTS_UNIT_RANDOM_FILE_CALL_H
#define TESTS_UNIT_RANDOM_FILE_CALL_H

#include <stdint.h>

/* Descriptors from here on are used, so many. */
#define FIRST_DESCRIPTOR 10
#define DESCRIPTORS      6

enum call_kind {
    OPEN,
    CLOSE,
    MKDIR,
    RMDIR,
    UNLINK,
    RENAME,
    RENAME_FLAGS,
    LINK,
    SYMLINK,
    READLINK,
    STAT,
    CHMOD,
    TRUNCATE,
    FTRUNCATE,
    WRITE,
    READ,
    SEEK,
    CHDIR,
    GETCWD,
    ACCESS,
    MKNOD,
    DUP2,
    KINDS
};

struct call {
    enum call_kind kind;
    char path[64], other[64];
    uint32_t number, flags;
    int descriptor;
};

/* What a call answers: its result, and for some calls a few numbers or a text. */
struct answer {
    int32_t result;
    uint32_t mode, links;
    uint64_t size;
    char text[128];
};

/* From one seed both sides draw the same calls. */
void draw_from(uint32_t seed);
void draw_call(struct call *call);

void call_linux(const struct call *call, struct answer *answer);
void call_here(const struct call *call, struct answer *answer);

#endif
