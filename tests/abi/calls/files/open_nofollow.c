// SPDX-License-Identifier: MIT
// Calls: open
/* O_NOFOLLOW stops at a link that comes last, not at those on the way. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "text");
    symlink("folder", "to_folder");
    symlink("folder/file", "to_file");
    SHOW(open("to_file", O_RDONLY | O_NOFOLLOW));
    SHOW(open("to_folder", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
    SHOW(open("to_folder/file", O_RDONLY | O_NOFOLLOW));
    SHOW(open("to_file", O_PATH | O_NOFOLLOW));
    return 0;
}
