// SPDX-License-Identifier: MIT
/*
 * One end of a link: its two rings of bytes, seen from this side (kernel/abi/link.h). Whatever the other side writes is
 * believed only as far as it does no harm here. Pure logic: who is to be rung is answered, not done.
 */
#ifndef DOMAINS_LINUX_LINK_END_H
#define DOMAINS_LINUX_LINK_END_H

#include "kernel/abi/link.h"

#include <stdbool.h>

struct link_end {
    volatile struct link_page *page;
    volatile struct link_stream *input, *output;
    uint8_t *input_bytes, *output_bytes;
    uint32_t consumed, produced; /* here, where the other side cannot change them */
    bool has_seen_end;           /* it has said that it will send no more, and all of it was read */
};

void link_end_begin(struct link_end *end, void *memory, enum link_side side);
enum link_state link_end_state(const struct link_end *end);

/* Bytes that wait to be read; LINK_BROKEN: the other side says what cannot be. */
#define LINK_BROKEN UINT32_MAX
uint32_t link_readable(const struct link_end *end);
/* The first of them that lie in a row. */
const uint8_t *link_read_span(const struct link_end *end, uint32_t *bytes);
bool link_consumed(struct link_end *end, uint32_t bytes); /* true: ring */
/* Asks to be rung when bytes come. true: there are some already, or the end. */
bool link_await_bytes(struct link_end *end);
/* The other side has said that it will send no more, and nothing is left to be read. It is told once that this was seen:
 * *must_ring. */
bool link_at_end(struct link_end *end, bool *must_ring);

uint32_t link_room(const struct link_end *end); /* LINK_BROKEN: as above */
uint8_t *link_write_span(const struct link_end *end, uint32_t *bytes);
bool link_produced(struct link_end *end, uint32_t bytes); /* true: ring */
bool link_await_room(struct link_end *end);               /* as link_await_bytes() */
bool link_is_refused(const struct link_end *end);         /* the other side wants no more */

/* Each is to be followed by a ring. */
void link_finish(struct link_end *end); /* no more will be sent */
void link_refuse(struct link_end *end); /* no more will be read */

#endif
