// SPDX-License-Identifier: MIT
// Calls: setsockopt (socketcall), getsockopt (socketcall)
/* Options that are set and told. */
#include "tests/abi/calls/show.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static void try(const char *name, int level, int option, int value) {
    int told = -1, one = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t length = sizeof told;
    int set = setsockopt(one, level, option, &value, sizeof value);
    printf("%s: %s", name, set ? strerror(errno) : "set");
    int get = getsockopt(one, level, option, &told, &length);
    printf(", %s %d\n", get ? strerror(errno) : "is", told);
    close(one);
}

int main(void) {
    try("reuse", SOL_SOCKET, SO_REUSEADDR, 1);
    try("keepalive", SOL_SOCKET, SO_KEEPALIVE, 5);
    try("broadcast", SOL_SOCKET, SO_BROADCAST, 1);
    try("type", SOL_SOCKET, SO_TYPE, 1);
    try("no delay", IPPROTO_TCP, TCP_NODELAY, 1);
    try("idle", IPPROTO_TCP, TCP_KEEPIDLE, 100);
    try("interval", IPPROTO_TCP, TCP_KEEPINTVL, 10);
    try("count", IPPROTO_TCP, TCP_KEEPCNT, 3);
    try("too much", IPPROTO_TCP, TCP_KEEPIDLE, 100000);
    try("time to live", IPPROTO_IP, IP_TTL, 33);
    try("too long to live", IPPROTO_IP, IP_TTL, 256);
    try("nothing", IPPROTO_TCP, 9999, 1);
    try("no level", 9999, 1, 1);
    return 0;
}
