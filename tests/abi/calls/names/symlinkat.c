// SPDX-License-Identifier: MIT
// Calls: symlinkat, readlinkat
/* Links in a folder that is open; a descriptor of a link is read by an empty name. */
#include "tests/abi/calls/show.h"

int main(void) {
    char text[40] = "";
    mkdir("folder", 0755);
    int folder = open("folder", O_RDONLY);
    SHOW(symlinkat("target", folder, "link"));
    SHOW(readlinkat(folder, "link", text, sizeof text));
    puts(text);
    int link = open("folder/link", O_PATH | O_NOFOLLOW);
    SHOW(readlinkat(link, "", text, sizeof text));
    SHOW(readlinkat(folder, "", text, sizeof text));
    SHOW(symlinkat("target", 99, "link"));
    return 0;
}
