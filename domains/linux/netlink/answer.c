// SPDX-License-Identifier: MIT
#include "domains/linux/netlink/answer.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/netlink/netlink.h"
#include "domains/linux/network/message.h"
#include "kernel/abi/layout.h"

#define MESSAGE_MOST                                                                               \
    1024u /* of any that is built here, the request that an error repeats among them */

struct error_body { /* struct nlmsgerr */
    int32_t error;
    struct netlink_header request;
};

bool answer_begin(struct answer *answer, struct socket *socket,
                  const struct netlink_request *request) {
    *answer = (struct answer){.socket = socket, .request = request};
    answer->writer.bytes = heap_allocate(PAGE_SIZE);
    answer->writer.room = answer->writer.bytes != NULL ? PAGE_SIZE : 0;
    return answer->writer.bytes != NULL;
}

bool answer_begin_news(struct answer *answer, uint32_t group, bool is_gone) {
    if (!netlink_has_listeners(group))
        return false;
    *answer = (struct answer){.group = group, .is_gone = is_gone};
    answer->writer.bytes = heap_allocate(PAGE_SIZE);
    answer->writer.room = PAGE_SIZE;
    if (answer->writer.bytes == NULL)
        netlink_spread(group, NULL);
    return answer->writer.bytes != NULL;
}

/* From the kernel: port 0. */
static void pass_on(struct answer *answer) {
    static const struct endpoint kernel;
    struct netlink_writer *writer = &answer->writer;
    if (writer->used == 0)
        return;
    struct pbuf *data = pbuf_alloc(PBUF_RAW, (u16_t)writer->used, PBUF_RAM);
    if (data != NULL)
        (void)pbuf_take(data, writer->bytes, (u16_t)writer->used); /* it is as long */
    if (answer->socket == NULL)
        netlink_spread(answer->group, data);
    else if (data == NULL || !message_queue(answer->socket, data, &kernel))
        answer->lost = true;
    writer->used = 0;
}

void answer_end_news(struct answer *answer) {
    pass_on(answer);
    heap_free(answer->writer.bytes);
}

void *answer_message(struct answer *answer, uint16_t type, uint32_t body_bytes) {
    const struct netlink_request *request = answer->request;
    struct netlink_header header = {.type = (uint16_t)(type + answer->is_gone)};
    if (request != NULL) {
        header.flags = netlink_asks_for_all(request) && type != NETLINK_ERROR ? NETLINK_MULTI : 0;
        header.sequence = request->header.sequence;
        header.port = answer->socket->port;
    }
    if (answer->writer.room - answer->writer.used < MESSAGE_MOST)
        pass_on(answer);
    return netlink_begin(&answer->writer, &header, body_bytes);
}

void answer_message_end(struct answer *answer) {
    answer->lost |= !netlink_end(&answer->writer);
}

/* An error repeats the request, what was done only its header. */
static void tell_result(struct answer *answer, int error) {
    const struct netlink_request *request = answer->request;
    uint32_t repeated = error != 0 && request->bytes <= MESSAGE_MOST / 2 ? request->bytes : 0;
    struct error_body *body =
        answer_message(answer, NETLINK_ERROR, (uint32_t)sizeof *body + repeated);
    body->error = error;
    body->request = request->header;
    memcpy(body + 1, request->body, repeated);
    answer_message_end(answer);
}

static void tell_end(struct answer *answer) {
    *(int32_t *)answer_message(answer, NETLINK_DONE, sizeof(int32_t)) = 0;
    answer_message_end(answer);
}

void answer_end(struct answer *answer, int error) {
    if (error == 0 && netlink_asks_for_all(answer->request))
        tell_end(answer);
    else if (error != 0 || (answer->request->header.flags & NETLINK_ACK) != 0)
        tell_result(answer, error);
    pass_on(answer);
    heap_free(answer->writer.bytes);
    if (answer->lost)
        answer->socket->error = ENOBUFS;
}
