// SPDX-License-Identifier: MIT
/*
 *            creator: open          acceptor: accept         acceptor: exit, or dies
 *   (none) ───────────────> offered ────────────────> open ─────────────────────────> ended
 *
 * Each end is open or closed. A channel that was only offered dies with its creator's end; otherwise it
 * is freed when both ends are closed, or when the creator dies, whose memory it is, or wants that memory for
 * another channel after it has closed its end: an acceptor that keeps its ends takes nothing. What must hold: a
 * channel is in the list of its creator until it is freed, in the acceptor's while that end is open (offered
 * counts as open), and in no other.
 */
#include "kernel/channel/channel.h"

#include "kernel/domain/tenant.h"
#include "kernel/mem/object.h"

#include <stddef.h>
#include <string.h>

#define STATUS_KILLED 9u   /* as wait(2) says: ended by SIGKILL */
#define ENDS_MOST     256u /* of a tenant: what a search walks over */
#define ENDS_A_SLICE  4u

struct channel {
    uint32_t number;
    uint32_t state; /* enum channel_state */
    uint32_t flags, window, exit_status;
    struct tenant *sides[SIDE_COUNT]; /* in whose list it is; NULL: the acceptor's end is closed */
    bool creator_closed; /* the creator's end is: it is in that list to be found at death */
    struct channel *next[SIDE_COUNT]; /* in the list of that side's tenant */
    struct tenant *payer;
    struct stream streams[STREAM_COUNT];
    uint32_t command_bytes;
    char command[CHANNEL_COMMAND_BYTES];
};

static uint32_t last_number;

static enum channel_side side_of(const struct channel *channel, const struct tenant *tenant) {
    return channel->sides[SIDE_CREATOR] == tenant ? SIDE_CREATOR : SIDE_ACCEPTOR;
}

static enum channel_side writer_of(uint32_t stream) {
    return stream == STREAM_INPUT ? SIDE_CREATOR : SIDE_ACCEPTOR;
}

/* ---- A tenant's list ---- */

static struct channel **list_end(struct tenant *tenant) {
    struct channel **link = &tenant->channels;
    while (*link != NULL)
        link = &(*link)->next[side_of(*link, tenant)];
    return link;
}

static void join(struct channel *channel, enum channel_side side, struct tenant *tenant) {
    struct channel **end = list_end(tenant);
    channel->sides[side] = tenant;
    channel->next[side] = NULL;
    *end = channel;
}

static void leave(struct channel *channel, enum channel_side side) {
    struct tenant *tenant = channel->sides[side];
    struct channel **link = &tenant->channels;
    while (*link != channel)
        link = &(*link)->next[side_of(*link, tenant)];
    *link = channel->next[side];
    channel->sides[side] = NULL;
}

static bool is_closed(const struct channel *channel, enum channel_side side) {
    return side == SIDE_CREATOR ? channel->creator_closed : channel->sides[side] == NULL;
}

static struct channel *find(struct tenant *tenant, uint32_t handle) {
    struct channel *channel = tenant->channels;
    while (channel != NULL && channel->number != handle)
        channel = channel->next[side_of(channel, tenant)];
    return channel != NULL && !is_closed(channel, side_of(channel, tenant)) ? channel : NULL;
}

uint32_t channel_count(const struct tenant *tenant) {
    uint32_t count = 0;
    for (const struct channel *channel = tenant->channels; channel != NULL;
         channel = channel->next[side_of(channel, tenant)])
        count++;
    return count;
}

static void tell_other(const struct channel *channel, enum channel_side side) {
    if (!is_closed(channel, 1 - side))
        tenant_channel_event(channel->sides[1 - side]);
}

/* ---- Birth ---- */

static void free_channel(struct channel *channel) {
    for (uint32_t n = 0; n < STREAM_COUNT; n++)
        if (channel->streams[n].bytes != NULL)
            object_pages_free(&channel->payer->pool, channel->streams[n].bytes, 1);
    object_free(&channel->payer->pool, channel);
}

/* The acceptor's end is closed, and the creator's too. */
static void end_channel(struct channel *channel) {
    leave(channel, SIDE_CREATOR);
    free_channel(channel);
}

