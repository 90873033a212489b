// SPDX-License-Identifier: MIT
/*
 * Who can reach a link:
 *
 *   offered   the offerer's end, the acceptor's list of offers
 *   open      both ends
 *   ended     the end of its offerer, until that closes; the acceptor's end is the acceptor's own, and outlives it
 *
 * What must hold: the pages of a link are mapped in the slots of the ends that can reach it, and nowhere else; they are
 * freed only when no CPU can remember them. An acceptor may be reading or writing in its slot at any moment, on another
 * CPU: so a page of it is never gone, its first page says LINK_ENDED before any other changes, and what takes their places
 * are two pages, so that nothing that is still written to the others can turn up in the first.
 */
#include "kernel/link/link.h"

#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/view.h"
#include "kernel/mem/leaf.h"
#include "kernel/mem/window.h"
#include "kernel/network/policy.h"

#include <stddef.h>

#define CUTS_A_SLICE 4u

struct link {
    struct tenant *tenants[LINK_SIDES]; /* NULL: its end is cut off */
    uint32_t numbers[LINK_SIDES];       /* of its ends; the acceptor's when it is open */
    bool is_open;
    frame_t frames[LINK_PAGES]; /* the offerer's, which its slot shows as long as it has them */
    struct link *next, *before; /* in the list of offers */
};

struct link_end {
    bool is_used;
    struct link *link; /* NULL: cut off */
    struct link_description description;
};

/* Made with a tenant's first link. */
struct link_table {
    struct link_end ends[LINKS_MOST];
    void *spare
        [2]; /* what an acceptor sees in the place of a first page that is gone, and of the others */
};

_Static_assert(sizeof(struct link_table) <= OBJECT_BYTES_MAX, "an object");
_Static_assert(TABLE_BYTES % LINK_SLOT_BYTES == 0 && MANAGER_LINKS % LINK_SLOT_BYTES == 0,
               "a slot lies in one table");

static struct link_end *find(const struct tenant *tenant, uint32_t number) {
    struct link_end *end =
        tenant->links != NULL && number < LINKS_MOST ? &tenant->links->ends[number] : NULL;
    return end != NULL && end->is_used ? end : NULL;
}

static struct link_end *end_of(const struct link *link, enum link_side side) {
    return find(link->tenants[side], link->numbers[side]);
}

static struct tenant *other_of(const struct link_end *end) {
    return end->link != NULL ? end->link->tenants[LINK_SIDES - 1 - end->description.side] : NULL;
}

/* What both sides see without a call, as long as they leave it alone. */
static void write_state(const struct link *link, enum link_state state) {
    volatile struct link_page *page = window_map(WINDOW_TARGET, link->frames[0]);
    page->state = state;
}

static void tell(struct tenant *tenant) {
    if (tenant == NULL || tenant->state != TENANT_RUNNING)
        return;
    tenant->information->link_sequence++;
    tenant_event(tenant);
}

static void tell_at(struct tenant *tenant, uint32_t word) {
    tenant->information->link_sequence++;
    tenant_event_at(tenant, word);
}

/* ---- A tenant's table ---- */

static bool has_table(struct tenant *tenant) {
    if (tenant->links == NULL)
        tenant->links = object_allocate(&tenant->pool, sizeof *tenant->links);
    return tenant->links != NULL;
}

static bool has_spare(struct tenant *tenant) {
    void **spare = tenant->links->spare;
    for (uint32_t n = 0; n < 2; n++)
        if (spare[n] == NULL)
            spare[n] = object_pages(&tenant->pool, 1);
    return spare[0] != NULL && spare[1] != NULL;
}

/* What the slot of an end that is cut off shows. */
static frame_t spare_for(const struct tenant *tenant, uint32_t page) {
    return object_frame(tenant->links->spare[page != 0]);
}

/* A number whose slot has a page table; OK, FULL or NO_MEMORY. */
static enum status take_slot(struct tenant *tenant, uint32_t *number) {
    uint32_t n = 0;
    if (!has_table(tenant))
        return STATUS_NO_MEMORY;
    while (n < LINKS_MOST && tenant->links->ends[n].is_used)
        n++;
    if (n == LINKS_MOST)
        return STATUS_FULL;
    if (table_missing(tenant->directory, link_address(n))) {
        if (!quota_withdraw(&tenant->quota, 1))
            return STATUS_NO_MEMORY;
        tenant->tables++;
        table_entry_make(tenant->directory, link_address(n), tenant->account);
    }
    *number = n;
    return STATUS_OK;
}

/* ---- Its pages ---- */

/* One for each page, in a row: a slot lies in one table. */
static uint64_t *slot_entries(const struct tenant *tenant, uint32_t number) {
    return table_entry(tenant->directory, link_address(number));
}

static void show(struct tenant *tenant, uint64_t *entry, uint32_t address, frame_t frame) {
    uint64_t before = *entry;
    uint64_t leaf = PTE_PAGE(frame) | PTE_PRESENT | PTE_WRITE | PTE_NX | PTE_MANAGER;
    leaf_hold(tenant, leaf);
    if (!is_present(before)) {
        table_store(entry, leaf);
        return;
    }
    table_replace(entry, leaf);
    leaf_drop(tenant, before);
    invalidate_page(address);
}

