// SPDX-License-Identifier: MIT
// Calls: getdents64
/* All of many entries are seen once, while others are taken away. */
#include "tests/abi/calls/show.h"

#include <dirent.h>

int main(void) {
    char name[300];
    static int seen[500];
    int missing = 0, twice = 0;
    struct dirent *entry;
    mkdir("folder", 0755);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "folder/entry %d", i);
        file_of(name, "");
        close(3);
    }
    DIR *folder = opendir("folder");
    while ((entry = readdir(folder)) != NULL) {
        snprintf(name, sizeof name, "folder/%s", entry->d_name);
        if (strncmp(entry->d_name, "entry ", 6) == 0)
            seen[atoi(entry->d_name + 6)]++;
        unlink(name);
    }
    for (int i = 0; i < 500; i++) {
        missing += seen[i] == 0;
        twice += seen[i] > 1;
    }
    printf("missing %d, twice %d\n", missing, twice);
    SHOW(rmdir("folder"));
    return 0;
}
