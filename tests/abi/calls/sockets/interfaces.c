// SPDX-License-Identifier: MIT
// Calls: ioctl
/* The loopback, as old programs ask for it. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>

int main(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(ioctl(one, 0x8913, &request));
    SHOW((request.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
    SHOW(ioctl(one, 0x8915, &request));
    puts(inet_ntoa(((struct sockaddr_in *)&request.ifr_addr)->sin_addr));
    SHOW(ioctl(one, 0x8933, &request));
    SHOW(request.ifr_ifindex);
    strcpy(request.ifr_name, "none");
    SHOW(ioctl(one, 0x8913, &request));
    return 0;
}
