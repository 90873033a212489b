// SPDX-License-Identifier: MIT
/*
 * What the two halves of AF_VSOCK share: vsock.c, where links come and go, and vsock_transfer.c, where bytes do.
 */
#ifndef DOMAINS_LINUX_LINK_VSOCK_PARTS_H
#define DOMAINS_LINUX_LINK_VSOCK_PARTS_H

#include "domains/linux/link/end.h"
#include "domains/linux/link/vsock.h"

/* What of a link may change without a call. */
struct marks {
    uint32_t state, accepted, produced, finished, consumed, refused;
};

struct vsock {
    struct socket *socket; /* NULL: closed, and the rest is yet to be read */
    struct vsock *next;
    bool has_port, has_link;
    uint32_t
        sleeper; /* a thread: it reads, and sleeps on the word that the other side's next bytes change; 0: none */
    uint32_t port, peer_context, peer_port;
    uint32_t link;
    enum link_side side;
    struct link_end end;
    struct marks marks; /* as last seen */
    uint64_t deadline;  /* of a connection that is being made, or of the rest that is to be read */
};

static inline bool vsock_has_ended(const struct vsock *vsock) {
    return link_end_state(&vsock->end) == LINK_ENDED;
}

bool vsock_has_changed(struct vsock *vsock); /* since this was asked last */
/* The other side will send no more, and all was read; it is told so. */
bool vsock_is_at_end(struct vsock *vsock);

int vsock_send(struct socket *socket, struct exchange *exchange, bool waits);
int vsock_receive(struct socket *socket, struct exchange *exchange, bool waits);
uint32_t vsock_poll(struct socket *socket);
uint32_t vsock_readable(struct socket *socket);

#endif