static void show_pages(struct tenant *tenant, uint32_t number, const frame_t *frames) {
    uint64_t *entries = slot_entries(tenant, number);
    for (uint32_t page = 0; page < LINK_PAGES; page++)
        show(tenant, &entries[page], link_address(number) + page * PAGE_SIZE, frames[page]);
}

/* No CPU remembers what it was. */
static void show_spare(struct tenant *tenant, uint32_t number) {
    frame_t frames[LINK_PAGES];
    for (uint32_t page = 0; page < LINK_PAGES; page++)
        frames[page] = spare_for(tenant, page);
    show_pages(tenant, number, frames);
    view_forget_pages(tenant, NULL);
}

static void show_nothing(struct tenant *tenant, uint32_t number) {
    uint64_t *entries = slot_entries(tenant, number);
    for (uint32_t page = 0; page < LINK_PAGES; page++) {
        uint64_t before = entries[page];
        table_store(&entries[page], 0);
        leaf_drop(tenant, before);
        invalidate_page(link_address(number) + page * PAGE_SIZE);
    }
    view_forget_pages(tenant, NULL);
}

/* ---- The list of offers ---- */

static void join_offers(struct tenant *acceptor, struct link *link) {
    link->before = acceptor->offers_last;
    *(link->before != NULL ? &link->before->next : &acceptor->offers_first) = link;
    acceptor->offers_last = link;
}

static void leave_offers(struct tenant *acceptor, struct link *link) {
    *(link->before != NULL ? &link->before->next : &acceptor->offers_first) = link->next;
    *(link->next != NULL ? &link->next->before : &acceptor->offers_last) = link->before;
    link->next = link->before = NULL;
}

/* ---- Birth ---- */

static struct link *allocate(struct tenant *offerer) {
    struct link *link = object_allocate(&offerer->pool, sizeof *link);
    if (link == NULL)
        return NULL;
    if (!quota_withdraw(&offerer->quota, LINK_PAGES)) {
        object_free(&offerer->pool, link);
        return NULL;
    }
    for (uint32_t page = 0; page < LINK_PAGES; page++)
        link->frames[page] = frame_take(offerer->account, FRAME_OBJECT);
    offerer->link_frames += LINK_PAGES;
    return link;
}

static void free_link(struct tenant *offerer, struct link *link) {
    for (uint32_t page = 0; page < LINK_PAGES; page++)
        frame_give(link->frames[page]);
    offerer->link_frames -= LINK_PAGES;
    quota_replenish(&offerer->quota, LINK_PAGES);
    object_free(&offerer->pool, link);
}

static void make_end(struct link *link, enum link_side side, uint32_t number,
                     struct link_description description) {
    struct tenant *tenant = link->tenants[side];
    description.side = side;
    link->numbers[side] = number;
    tenant->links->ends[number] =
        (struct link_end){.is_used = true, .link = link, .description = description};
    show_pages(tenant, number, link->frames);
}

static struct tenant *acceptor_for(const struct tenant *offerer, uint32_t number) {
    struct tenant *tenant = number < TENANT_MAX ? tenants[number] : NULL;
    if (tenant == NULL || tenant == offerer ||
        (DEFENCE_LINK_POLICY && !tenants_may_talk(offerer, tenant)))
        return NULL;
    return tenant;
}

enum status link_offer(struct tenant *offerer, uint32_t tenant, uint32_t from_port,
                       uint32_t to_port, uint32_t *number) {
    struct tenant *acceptor = acceptor_for(offerer, tenant);
    if (acceptor == NULL)
        return STATUS_NOT_PERMITTED;
    if (acceptor->state != TENANT_RUNNING)
        return STATUS_GONE;
    enum status status = take_slot(offerer, number);
    if (status != STATUS_OK)
        return status;
    struct link *link = allocate(offerer);
    if (link == NULL)
        return STATUS_NO_MEMORY;
    link->tenants[LINK_OFFERER] = offerer;
    link->tenants[LINK_ACCEPTOR] = acceptor;
    make_end(link, LINK_OFFERER, *number,
             (struct link_description){.state = LINK_OFFERED,
                                       .tenant = acceptor->number,
                                       .from_port = from_port,
                                       .to_port = to_port});
    write_state(link, LINK_OFFERED);
    join_offers(acceptor, link);
    tell(acceptor);
    return STATUS_OK;
}

/* The acceptor can reach it no more; an end that it has sees its spare page. */
static void cut_acceptor(struct link *link) {
    struct tenant *acceptor = link->tenants[LINK_ACCEPTOR];
    if (acceptor == NULL)
        return;
    write_state(link, LINK_ENDED);
    if (link->is_open) {
        struct link_end *end = end_of(link, LINK_ACCEPTOR);
        end->link = NULL;
        end->description.state = LINK_ENDED;
        if (DEFENCE_LINK_REVOKED)
            show_spare(acceptor, link->numbers[LINK_ACCEPTOR]);
    } else {
        leave_offers(acceptor, link);
    }
    link->tenants[LINK_ACCEPTOR] = NULL;
    end_of(link, LINK_OFFERER)->description.state = LINK_ENDED;
    tell(acceptor);
}

