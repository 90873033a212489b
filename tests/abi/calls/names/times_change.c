// SPDX-License-Identifier: MIT
// Calls: statx (stat64)
/* What is changed by a write, by a new name, and by a name in a folder. */
#include "tests/abi/calls/show.h"

static void show(const char *what) {
    struct stat file, folder;
    stat("folder/file", &file);
    stat("folder", &folder);
    printf("%s: modified %d, changed %d, folder %d\n", what, file.st_mtime > 5000,
           file.st_ctime > 5000, folder.st_mtime > 5000);
    utimensat(AT_FDCWD, "folder/file", (struct timespec[2]){{1000, 0}, {2000, 0}}, 0);
    utimensat(AT_FDCWD, "folder", (struct timespec[2]){{1000, 0}, {2000, 0}}, 0);
}

int main(void) {
    mkdir("folder", 0755);
    int file = file_of("folder/file", "text");
    show("made");
    write(file, "x", 1);
    show("written");
    link("folder/file", "name");
    show("linked elsewhere");
    unlink("name");
    file_of("folder/new", "text");
    show("neighbour made");
    truncate("folder/file", 1);
    show("cut");
    return 0;
}
