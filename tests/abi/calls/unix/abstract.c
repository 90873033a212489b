// SPDX-License-Identifier: MIT
// Calls: bind (socketcall)
/* Names that are no paths, and one that the system chooses. */
#include "tests/abi/calls/show.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
    struct sockaddr_un name = {AF_UNIX, "\0abc"}, told = {0};
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + 4, room = sizeof told;
    int one = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0),
        third = socket(AF_UNIX, SOCK_DGRAM, 0);
    SHOW(bind(one, (struct sockaddr *)&name, length));
    SHOW(bind(other, (struct sockaddr *)&name, length));
    SHOW(connect(other, (struct sockaddr *)&name, length));
    SHOW(write(other, "text", 4));
    SHOW(getsockname(one, (struct sockaddr *)&told, &room));
    printf("%u bytes, [%d]%.3s\n", room, told.sun_path[0], told.sun_path + 1);
    SHOW(bind(third, (struct sockaddr *)&name, 2));
    room = sizeof told;
    SHOW(getsockname(third, (struct sockaddr *)&told, &room));
    SHOW(room);
    close(one);
    SHOW(write(other, "text", 4));
    SHOW(connect(other, (struct sockaddr *)&name, length));
    return 0;
}
