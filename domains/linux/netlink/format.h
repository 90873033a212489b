// SPDX-License-Identifier: MIT
/*
 * Messages of netlink (RFC 3549; netlink(7), rtnetlink(7)): reading them and building them. Pure.
 *
 *   struct netlink_header | body, of the message's type | attribute | attribute ...      each padded to 4 bytes
 *                                                         └─ bytes (16), type (16), value
 */
#ifndef DOMAINS_LINUX_NETLINK_FORMAT_H
#define DOMAINS_LINUX_NETLINK_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define NETLINK_REQUEST   0x1u /* NLM_F_* */
#define NETLINK_MULTI     0x2u
#define NETLINK_ACK       0x4u
#define NETLINK_DUMP      0x300u
#define NETLINK_REPLACE   0x100u
#define NETLINK_EXCLUSIVE 0x200u

#define NETLINK_ERROR 2u /* NLMSG_* */
#define NETLINK_DONE  3u
#define NETLINK_TYPES 16u /* those before are netlink's own */

struct netlink_header {
    uint32_t bytes; /* of all of it */
    uint16_t type, flags;
    uint32_t sequence, port;
};

struct netlink_request {
    struct netlink_header header;
    const uint8_t *body; /* aligned to 4 bytes */
    uint32_t bytes;      /* of body and attributes */
};

/* Types come in fours: new, delete, get, set. */
static inline bool netlink_only_asks(const struct netlink_request *request) {
    return request->header.type % 4 == 2;
}
/* Of one that asks: for all that there are. The same bits have another meaning where something is made. */
static inline bool netlink_asks_for_all(const struct netlink_request *request) {
    return netlink_only_asks(request) && (request->header.flags & NETLINK_DUMP) == NETLINK_DUMP;
}
/* The first message in `bytes` at `from`, and how far the next one is; 0: there is none that is whole. */
uint32_t netlink_read(const uint8_t *from, uint32_t bytes, struct netlink_request *request);
/* Its body, of which it has `body_bytes` at least; NULL: it has not. */
const void *netlink_body(const struct netlink_request *request, uint32_t body_bytes);
/* The value of the first attribute of that type behind the body, with `least` bytes or more; NULL: it has none. */
const void *netlink_attribute(const struct netlink_request *request, uint32_t body_bytes,
                              uint16_t type, uint32_t least);

/* Messages one after another, as far as there is room. What did not fit leaves no message behind. */
struct netlink_writer {
    uint8_t *bytes; /* aligned to 4 bytes */
    uint32_t room, used;
    uint32_t start;  /* of the message that is being built */
    bool overflowed; /* likewise */
};

/* Its body, which is zero; NULL: no room. */
void *netlink_begin(struct netlink_writer *writer, const struct netlink_header *header,
                    uint32_t body_bytes);
void netlink_put(struct netlink_writer *writer, uint16_t type, const void *value, uint32_t bytes);
void netlink_put_number(struct netlink_writer *writer, uint16_t type, uint32_t number);
void netlink_put_text(struct netlink_writer *writer, uint16_t type, const char *text);
/* false: it did not fit, and is not there. */
bool netlink_end(struct netlink_writer *writer);

#endif
