// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * What files hold: bytes of the image until they are written to, holes, ends, copies of them, and pages for mappings.
 */
#include "tests/unit/tenant_files.h"

#include "domains/lib/heap.h"

static void reads_the_image(void **state) {
    struct attributes attributes;
    uint32_t page = fake_app_room(32768);
    int32_t file;

    (void)state;
    assert_string_equal(read_file("/etc/hello"), "hello\n");
    assert_string_equal(read_file("/bin/hard"), "hello\n");
    assert_string_equal(read_file("/etc/link"), "hello\n");
    assert_string_equal(read_file("/shortcut/er/file"), "x\n");
    assert_string_equal(read_file("/shortcut/../deep/./er//file"), "x\n");
    assert_int_equal(attributes_of("/etc/hello", 0, &attributes), 0);
    assert_int_equal(attributes.mode, 0100644);
    assert_int_equal(attributes.links, 2);
    assert_int_equal(attributes.size, 6);
    file = open_text("/etc/numbers", O_RDONLY);
    assert_int_equal(CALL_3(read, file, page, 32768), 23893);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n3\n", 6);
    assert_int_equal(CALL_5(pread64, file, page, 5, 23888, 0), 5);
    assert_memory_equal(fake_app_pointer(page), "5000\n", 5);
    assert_int_equal(fake_frames_used, frames_before);
}

static void copies_up_what_is_written(void **state) {
    uint32_t page = fake_app_room(32768);
    int32_t file = open_text("/etc/numbers", O_RDWR);

    (void)state;
    assert_int_equal(CALL_5(pwrite64, file, text("XY"), 2, 4096, 0), 2);
    assert_int_equal(fake_frames_used - frames_before, 1);
    assert_int_equal(CALL_3(read, file, page, 32768), 23893);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n", 4);
    assert_memory_equal(fake_app_pointer(page + 4096), "XY", 2);
    assert_int_equal(CALL_3(ftruncate64, file, 5, 0), 0);
    assert_int_equal(CALL_3(ftruncate64, file, 10000, 0), 0);
    memset(fake_app_pointer(page), 1, 16384);
    assert_int_equal(CALL_5(pread64, file, page, 16384, 0, 0), 10000);
    assert_memory_equal(fake_app_pointer(page), "1\n2\n3\0\0\0\0\0", 10);
    assert_int_equal(((char *)fake_app_pointer(page))[9999], 0);
    CALL_1(close, file);
    write_file("/etc/hello", "other");
    assert_string_equal(read_file("/bin/hard"), "other");
}

static void grows_a_file_of_the_image_with_zeros(void **state) {
    int32_t file = open_text("/etc/hello", O_RDWR);
    uint32_t page = fake_app_room(8192);

    (void)state;
    assert_int_equal(CALL_5(pwrite64, file, text("end"), 3, 5000, 0), 3);
    assert_int_equal(CALL_5(pread64, file, page, 8192, 0, 0), 5003);
    assert_memory_equal(fake_app_pointer(page), "hello\n\0\0\0", 9);
    assert_memory_equal(fake_app_pointer(page + 5000), "end", 3);
    CALL_1(close, file);
}

static void sparse_files_and_seeking(void **state) {
    struct attributes attributes;
    uint32_t result = fake_app_room(8), page = fake_app_room(8192);
    uint64_t offset;
    int32_t file = open_text("/tmp/sparse", O_RDWR | O_CREAT);

    (void)state;
    assert_int_equal(CALL_5(llseek, file, 1, 0, result, 0), 0); /* 4 GiB */
    assert_int_equal(CALL_3(write, file, text("far"), 3), 3);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.size, 0x100000003);
    assert_int_equal(attributes.blocks, 8);
    assert_int_equal(CALL_5(pread64, file, page, 8192, 0xFFFFF000u, 0), 4099);
    assert_int_equal(((char *)fake_app_pointer(page))[4095], 0);
    assert_memory_equal(fake_app_pointer(page + 4096), "far", 3);
    assert_int_equal(CALL_5(llseek, file, 0, 5, result, SEEK_DATA), 0);
    memcpy(&offset, fake_app_pointer(result), 8);
    assert_int_equal(offset, 0x100000000);
    assert_int_equal(CALL_3(lseek, file, 5, SEEK_HOLE), 5);
    assert_int_equal(CALL_3(lseek, file, -1, 0), -EINVAL);
    assert_int_equal(CALL_3(lseek, file, 0, 9), -EINVAL);
    assert_int_equal(CALL_3(lseek, file, 0, 2), -EOVERFLOW);
    assert_int_equal(CALL_6(fallocate, file, 0, 0, 0, 8192, 0), 0);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.blocks, 24);
    assert_int_equal(CALL_6(fallocate, file, 3, 0, 0, 4096, 0), 0);
    assert_int_equal(attributes_of("/tmp/sparse", 0, &attributes), 0);
    assert_int_equal(attributes.blocks, 16);
    assert_int_equal(CALL_3(ftruncate64, file, 0, 0), 0);
    assert_int_equal(fake_frames_used, frames_before);
}

