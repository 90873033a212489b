// SPDX-License-Identifier: MIT
/*
 * Who listens to a group of rtnetlink hears of changes: of interfaces that go up or down, of addresses, of routes.
 */
#ifndef DOMAINS_LINUX_NETLINK_NEWS_H
#define DOMAINS_LINUX_NETLINK_NEWS_H

/* From now on; lwIP has begun. Once. */
void news_watch(void);

#endif