static void cut(struct link *link) {
    cut_acceptor(link);
    tell(link->tenants[LINK_OFFERER]);
}

/* Offers whose leave was withdrawn since then are none. */
static struct link *first_offer(struct tenant *tenant) {
    uint32_t left = CUTS_A_SLICE;
    struct link *link;
    while ((link = tenant->offers_first) != NULL && left-- > 0) {
        if (!DEFENCE_LINK_POLICY || tenants_may_talk(tenant, link->tenants[LINK_OFFERER]))
            return link;
        cut(link);
    }
    return NULL;
}

enum status link_accept(struct tenant *tenant, uint32_t *number) {
    struct link *link = first_offer(tenant);
    if (link == NULL)
        return STATUS_AGAIN;
    enum status status = take_slot(tenant, number);
    if (status != STATUS_OK)
        return status;
    if (!has_spare(tenant))
        return STATUS_NO_MEMORY;
    leave_offers(tenant, link);
    struct link_description *offered = &end_of(link, LINK_OFFERER)->description;
    offered->state = LINK_OPEN;
    link->is_open = true;
    struct link_description description = *offered;
    description.tenant = link->tenants[LINK_OFFERER]->number;
    make_end(link, LINK_ACCEPTOR, *number, description);
    write_state(link, LINK_OPEN);
    tell(link->tenants[LINK_OFFERER]);
    return STATUS_OK;
}

/* ---- Use ---- */

enum status link_describe(const struct tenant *tenant, uint32_t number,
                          struct link_description *description) {
    const struct link_end *end = find(tenant, number);
    if (end == NULL)
        return STATUS_BAD_HANDLE;
    *description = end->description;
    return STATUS_OK;
}

/* The word, at the other side, on which a thread may sleep until more bytes come. */
static uint32_t bell_of(const struct link_end *end) {
    enum link_side other = LINK_SIDES - 1 - end->description.side;
    return link_address(end->link->numbers[other]) +
           (uint32_t)offsetof(struct link_page, streams[other].produced);
}

enum status link_ring(const struct tenant *tenant, uint32_t number) {
    const struct link_end *end = find(tenant, number);
    if (end == NULL)
        return STATUS_BAD_HANDLE;
    if (end->description.state == LINK_ENDED)
        return STATUS_GONE;
    struct tenant *other = other_of(end);
    if (!end->link->is_open)
        tell(other);
    else if (other->state == TENANT_RUNNING)
        tell_at(other, bell_of(end));
    return STATUS_OK;
}

bool link_shows(const struct tenant *tenant, uint32_t address, frame_t frame) {
    uint32_t offset = address - MANAGER_LINKS, page = offset % LINK_SLOT_BYTES / PAGE_SIZE;
    const struct link_end *end = find(tenant, offset / LINK_SLOT_BYTES);
    if (end == NULL || page >= LINK_PAGES)
        return false;
    return frame == (end->link != NULL ? end->link->frames[page] : spare_for(tenant, page));
}

/* ---- The end ---- */

static void close_end(struct tenant *tenant, uint32_t number) {
    struct link_end *end = &tenant->links->ends[number];
    struct link *link = end->link;
    if (link != NULL)
        cut(link);
    show_nothing(tenant, number);
    if (end->description.side == LINK_OFFERER)
        free_link(tenant, link);
    *end = (struct link_end){.is_used = false};
}

enum status link_close(struct tenant *tenant, uint32_t number) {
    if (find(tenant, number) == NULL)
        return STATUS_BAD_HANDLE;
    close_end(tenant, number);
    return STATUS_OK;
}

/* Cuts the links between the two that `one` can reach by its ends; true: none is left. */
static bool cut_ends(struct tenant *one, const struct tenant *other, uint32_t *left) {
    for (uint32_t n = 0; one->links != NULL && n < LINKS_MOST; n++) {
        const struct link_end *end = find(one, n);
        if (end == NULL || other_of(end) != other)
            continue;
        if ((*left)-- == 0)
            return false;
        cut(end->link);
    }
    return true;
}

bool links_cut_between(struct tenant *one, struct tenant *other) {
    uint32_t left = CUTS_A_SLICE;
    return cut_ends(one, other, &left) && cut_ends(other, one, &left);
}

bool links_tenant_died(struct tenant *tenant) {
    uint32_t left = CUTS_A_SLICE;
    for (; left > 0 && tenant->offers_first != NULL; left--)
        cut(tenant->offers_first);
    for (uint32_t n = 0; left > 0 && tenant->links != NULL && n < LINKS_MOST; n++) {
        if (!tenant->links->ends[n].is_used)
            continue;
        close_end(tenant, n);
        left--;
    }
    if (left == 0)
        return false;
    tenant->links = NULL; /* its pool goes whole */
    return true;
}
