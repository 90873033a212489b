// SPDX-License-Identifier: MIT
// Calls: syncfs, sync_file_range
/* A file system, or a part of a file, is written out. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "text"), end[2];
    pipe(end);
    SHOW(syncfs(file));
    SHOW(syncfs(99));
    SHOW(sync_file_range(file, 0, 4, SYNC_FILE_RANGE_WRITE));
    SHOW(sync_file_range(file, 0, 4, 64));
    SHOW(sync_file_range(file, -1, 4, SYNC_FILE_RANGE_WRITE));
    SHOW(sync_file_range(end[0], 0, 4, SYNC_FILE_RANGE_WRITE));
    return 0;
}
