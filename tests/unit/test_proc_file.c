// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/proc_file.c domains/linux/fs/proc_text.c domains/lib/text.c domains/lib/scale.c
/*
 * A text of /proc that is read twice at once: copying releases the manager's lock, and the other reader makes the next text.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/fs/proc_inode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int objects; /* of the heap, allocated and not freed */
static char shown;  /* what the text consists of */
static void (*while_copying)(void);
static struct file open_file;

/* The address sanitizer sees who uses it later. */
void *heap_allocate(size_t bytes) {
    objects++;
    return calloc(1, bytes);
}

void heap_free(void *object) {
    objects -= object != NULL;
    free(object);
}

int proc_find_subject(const struct proc_inode *proc, struct proc_subject *subject) {
    (void)proc;
    *subject = (struct proc_subject){0};
    return 0;
}

/* As far as the app's buffer goes, in two parts. */
int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes) {
    uint32_t count = bytes < transfer->total ? bytes : transfer->total, half = count / 2;

    memcpy(transfer->kernel_address, from, half);
    if (while_copying)
        while_copying();
    memcpy(transfer->kernel_address + half, (const char *)from + half, count - half);
    return (int)count;
}

int transfer_take(struct transfer *transfer, void *to, uint32_t bytes) {
    (void)transfer, (void)to, (void)bytes;
    return -EFAULT;
}

static void show(struct proc_text *text, const struct proc_subject *subject) {
    char bytes[1000];

    (void)subject;
    memset(bytes, shown, sizeof bytes);
    proc_text_add_bytes(text, bytes, sizeof bytes);
}

static int read_at(uint64_t offset, char *to, uint32_t bytes) {
    struct transfer transfer = {.kernel_address = to, .total = bytes};

    return proc_text_operations.read(&open_file, &transfer, &offset);
}

static void another_reads(void) {
    char byte;

    while_copying = NULL;
    shown = 'b';
    assert_int_equal(read_at(0, &byte, 1), 1);
    assert_int_equal(byte, 'b');
}

static void a_text_stays_while_it_is_read(void **state) {
    static const struct proc_entry entry = {.show = show};
    struct proc_inode proc = {.entry = &entry};
    char room[1001] = "";

    (void)state;
    open_file.inode = &proc.inode;
    shown = 'a';
    while_copying = another_reads;
    assert_int_equal(read_at(0, room, 1000), 1000);
    assert_int_equal(strspn(room, "a"), 1000);
    assert_int_equal(read_at(500, room, 1000), 500); /* the last one that was made */
    assert_int_equal(strspn(room, "b"), 500);
    proc_text_operations.release(&open_file);
    assert_int_equal(objects, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_stays_while_it_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
