// SPDX-License-Identifier: MIT
// Calls: symlink, readlink
/* A link says what it was told, also nonsense; reading is cut to the room that is there. */
#include "tests/abi/calls/show.h"

int main(void) {
    char text[40] = "";
    SHOW(symlink("where/ever", "link"));
    SHOW(readlink("link", text, sizeof text));
    puts(text);
    SHOW(readlink("link", text, 3));
    SHOW(readlink("link", text, 0));
    SHOW(readlink(".", text, sizeof text));
    SHOW(readlink("nothing", text, sizeof text));
    SHOW(symlink("x", "link"));
    SHOW(symlink("", "empty"));
    SHOW(symlink(nowhere, "bad"));
    SHOW(readlink("link", nowhere, 10));
    return 0;
}
