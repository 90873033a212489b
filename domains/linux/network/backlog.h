// SPDX-License-Identifier: MIT
/*
 * How many connections may wait to be accepted at a listener of TCP, whatever listen() asks for: what lwIP keeps of each allows no
 * more, and /proc/sys/net/core/somaxconn sets less.
 */
#ifndef DOMAINS_LINUX_NETWORK_BACKLOG_H
#define DOMAINS_LINUX_NETWORK_BACKLOG_H

#include <stdint.h>

#define BACKLOG_LIMIT 128u

extern uint32_t backlog_most;

#endif
