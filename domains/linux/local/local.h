// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: sockets within a tenant (unix(7)): streams, datagrams and sequenced packets, by paths, by abstract names, or in pairs;
 * open files and credentials go with the bytes.
 *
 *   struct socket ──local──> struct local <──other── struct local of the peer
 *     first … last: what has come      │ <──private── its node in the file system
 *                                      └ name
 *
 * Behind a socket there is a struct local, which outlives it while others still point to it: its peer, or somebody who waits for
 * room in its queue. `socket` is NULL from the socket's end on. What is sent goes straight into the queue of whom it is for
 * (network/message.h); no bytes are under way.
 */
#ifndef DOMAINS_LINUX_LOCAL_LOCAL_H
#define DOMAINS_LINUX_LOCAL_LOCAL_H

#include "domains/linux/file/path.h"
#include "domains/linux/local/name.h"
#include "domains/linux/network/socket.h"

struct local_credentials { /* struct ucred */
    uint32_t pid, uid, gid;
};

struct local {
    uint32_t references;
    struct socket *socket;   /* NULL: closed */
    struct local *other;     /* held: to whom it is connected; NULL: nobody */
    struct local_name *name; /* held; NULL: none */
    struct path node; /* held, and its inode's `private` is this; empty: not bound to a path */
    struct local *next, *previous; /* of all with a socket */
    struct local *same_hash;       /* of those bound to abstract names */
    struct local_credentials peer; /* of whom it is connected to; of a listener: its own */
    bool has_peer;                 /* `peer` was set */
    bool is_abstract;              /* bound to such a name, and not only heir to its listener's */
    bool is_pending;               /* nobody has accepted it yet */
    bool wants_credentials;        /* SO_PASSCRED */
    bool is_awaited;               /* somebody found its queue full, and may poll for room */

    struct file *file; /* NULL: none yet */
    bool is_reached;   /* of the collector (collect.c), while it runs */
    struct local *next_reached;
};

extern const struct socket_operations local_stream_operations, local_datagram_operations,
    local_packet_operations;

int local_open(struct socket *socket);                   /* 0 or -ENOMEM */
void local_pair(struct socket *one, struct socket *two); /* of socketpair() */

struct local *local_hold(struct local *local);
void local_release(struct local *local);
void local_join(struct local *one, struct local *two); /* each is the other's peer */
void local_part(struct local *local);                  /* it is connected to nobody any more */
void local_close(struct socket *socket);               /* the socket's end */
struct local_credentials local_own_credentials(void);
/* All that have a socket, one after another; NULL: the first, and after the last. */
struct local *local_next(const struct local *before);

/* Frees what can be reached by nobody any more: sockets on their way through each other. Not more often than may be, and at
 * once. */
void local_collect(void);
void local_collect_now(void);
/* All that still refers to its file are messages on their way. */
void local_lost(const struct local *local);

/* Nobody finds it by its name any more. */
void local_forget_name(struct local *local);
/* As in struct socket_operations. */
int local_bind(struct socket *socket, const struct endpoint *name);
int local_name_of(struct socket *socket, bool of_peer, struct endpoint *name);
int local_shut(struct socket *socket, bool input, bool output);
/* Who is bound to that name and has a socket of this type, held; *error: -ECONNREFUSED, -EPROTOTYPE or what the path gives. */
struct local *local_find(const struct socket *socket, const struct local_name *name, int *error);

/* May `socket` send to `to`? 0, or why not. */
typedef int local_check(const struct socket *socket, const struct local *to);
/* Waits until the queue of `to` has room for `bytes` more: 0, or what `check` says, or -EAGAIN, -ERESTARTSYS. */
int local_await_room(const struct socket *socket, struct local *to, uint32_t bytes,
                     uint64_t deadline, bool waits, local_check *check);
int local_wait_for_room(uint64_t deadline); /* in whichever queue: 0, -EAGAIN or -ERESTARTSYS */
/* A queue has room again, or one that somebody may wait for never will. */
void local_room_changed(void);
/* The same of a datagram socket's: also those look again that are connected to it, and poll. */
void local_wake_senders(struct local *local);
/* Puts a message there, with what the exchange says should go with it; takes `data` over. */
int local_pass(struct socket *socket, struct local *to, struct exchange *exchange,
               struct pbuf *data);

#endif