/* The creator's memory goes from it, so the acceptor's end goes too. */
static void take_back(struct channel *channel) {
    struct tenant *acceptor = channel->sides[SIDE_ACCEPTOR];
    if (acceptor != NULL) {
        leave(channel, SIDE_ACCEPTOR);
        tenant_channel_event(acceptor);
    }
    end_channel(channel);
}

static struct channel *allocate(struct tenant *payer) {
    struct channel *channel = object_allocate(&payer->pool, sizeof *channel);
    if (channel == NULL)
        return NULL;
    channel->payer = payer;
    for (uint32_t n = 0; n < STREAM_COUNT; n++) {
        channel->streams[n].bytes = object_pages(&payer->pool, 1);
        if (channel->streams[n].bytes == NULL) {
            free_channel(channel);
            return NULL;
        }
    }
    return channel;
}

/* false: the creator has closed the end of none. */
static bool take_back_oldest_closed(struct tenant *creator) {
    struct channel *channel = creator->channels;
    while (channel != NULL &&
           (side_of(channel, creator) != SIDE_CREATOR || !channel->creator_closed))
        channel = channel->next[side_of(channel, creator)];
    if (channel != NULL)
        take_back(channel);
    return channel != NULL;
}

static bool is_command(const struct channel_offer *offer) {
    return offer->command_bytes > 0 && offer->command_bytes <= CHANNEL_COMMAND_BYTES &&
           offer->command[offer->command_bytes - 1] == '\0';
}

enum status channel_open(struct tenant *creator, struct tenant *acceptor,
                         const struct channel_offer *offer, uint32_t *handle) {
    if (!is_command(offer) || (offer->flags & ~CHANNEL_TERMINAL) != 0 || creator == acceptor)
        return STATUS_BAD_ARGUMENT;
    if (acceptor->state != TENANT_RUNNING)
        return STATUS_GONE;
    if (channel_count(creator) == ENDS_MOST && !take_back_oldest_closed(creator))
        return STATUS_NO_MEMORY;
    if (channel_count(acceptor) == ENDS_MOST)
        return STATUS_NO_MEMORY;
    struct channel *channel = allocate(creator);
    while (channel == NULL && take_back_oldest_closed(creator))
        channel = allocate(creator);
    if (channel == NULL)
        return STATUS_NO_MEMORY;
    channel->number = *handle = ++last_number;
    channel->state = CHANNEL_OFFERED;
    channel->flags = offer->flags;
    channel->window = offer->window;
    channel->command_bytes = offer->command_bytes;
    memcpy(channel->command, offer->command, offer->command_bytes);
    join(channel, SIDE_CREATOR, creator);
    join(channel, SIDE_ACCEPTOR, acceptor);
    tenant_channel_event(acceptor);
    return STATUS_OK;
}

enum status channel_accept(struct tenant *tenant, uint32_t *handle) {
    struct channel *channel = tenant->channels;
    while (channel != NULL &&
           (side_of(channel, tenant) == SIDE_CREATOR || channel->state != CHANNEL_OFFERED))
        channel = channel->next[side_of(channel, tenant)];
    if (channel == NULL)
        return STATUS_AGAIN;
    channel->state = CHANNEL_OPEN;
    *handle = channel->number;
    tell_other(channel, SIDE_ACCEPTOR);
    return STATUS_OK;
}

/* ---- Use ---- */

enum status channel_describe(struct tenant *tenant, uint32_t handle,
                             struct channel_description *description) {
    const struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    *description = (struct channel_description){
        .state = channel->state,
        .flags = channel->flags,
        .window = channel->window,
        .exit_status = channel->exit_status,
        .command_bytes = channel->command_bytes,
    };
    for (uint32_t n = 0; n < STREAM_COUNT; n++) {
        const struct stream *stream = &channel->streams[n];
        bool writes = side_of(channel, tenant) == writer_of(n);
        description->readable[n] = writes ? 0 : stream_used(stream);
        description->writable[n] = writes && !stream->reader_done ? stream_room(stream) : 0;
        description->shut |= stream->writer_done || (writes && stream->reader_done) ? 1u << n : 0;
    }
    memcpy(description->command, channel->command, channel->command_bytes);
    return STATUS_OK;
}

