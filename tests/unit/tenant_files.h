// SPDX-License-Identifier: MIT
/*
 * A tenant's files for tests of the file calls, over the real path walk, tree, mounts, pipes and tables: an EROFS root made by mkfs.erofs
 * with a private tree over it, and a tmpfs at /tmp. Each test starts from a fresh root and ends with everything given back: frames and
 * heap objects are counted.
 */
#ifndef TESTS_UNIT_TENANT_FILES_H
#define TESTS_UNIT_TENANT_FILES_H

#include "domains/linux/file/call.h"
#include "domains/linux/fs/erofs.h"
#include "tests/unit/fake_manager.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define CWD ((uint32_t)AT_FDCWD)

#define CALL_1(name, a)       sys_##name((uint32_t)(a), 0, 0, 0, 0, 0)
#define CALL_2(name, a, b)    sys_##name((uint32_t)(a), (uint32_t)(b), 0, 0, 0, 0)
#define CALL_3(name, a, b, c) sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), 0, 0, 0)
#define CALL_4(name, a, b, c, d)                                                                   \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), 0, 0)
#define CALL_5(name, a, b, c, d, e)                                                                \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), (uint32_t)(e), 0)
#define CALL_6(name, a, b, c, d, e, f)                                                             \
    sys_##name((uint32_t)(a), (uint32_t)(b), (uint32_t)(c), (uint32_t)(d), (uint32_t)(e),          \
               (uint32_t)(f))

/* Reads an image from the host; its bytes are the caller's to free. */
extern uint8_t *image_bytes;
void open_image(const char *path, struct erofs *image);
/* The image of these tests, made once for all of a program. */
int make_image(void **state);
int drop_image(void **state);

/* Around each test. */
extern uint32_t frames_before; /* fake_frames_used at its start */
int start_files(void **state);
int end_files(void **state);

#define TEST(name)       cmocka_unit_test_setup_teardown(name, start_files, end_files)
#define RUN_TESTS(tests) cmocka_run_group_tests(tests, make_image, drop_image)

uint32_t text(const char *string); /* in the app's memory */
int32_t open_text(const char *path, uint32_t flags);
void must_mount(const char *type, const char *target);
void make_pipe(int32_t descriptors[2], uint32_t flags);
void write_file(const char *path, const char *content);
/* The whole file as a string in the app's memory; NULL: it cannot be opened. */
const char *read_file(const char *path);

struct attributes { /* of struct stat64 */
    uint32_t mode, links, uid, gid, inode;
    uint64_t size, blocks;
};

int32_t attributes_of(const char *path, uint32_t flags, struct attributes *result);
uint32_t mode_of(const char *path); /* 0: there is none */
/* The names in a directory, each followed by a space, in order of listing. */
const char *list(const char *path);

#endif
