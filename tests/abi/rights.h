// SPDX-License-Identifier: MIT
/*
 * Files in a message, for the programs that send some.
 */
#ifndef TESTS_ABI_RIGHTS_H
#define TESTS_ABI_RIGHTS_H

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define RIGHTS_MOST 253 /* files that a message takes */

static inline ssize_t send_files(int by, const int *files, size_t count, const char *text) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(RIGHTS_MOST * sizeof(int))];
    } control = {0};
    struct iovec piece = {(void *)(uintptr_t)text, strlen(text)};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(count * sizeof(int)),
                               .cmsg_level = SOL_SOCKET,
                               .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(header), files, count * sizeof(int));
    return sendmsg(by, &message, 0);
}

#endif
