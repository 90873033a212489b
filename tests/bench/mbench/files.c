// SPDX-License-Identifier: MIT
/*
 * A small file in memory.
 */
#include "tests/bench/mbench/measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[256], block[PAGE];
static int file;

static int create_and_unlink(int count) {
    while (count--) {
        int made = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);
        if (made < 0)
            return -1;
        close(made);
        if (unlink(path))
            return -1;
    }
    return 0;
}

static int open_and_close(int count) {
    while (count--) {
        int opened = open(path, O_RDONLY);
        if (opened < 0)
            return -1;
        close(opened);
    }
    return 0;
}

static int ask(int count) {
    struct stat status;
    while (count--)
        if (stat(path, &status))
            return -1;
    return 0;
}

static int write_block(int count) {
    while (count--)
        if (pwrite(file, block, PAGE, 0) != PAGE)
            return -1;
    return 0;
}

static int read_block(int count) {
    while (count--)
        if (pread(file, block, PAGE, 0) != PAGE)
            return -1;
    return 0;
}

void measure_files(const char *folder) {
    snprintf(path, sizeof path, "%s/mbench.%d", folder, (int)getpid());
    measure("file_create_unlink", create_and_unlink, 300);
    file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0) {
        fail("file_open");
        return;
    }
    measure("file_write_4K", write_block, 1000);
    measure("file_read_4K", read_block, 1000);
    measure("file_open_close", open_and_close, 1000);
    measure("file_stat", ask, 1000);
    close(file);
    unlink(path);
}
