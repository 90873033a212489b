// SPDX-License-Identifier: MIT
/*
 * A socket: what the system calls see, and what is behind it: one of lwIP's control blocks, the card, another socket or tenant.
 *
 *   system call ──call.c──> struct socket ──operations of its type──> stream.c    (TCP)
 *                               │                                     datagram.c  (UDP, raw IP)
 *                               │                                     link/vsock.c (AF_VSOCK)
 *                               │                                     packet.c, netlink/, local/ (AF_PACKET, _NETLINK, _UNIX)
 *                               └── option.c, interface.c (ioctl)
 *
 * Everything runs under the manager's lock, which copying to and from an app releases: so a socket has one reader and one
 * writer at a time, and lwIP's blocks are looked up again after each copy. lwIP's callbacks change the socket and wake
 * whoever waits; they never sleep.
 */
#ifndef DOMAINS_LINUX_NETWORK_SOCKET_H
#define DOMAINS_LINUX_NETWORK_SOCKET_H

#include "domains/linux/file/file.h"
#include "domains/linux/network/numbers.h"

#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>

struct tcp_pcb;
struct udp_pcb;
struct raw_pcb;
struct ip_pcb;
struct vsock;
struct local;
struct local_name;
struct rights;

struct hardware_name {
    uint8_t bytes[8], count;
    uint8_t packet_type; /* whom it was for: PACKET_* */
};

/* `context` stands in place of the address: for AF_VSOCK, for AF_NETLINK (groups) and AF_PACKET (an interface's index,
 * and `port` the protocol); for AF_UNIX 1 says that a sender has no name. */
struct endpoint {
    ip_addr_t address;
    uint32_t context;
    uint32_t port;
    struct hardware_name hardware; /* of AF_PACKET */
    struct local_name *local;      /* of AF_UNIX, held by whoever has the endpoint; else NULL */
};

struct message {
    struct pbuf *data;
    struct endpoint from;
    struct rights *rights; /* owned; NULL: none */
    struct message *next;
};

enum stream_state {
    STREAM_FRESH,
    STREAM_CONNECTING,
    STREAM_CONNECTED,
    STREAM_LISTENS,
    STREAM_OVER
};

struct socket {
    uint32_t family, type, protocol;
    const struct socket_operations *operations;
    union {
        struct ip_pcb *ip; /* what all three begin with */
        struct tcp_pcb *tcp;
        struct udp_pcb *udp;
        struct raw_pcb *raw;
    } block;             /* NULL: lwIP has ended it, or it is not lwIP's */
    struct vsock *vsock; /* of AF_VSOCK: domains/linux/link/vsock.h */
    struct local *local; /* of AF_UNIX: domains/linux/local/local.h */
    uint32_t mode;       /* of AF_UNIX: the permissions of its file, when it is bound */
    struct wait_queue changed;
    int error;                              /* an errno, told once */
    uint64_t receive_timeout, send_timeout; /* nanoseconds; 0: none */
    bool reading, writing;                  /* one of each at a time */
    bool input_shut, output_shut;           /* by shutdown() */
    bool ended;                             /* the other side will send no more */
    bool only_ipv6;                         /* IPV6_V6ONLY */
    bool lingers;                           /* SO_LINGER, and its seconds */
    uint32_t linger_seconds;

    enum stream_state state;
    struct pbuf *received;                                      /* of a stream */
    struct socket *pending_first, *pending_last, *pending_next; /* connections to be accepted */
    uint32_t pending_count, pending_most;
    struct socket *listener; /* whose pending one this is; NULL: none's */

    struct message *first, *last; /* of the others: message.h */
    uint32_t queued_bytes;
    uint32_t consumed;              /* of the first, by a stream's reader */
    struct endpoint peer;           /* of a connected one */
    bool is_connected;              /* of a stream: and connect() has said so */
    struct membership *memberships; /* membership.h */
    uint32_t filtered_types;        /* ICMP_FILTER: a bit for each type that is not wanted */
    uint32_t interface;             /* of AF_PACKET: the index of the one it is bound to; 0: all */
    uint32_t port;                  /* of AF_NETLINK: its own; 0: not bound yet */
    uint64_t groups;                /* of AF_NETLINK: whose news it hears, a bit for each */
    struct socket *next;            /* of AF_PACKET and AF_NETLINK: the list of all */
};

/* A send or receive as a system call asks for it. */
struct exchange {
    struct transfer *data;
    const struct endpoint *to; /* NULL: its peer */
    struct endpoint *from;     /* filled in; NULL: nobody asks */
    uint32_t flags;            /* MSG_* */
    uint32_t left_out;         /* bytes of a datagram that had no room */
    struct rights *rights;     /* of AF_UNIX: to be sent, or that have come; owned. NULL: none */
    uint64_t deadline;
};

