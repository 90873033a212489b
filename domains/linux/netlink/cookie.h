// SPDX-License-Identifier: MIT
/*
 * What mq_notify(2) tells a thread by: a netlink socket from which the C library's thread reads the cookie that it gave.
 */
#ifndef DOMAINS_LINUX_NETLINK_COOKIE_H
#define DOMAINS_LINUX_NETLINK_COOKIE_H

#include "domains/linux/file/file.h"

#define NETLINK_COOKIE_BYTES 32

bool netlink_is_socket(const struct file *file);
/* To a netlink socket's queue; if it is full, or there is no memory, nothing comes. */
void netlink_give_cookie(struct file *file, const uint8_t cookie[NETLINK_COOKIE_BYTES]);

#endif
