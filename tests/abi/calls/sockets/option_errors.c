// SPDX-License-Identifier: MIT
// Calls: setsockopt (socketcall), getsockopt (socketcall)
/* Bad memory and bad lengths. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    int value = 1, one = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t length = 2, negative = (socklen_t)-1;
    SHOW(setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &value, 2));
    SHOW(setsockopt(one, SOL_SOCKET, SO_REUSEADDR, nowhere, 4));
    SHOW(setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &value, -1));
    value = -1;
    SHOW(getsockopt(one, SOL_SOCKET, SO_REUSEADDR, &value, &length));
    SHOW(length);
    SHOW(value & 0xffff);
    SHOW(getsockopt(one, SOL_SOCKET, SO_REUSEADDR, &value, nowhere));
    SHOW(getsockopt(one, SOL_SOCKET, SO_REUSEADDR, &value, &negative));
    return 0;
}
