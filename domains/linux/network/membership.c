// SPDX-License-Identifier: MIT
/*
 * See membership.h. lwIP counts how often a group was joined, and does not say by whom.
 */
#include "domains/linux/network/membership.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/stack.h"

#include <lwip/igmp.h>
#include <string.h>

#define MEMBERSHIPS_MOST 20u /* igmp_max_memberships */

struct request { /* struct ip_mreq of i386 */
    ip4_addr_t group, own;
};

struct membership {
    struct request of;
    struct membership *next;
};

/* The link to it, or the one at the end; *count: of those before. */
static struct membership **find(struct socket *socket, const struct request *of, uint32_t *count) {
    struct membership **link = &socket->memberships;
    for (*count = 0; *link != NULL && memcmp(&(*link)->of, of, sizeof *of) != 0; (*count)++)
        link = &(*link)->next;
    return link;
}

static void leave(struct membership **link) {
    struct membership *left = *link;
    igmp_leavegroup(&left->of.own, &left->of.group);
    *link = left->next;
    heap_free(left);
}

static int join(struct membership **link, const struct request *of, uint32_t count) {
    if (count == MEMBERSHIPS_MOST)
        return -ENOBUFS;
    struct membership *joined = heap_allocate(sizeof *joined);
    if (joined == NULL)
        return -ENOMEM;
    if (igmp_joingroup(&of->own, &of->group) != ERR_OK) {
        heap_free(joined);
        return -ENODEV;
    }
    joined->of = *of;
    *link = joined;
    return 0;
}

int membership_set(struct socket *socket, bool joins, const void *value, uint32_t bytes) {
    struct request of;
    uint32_t count;
    int error = 0;
    if (bytes < sizeof of)
        return -EINVAL;
    memcpy(&of, value, sizeof of);
    struct membership **link = find(socket, &of, &count);
    if (joins == (*link != NULL))
        return joins ? -EADDRINUSE : -EADDRNOTAVAIL;
    if (joins)
        error = join(link, &of, count);
    else
        leave(link);
    stack_settle();
    return error;
}

void membership_leave_all(struct socket *socket) {
    while (socket->memberships != NULL)
        leave(&socket->memberships);
}