static void a_full_tenant_answers_enospc(void **state) {
    uint32_t left = fake_frames_left, big = fake_app_room(20000);
    int32_t file = open_text("/tmp/full", O_RDWR | O_CREAT);

    (void)state;
    fake_frames_left = 2;
    assert_int_equal(CALL_3(write, file, big, 20000), 8192);
    assert_int_equal(CALL_3(write, file, big, 1), -ENOSPC);
    assert_int_equal(CALL_3(ftruncate64, file, 0, 0), 0);
    fake_frames_left = left;
    assert_int_equal(CALL_3(write, file, big, 1), 1);
}

static void copying_between_files(void **state) {
    uint32_t offset = fake_app_room(8);
    int32_t from = open_text("/etc/numbers", O_RDONLY);
    int32_t to = open_text("/tmp/copy", O_RDWR | O_CREAT), ends[2];
    uint64_t value = 23888;

    (void)state;
    assert_int_equal(CALL_4(sendfile64, to, from, 0, 100000), 23893);
    assert_int_equal(CALL_3(lseek, from, 0, 1), 23893);
    assert_string_equal(read_file("/tmp/copy") + 23888, "5000\n");
    memcpy(fake_app_pointer(offset), &value, 8);
    assert_int_equal(CALL_4(sendfile64, to, from, offset, 100), 5);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 10, 0), 0);
    assert_int_equal(CALL_3(lseek, from, 0, 0), 0);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 4, 0), 4);
    assert_int_equal(CALL_6(copy_file_range, from, 0, to, 0, 4, 1), -EINVAL);
    make_pipe(ends, 0);
    assert_int_equal(CALL_4(sendfile64, to, ends[0], 0, 1), -EINVAL);
    assert_int_equal(CALL_6(splice, from, 0, ends[1], 0, 10, 0), 10);
    assert_int_equal(CALL_6(splice, ends[0], 0, to, 0, 100, 0), 10);
    assert_int_equal(CALL_6(splice, from, 0, to, 0, 10, 0), -EINVAL);
}

static void vectors_and_append(void **state) {
    uint32_t one = text("one"), two = text("two"), room = fake_app_room(16);
    uint32_t vector[4] = {one, 3, two, 3};
    int32_t a = open_text("/tmp/log", O_WRONLY | O_CREAT | O_APPEND);
    int32_t b = open_text("/tmp/log", O_RDWR | O_APPEND);

    (void)state;
    assert_int_equal(CALL_3(writev, a, fake_app_put(vector, sizeof vector), 2), 6);
    assert_int_equal(CALL_3(write, b, text("B"), 1), 1);
    assert_int_equal(CALL_3(write, a, text("A"), 1), 1);
    assert_string_equal(read_file("/tmp/log"), "onetwoBA");
    vector[0] = vector[2] = room;
    vector[2] += 3;
    assert_int_equal(CALL_3(lseek, b, 0, 0), 0);
    assert_int_equal(CALL_3(readv, b, fake_app_put(vector, sizeof vector), 2), 6);
    assert_memory_equal(fake_app_pointer(room), "onetwo", 6);
}

static void pages_for_mappings(void **state) {
    struct file_page page;
    struct file *file;
    char bytes[64];

    (void)state;
    assert_int_equal(file_open_path("/etc/numbers", O_RDWR, &file), 0);
    assert_int_equal(file->operations->page(file, 1, false, &page), 0);
    assert_true(page.is_image);
    assert_int_equal(page.frame >> 20, 1);
    assert_int_equal(file_read_at(file, bytes, sizeof bytes, 4096), sizeof bytes);
    assert_memory_equal(image_bytes + (page.frame & 0xFFFFF) * 4096, bytes, sizeof bytes);
    assert_int_equal(file->operations->page(file, 1, true, &page), 0);
    assert_false(page.is_image);
    frame_release(page.frame);
    assert_int_equal(file->operations->page(file, 6, false, &page), -ENXIO);
    file_release(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_the_image),
        TEST(copies_up_what_is_written),
        TEST(grows_a_file_of_the_image_with_zeros),
        TEST(sparse_files_and_seeking),
        TEST(a_full_tenant_answers_enospc),
        TEST(copying_between_files),
        TEST(vectors_and_append),
        TEST(pages_for_mappings),
    };

    return RUN_TESTS(tests);
}
