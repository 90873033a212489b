// SPDX-License-Identifier: MIT
#include "domains/linux/netlink/format.h"

#include <stddef.h>
#include <string.h>

struct attribute {
    uint16_t bytes, type;
};

static uint32_t padded(uint32_t bytes) {
    return (bytes + 3) & ~3u;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- Reading ---- */

uint32_t netlink_read(const uint8_t *from, uint32_t bytes, struct netlink_request *request) {
    struct netlink_header *header = &request->header;
    if (bytes < sizeof *header)
        return 0;
    memcpy(header, from, sizeof *header);
    if (header->bytes < sizeof *header || header->bytes > bytes)
        return 0;
    request->body = from + sizeof *header;
    request->bytes = header->bytes - (uint32_t)sizeof *header;
    return smaller(padded(header->bytes), bytes);
}

const void *netlink_body(const struct netlink_request *request, uint32_t body_bytes) {
    return request->bytes >= body_bytes ? request->body : NULL;
}

const void *netlink_attribute(const struct netlink_request *request, uint32_t body_bytes,
                              uint16_t type, uint32_t least) {
    struct attribute attribute;
    uint32_t at = padded(body_bytes);
    while (at < request->bytes && request->bytes - at >= sizeof attribute) {
        memcpy(&attribute, request->body + at, sizeof attribute);
        if (attribute.bytes < sizeof attribute || attribute.bytes > request->bytes - at)
            return NULL;
        if (attribute.type == type && attribute.bytes - sizeof attribute >= least)
            return request->body + at + sizeof attribute;
        at += padded(attribute.bytes);
    }
    return NULL;
}

/* ---- Building ---- */

/* `bytes` of zeros, and what pads them; NULL: no room. */
static uint8_t *reserve(struct netlink_writer *writer, uint32_t bytes) {
    uint8_t *place = writer->bytes + writer->used;
    if (padded(bytes) > writer->room - writer->used) {
        writer->overflowed = true;
        return NULL;
    }
    memset(place, 0, padded(bytes));
    writer->used += padded(bytes);
    return place;
}

void *netlink_begin(struct netlink_writer *writer, const struct netlink_header *header,
                    uint32_t body_bytes) {
    writer->start = writer->used;
    writer->overflowed = false;
    uint8_t *place = reserve(writer, (uint32_t)sizeof *header + body_bytes);
    if (place == NULL)
        return NULL;
    memcpy(place, header, sizeof *header);
    return place + sizeof *header;
}

void netlink_put(struct netlink_writer *writer, uint16_t type, const void *value, uint32_t bytes) {
    struct attribute attribute = {(uint16_t)(sizeof attribute + bytes), type};
    uint8_t *place = writer->overflowed ? NULL : reserve(writer, attribute.bytes);
    if (place == NULL)
        return;
    memcpy(place, &attribute, sizeof attribute);
    memcpy(place + sizeof attribute, value, bytes);
}

void netlink_put_number(struct netlink_writer *writer, uint16_t type, uint32_t number) {
    netlink_put(writer, type, &number, sizeof number);
}

void netlink_put_text(struct netlink_writer *writer, uint16_t type, const char *text) {
    netlink_put(writer, type, text, (uint32_t)strlen(text) + 1);
}

bool netlink_end(struct netlink_writer *writer) {
    uint32_t bytes = writer->used - writer->start;
    if (writer->overflowed) {
        writer->used = writer->start;
        return false;
    }
    memcpy(writer->bytes + writer->start, &bytes, sizeof bytes);
    return true;
}
