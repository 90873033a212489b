// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/erofs.c
/*
 * The EROFS reader on an image that mkfs.erofs has just made from a folder of known content, then
 * on that image cut short at every length class, and with random bytes changed: it may refuse, it
 * must not read outside its range (AddressSanitizer watches a buffer of exactly the image's size).
 */
#include "domains/linux/fs/erofs.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "erofs-test.XXXXXX"

static uint8_t *image_bytes;
static uint32_t image_length;

static void shell(const char *format, const char *argument) {
    char command[512];

    snprintf(command, sizeof command, format, argument, argument);
    if (system(command) != 0)
        fail_msg("command failed: %s", command);
}

static void read_image(const char *path) {
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    image_length = (uint32_t)ftell(file);
    rewind(file);
    image_bytes = malloc(image_length);
    assert_int_equal(fread(image_bytes, 1, image_length, file), image_length);
    fclose(file);
}

static int make_image(void **state) {
    char folder[] = "/tmp/" FOLDER, path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    shell("cd %s && mkdir -p root/bin root/many root/empty && echo hello >root/hello && "
          "seq 1 3000 >root/numbers && ln -s ../hello root/bin/link && ln root/hello root/hard && "
          ": >root/nothing && for n in $(seq 1 900); do : >root/many/entry-$n; done && "
          "chmod 4755 root/numbers && mkfifo root/fifo",
          folder);
    shell("cd %s && mkfs.erofs -E noinline_data --all-root image root >/dev/null", folder);
    snprintf(path, sizeof path, "%s/image", folder);
    read_image(path);
    shell("rm -r %s", folder);
    return 0;
}

static int drop_image(void **state) {
    (void)state;
    free(image_bytes);
    return 0;
}

static struct erofs open_image(void) {
    struct erofs image;

    assert_int_equal(erofs_open(&image, image_bytes, image_length), 0);
    return image;
}

static int find(const struct erofs *image, const char *path, struct erofs_node *node) {
    int error = erofs_node(image, image->root, node);

    while (error == 0 && *path != 0) {
        uint32_t length = (uint32_t)strcspn(path, "/"), nid;

        error = erofs_lookup(image, node, path, length, &nid);
        if (error == 0)
            error = erofs_node(image, nid, node);
        path += length + (path[length] == '/');
    }
    return error;
}

static void finds_files_and_reads_them(void **state) {
    struct erofs image = open_image();
    struct erofs_node node, other;
    const uint8_t *bytes;

    (void)state;
    assert_int_equal(find(&image, "hello", &node), 0);
    assert_int_equal(node.mode, 0100644);
    assert_int_equal(node.size, 6);
    assert_int_equal(node.links, 2);
    assert_int_equal(erofs_data(&image, &node, 0, &bytes), 6);
    assert_memory_equal(bytes, "hello\n", 6);
    assert_int_equal(erofs_data(&image, &node, 6, &bytes), 0);
    assert_int_equal(find(&image, "hard", &other), 0);
    assert_int_equal(node.nid, other.nid);
    assert_int_equal(find(&image, "bin/link", &node), 0);
    assert_int_equal(node.mode & 0170000, 0120000);
    assert_int_equal(erofs_data(&image, &node, 0, &bytes), 8);
    assert_memory_equal(bytes, "../hello", 8);
    assert_int_equal(find(&image, "fifo", &node), 0);
    assert_int_equal(node.mode, 0010644);
    assert_int_equal(find(&image, "numbers", &node), 0);
    assert_int_equal(node.mode, 0104755);
    assert_int_equal(find(&image, "absent", &node), -ENOENT);
    assert_int_equal(find(&image, "zzz", &node), -ENOENT);
    assert_int_equal(find(&image, "A", &node), -ENOENT);
}

static void pages_are_pages_of_the_image(void **state) {
    struct erofs image = open_image();
    struct erofs_node node;
    uint32_t page;
    const uint8_t *bytes;

    (void)state;
    assert_int_equal(find(&image, "numbers", &node), 0);
    for (uint32_t i = 0; i < (node.size + 4095) / 4096; i++) {
        assert_true(erofs_data(&image, &node, i * 4096, &bytes) > 0);
        assert_int_equal(erofs_page(&image, &node, i, &page), 0);
        assert_ptr_equal(image_bytes + page * 4096, bytes);
    }
    assert_int_equal(erofs_page(&image, &node, (node.size + 4095) / 4096, &page), -ENODATA);
    assert_int_equal(erofs_page(&image, &node, UINT64_MAX / 2, &page), -ENODATA);
    assert_int_equal(find(&image, "nothing", &node), 0);
    assert_int_equal(erofs_page(&image, &node, 0, &page), -ENODATA);
}