struct socket_operations {
    int (*bind)(struct socket *socket, const struct endpoint *name);
    int (*connect)(struct socket *socket, const struct endpoint *peer,
                   bool waits); /* NULL: to nobody */
    int (*listen)(struct socket *socket, uint32_t backlog);
    int (*accept)(struct socket *socket, bool waits, struct socket **accepted);
    int (*send)(struct socket *socket, struct exchange *exchange, bool waits);
    int (*receive)(struct socket *socket, struct exchange *exchange, bool waits);
    int (*shut)(struct socket *socket, bool input, bool output);
    int (*name)(struct socket *socket, bool of_peer, struct endpoint *name);
    uint32_t (*poll)(struct socket *socket);
    uint32_t (*readable)(struct socket *socket); /* bytes, for FIONREAD */
    void (*release)(struct socket *socket);
};

extern const struct socket_operations stream_operations, datagram_operations, raw_operations;

/* A socket without a block yet; NULL: no memory. */
struct socket *socket_make(uint32_t family, uint32_t type, uint32_t protocol);
void socket_free(struct socket *socket);
/* An open file for it, which owns it from now on; NULL: no memory, and it is freed. */
struct file *socket_file(struct socket *socket, uint32_t flags);
/* NULL: the file is no socket. */
struct socket *file_socket(const struct file *file);
/* It has changed: whoever waits looks again. For lwIP's callbacks. */
void socket_wake(struct socket *socket);
/* Waits for a change: 0, -ERESTARTSYS or -EAGAIN after the deadline. */
int socket_wait(struct socket *socket, uint64_t deadline);
uint64_t socket_deadline(uint64_t timeout); /* of a wait that begins now */
/* What its type's operations do, with its timeouts. A wait that has one is not begun again after a signal (signal(7)). */
int socket_send(struct socket *socket, struct exchange *exchange, bool waits);
int socket_receive(struct socket *socket, struct exchange *exchange, bool waits);
/* Its error, told once: 0 or a negative errno. */
int socket_take_error(struct socket *socket);

/* The list of all of a family, by `next`. */
void socket_enlist(struct socket **list, struct socket *socket);
void socket_unlist(struct socket **list, struct socket *socket); /* nothing if it is not there */

/* What connect() answers when the connection is there, or failed: that is told once, also if it was another thread that waited. */
int socket_end_connecting(struct socket *socket);
int socket_await_connection(struct socket *socket); /* until then */
/* -EPIPE, with its signal unless the call does without. */
int socket_broken_pipe(const struct exchange *exchange);

/* -EOPNOTSUPP, as listen, accept and shutdown of sockets that have no connections. */
int socket_no_listen(struct socket *socket, uint32_t backlog);
int socket_no_accept(struct socket *socket, bool waits, struct socket **accepted);
int socket_no_shut(struct socket *socket, bool input, bool output);

/* Connections that have come for a listener, in their order. */
void socket_queue_pending(struct socket *listener, struct socket *socket);
void socket_unqueue_pending(struct socket *socket);
void socket_drop_pending(struct socket *listener); /* frees them all */
/* The first of them, as accept() takes it. -EINVAL: it does not listen. */
int socket_accept_pending(struct socket *listener, bool waits, struct socket **accepted);

int stream_open(struct socket *socket); /* gives it a block: 0 or a negative errno */
int datagram_open(struct socket *socket);
int raw_open(struct socket *socket);
/* A datagram `from` here `to` there was refused: the socket that sent it is told, if it is connected to there. */
void datagram_refused(const struct endpoint *from, const struct endpoint *to, int error);
/* lwIP's type for addresses of this socket's family. */
uint8_t socket_address_type(const struct socket *socket);
/* The address to bind to: that of IPv6 which stands for all stands for IPv4's, too. */
int socket_check_address(const struct endpoint *name); /* 0, or -EADDRNOTAVAIL: it is no own one */
const ip_addr_t *socket_bind_address(const struct socket *socket, const struct endpoint *name);

int errno_of(int8_t lwip_error); /* err_t: 0 or a negative errno */

/* option.c: domain and name as in getsockopt(2). Values are in the manager's memory. */
int option_set(struct socket *socket, uint32_t level, uint32_t name, const void *value,
               uint32_t bytes);
int option_get(struct socket *socket, uint32_t level, uint32_t name, void *value, uint32_t *bytes);
/* interface.c */
int interface_ioctl(struct socket *socket, uint32_t request, uint32_t argument);

#endif
