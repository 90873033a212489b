// SPDX-License-Identifier: MIT
// Calls: getdents64
/* From the start again one sees what came meanwhile; a folder without a name is empty. */
#include "tests/abi/calls/show.h"

#include <dirent.h>

static int count(DIR *folder) {
    int entries = 0;
    while (readdir(folder))
        entries++;
    return entries;
}

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/one", "");
    DIR *folder = opendir("folder");
    SHOW(count(folder));
    file_of("folder/two", "");
    rewinddir(folder);
    SHOW(count(folder));
    unlink("folder/one");
    unlink("folder/two");
    rewinddir(folder);
    SHOW(count(folder));
    rmdir("folder");
    rewinddir(folder);
    SHOW(count(folder));
    return 0;
}