static enum status find_stream(struct tenant *tenant, uint32_t handle, uint32_t number, bool writes,
                               struct stream **stream) {
    struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    if (number >= STREAM_COUNT)
        return STATUS_BAD_ARGUMENT;
    if ((side_of(channel, tenant) == writer_of(number)) != writes)
        return STATUS_NOT_PERMITTED;
    *stream = &channel->streams[number];
    return STATUS_OK;
}

enum status channel_reads(struct tenant *tenant, uint32_t handle, uint32_t number,
                          struct stream **stream) {
    return find_stream(tenant, handle, number, false, stream);
}

enum status channel_writes(struct tenant *tenant, uint32_t handle, uint32_t number,
                           struct stream **stream) {
    enum status status = find_stream(tenant, handle, number, true, stream);
    if (status == STATUS_OK && ((*stream)->reader_done || (*stream)->writer_done))
        return STATUS_GONE;
    return status;
}

void channel_moved(struct tenant *tenant, uint32_t handle) {
    const struct channel *channel = find(tenant, handle);
    tell_other(channel, side_of(channel, tenant));
}

/* false: it was shut already. */
static bool shut(struct channel *channel, enum channel_side side, uint32_t number) {
    struct stream *stream = &channel->streams[number];
    bool *done = writer_of(number) == side ? &stream->writer_done : &stream->reader_done;
    bool was_open = !*done;
    *done = true;
    return was_open;
}

enum status channel_shut(struct tenant *tenant, uint32_t handle, uint32_t number) {
    struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    if (number >= STREAM_COUNT)
        return STATUS_BAD_ARGUMENT;
    if (shut(channel, side_of(channel, tenant), number))
        tell_other(channel, side_of(channel, tenant));
    return STATUS_OK;
}

enum status channel_set_window(struct tenant *tenant, uint32_t handle, uint32_t window) {
    struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    if (side_of(channel, tenant) != SIDE_CREATOR)
        return STATUS_NOT_PERMITTED;
    channel->window = window;
    tell_other(channel, SIDE_CREATOR);
    return STATUS_OK;
}

/* ---- Ends ---- */

static void end_command(struct channel *channel, uint32_t wait_status) {
    channel->state = CHANNEL_ENDED;
    channel->exit_status = wait_status;
    for (uint32_t n = 0; n < STREAM_COUNT; n++)
        shut(channel, SIDE_ACCEPTOR, n);
    tell_other(channel, SIDE_ACCEPTOR);
}

enum status channel_exit(struct tenant *tenant, uint32_t handle, uint32_t wait_status) {
    struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    if (side_of(channel, tenant) != SIDE_ACCEPTOR || channel->state != CHANNEL_OPEN)
        return STATUS_NOT_PERMITTED;
    end_command(channel, wait_status);
    return STATUS_OK;
}

static void close_acceptor(struct channel *channel) {
    if (channel->state != CHANNEL_ENDED)
        end_command(channel, STATUS_KILLED);
    leave(channel, SIDE_ACCEPTOR);
    if (channel->creator_closed)
        end_channel(channel);
}

/* A command that nobody has accepted yet never will be. */
static void close_creator(struct channel *channel) {
    for (uint32_t n = 0; n < STREAM_COUNT; n++)
        shut(channel, SIDE_CREATOR, n);
    tell_other(channel, SIDE_CREATOR);
    channel->creator_closed = true;
    if (channel->state == CHANNEL_OFFERED)
        leave(channel, SIDE_ACCEPTOR);
    if (channel->sides[SIDE_ACCEPTOR] == NULL)
        end_channel(channel);
}

enum status channel_close(struct tenant *tenant, uint32_t handle) {
    struct channel *channel = find(tenant, handle);
    if (channel == NULL)
        return STATUS_BAD_HANDLE;
    if (side_of(channel, tenant) == SIDE_CREATOR)
        close_creator(channel);
    else
        close_acceptor(channel);
    return STATUS_OK;
}

bool channel_tenant_died(struct tenant *tenant) {
    for (uint32_t n = 0; n < ENDS_A_SLICE && tenant->channels != NULL; n++) {
        struct channel *channel = tenant->channels;
        if (side_of(channel, tenant) == SIDE_CREATOR)
            take_back(channel);
        else
            close_acceptor(channel);
    }
    return tenant->channels == NULL;
}