static uint32_t count_entries(const struct erofs *image, const struct erofs_node *directory) {
    struct erofs_entry entry;
    uint32_t position = 0, count = 0;

    while (count < 100000 && erofs_list(image, directory, &position, &entry) == 1)
        count++;
    return count;
}

static void lists_large_directories_and_finds_each_entry(void **state) {
    struct erofs image = open_image();
    struct erofs_node directory, node;
    char path[32];

    (void)state;
    assert_int_equal(find(&image, "many", &directory), 0);
    assert_true(directory.size > 4096);
    assert_int_equal(count_entries(&image, &directory), 902);
    for (int i = 1; i <= 900; i++) {
        snprintf(path, sizeof path, "many/entry-%d", i);
        assert_int_equal(find(&image, path, &node), 0);
    }
    assert_int_equal(find(&image, "many/entry-901", &node), -ENOENT);
    assert_int_equal(find(&image, "empty", &directory), 0);
    assert_int_equal(count_entries(&image, &directory), 2);
}

/* Touches everything that the image leads to, from an exact copy of `length` bytes. */
static void walk_everything(const uint8_t *bytes, uint32_t length) {
    uint8_t *copy = malloc(length);
    volatile uint32_t sum = 0;
    struct erofs image;

    memcpy(copy, bytes, length);
    if (erofs_open(&image, copy, length) == 0) {
        for (uint32_t nid = 0; nid < length / 32 + 2; nid++) {
            struct erofs_node node;
            const uint8_t *data;
            uint32_t found, page, count;

            if (erofs_node(&image, nid, &node) != 0)
                continue;
            count = erofs_data(&image, &node, 0, &data);
            if (count > 0)
                sum += data[0] + data[count - 1];
            if (node.size > 0 && erofs_data(&image, &node, node.size - 1, &data) > 0)
                sum += data[0];
            if (erofs_page(&image, &node, 0, &page) == 0)
                sum += copy[page * 4096 + 4095];
            erofs_lookup(&image, &node, "entry-5", 7, &found);
            count_entries(&image, &node);
        }
    }
    free(copy);
}

static void survives_truncation(void **state) {
    struct erofs image;

    (void)state;
    for (uint32_t length = 1; length < image_length; length += 1 + length / 7) {
        uint8_t *copy = malloc(length);

        memcpy(copy, image_bytes, length);
        assert_int_not_equal(erofs_open(&image, copy, length), 0);
        free(copy);
    }
}

static void notices_a_corrupt_superblock(void **state) {
    struct erofs image;

    (void)state;
    image_bytes[1024 + 16] ^= 1;
    assert_int_equal(erofs_open(&image, image_bytes, image_length), -117);
    image_bytes[1024 + 16] ^= 1;
    image_bytes[1024] ^= 1;
    assert_int_equal(erofs_open(&image, image_bytes, image_length), -EINVAL);
    image_bytes[1024] ^= 1;
}

static void survives_random_corruption(void **state) {
    uint8_t *copy = malloc(image_length);

    (void)state;
    srand(1);
    for (int round = 0; round < 150; round++) {
        memcpy(copy, image_bytes, image_length);
        copy[1024 + 8] &= 0xFE; /* no checksum: let the lies through */
        for (int i = 0; i < 1 + round * 4; i++) {
            uint32_t at = 1024 + (uint32_t)rand() % (image_length - 1024);
            uint32_t kind = (uint32_t)rand() % 3;

            if (round % 2 == 0 && at < 1024 + 128)
                continue;
            copy[at] = kind == 0 ? 0xFF : kind == 1 ? 0 : (uint8_t)rand();
        }
        walk_everything(copy, image_length);
    }
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_files_and_reads_them),
        cmocka_unit_test(pages_are_pages_of_the_image),
        cmocka_unit_test(lists_large_directories_and_finds_each_entry),
        cmocka_unit_test(survives_truncation),
        cmocka_unit_test(notices_a_corrupt_superblock),
        cmocka_unit_test(survives_random_corruption),
    };

    return cmocka_run_group_tests(tests, make_image, drop_image);
}
