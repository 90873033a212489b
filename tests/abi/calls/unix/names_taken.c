// SPDX-License-Identifier: MIT
// Calls: bind (socketcall)
/* A path that is there already; a folder that is not. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
    struct sockaddr_un name = {AF_UNIX, "taken"}, below = {AF_UNIX, "nowhere/name"};
    int one = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_STREAM, 0);
    SHOW(bind(one, (struct sockaddr *)&name, sizeof name));
    SHOW(bind(other, (struct sockaddr *)&name, sizeof name));
    SHOW(bind(other, (struct sockaddr *)&below, sizeof below));
    SHOW(bind(other, (struct sockaddr *)&name, 1));
    SHOW(bind(other, (struct sockaddr *)&name, sizeof name + 1));
    name.sun_family = AF_INET;
    SHOW(bind(other, (struct sockaddr *)&name, sizeof name));
    return 0;
}
