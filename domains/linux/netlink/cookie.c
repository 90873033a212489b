// SPDX-License-Identifier: MIT
/*
 * See cookie.h.
 */
#include "domains/linux/netlink/cookie.h"

#include "domains/lib/memory.h"
#include "domains/linux/network/message.h"

bool netlink_is_socket(const struct file *file) {
    const struct socket *socket = file_socket(file);
    return socket != NULL && socket->family == AF_NETLINK;
}

void netlink_give_cookie(struct file *file, const uint8_t cookie[NETLINK_COOKIE_BYTES]) {
    const struct endpoint kernel = {.port = 0};
    struct pbuf *data = pbuf_alloc(PBUF_RAW, NETLINK_COOKIE_BYTES, PBUF_RAM);
    if (data == NULL)
        return;
    memcpy(data->payload, cookie, NETLINK_COOKIE_BYTES);
    message_queue(file_socket(file), data, &kernel);
}
