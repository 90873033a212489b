// SPDX-License-Identifier: MIT
/*
 * Area lists: find, add, split, remove, merge, on one sorted singly linked list. Processes have
 * some ten areas, so a walk is short; AREAS_MOST bounds it.
 */
#include "domains/linux/memory/area.h"

#include "domains/lib/heap.h"

#define PAGE_BITS 12

static uint32_t pages_between(uint32_t start, uint32_t end) {
    return (end - start) >> PAGE_BITS;
}

struct area *area_at_or_above(const struct area_list *list, uint32_t address) {
    struct area *area = list->first;
    while (area != NULL && area->end <= address)
        area = area->next;
    return area;
}

struct area *area_find(const struct area_list *list, uint32_t address) {
    struct area *area = area_at_or_above(list, address);
    return area != NULL && area->start <= address ? area : NULL;
}

bool area_covers(const struct area_list *list, uint32_t start, uint32_t end) {
    for (struct area *area = area_at_or_above(list, start); start < end; area = area->next) {
        if (area == NULL || area->start > start)
            return false;
        start = area->end;
    }
    return true;
}

uint32_t area_find_gap(const struct area_list *list, uint32_t bytes, uint32_t limit) {
    uint32_t best = AREA_NO_ROOM, low = AREA_LOWEST;
    for (const struct area *area = list->first; low < limit; area = area->next) {
        uint32_t high = area != NULL && area->start < limit ? area->start : limit;
        if (high > low && high - low >= bytes)
            best = high - bytes;
        if (area == NULL)
            break;
        low = area->end > low ? area->end : low;
    }
    return best;
}

/* Same meaning, and the backing goes on where the first one stops? */
static bool continues(const struct area *low, const struct area *high) {
    if (low->end != high->start || low->protection != high->protection ||
        low->flags != high->flags || low->file != high->file || low->shared != high->shared)
        return false;
    return (low->file == NULL && low->shared == NULL) ||
           low->page + pages_between(low->start, low->end) == high->page;
}

static void merge_with_next(struct area_list *list, struct area *area) {
    struct area *next = area->next;
    area->end = next->end;
    area->next = next->next;
    area_release(next);
    heap_free(next);
    list->count--;
}

void area_merge(struct area_list *list, uint32_t start, uint32_t end) {
    struct area *area = list->first;
    while (area != NULL && area->next != NULL && area->start <= end) {
        if (area->end >= start && continues(area, area->next))
            merge_with_next(list, area);
        else
            area = area->next;
    }
}

static struct area **link_at(struct area_list *list, uint32_t address) {
    struct area **link = &list->first;
    while (*link != NULL && (*link)->end <= address)
        link = &(*link)->next;
    return link;
}

bool area_add(struct area_list *list, const struct area *area) {
    struct area *made = list->count < AREAS_MOST ? heap_allocate(sizeof(*made)) : NULL;
    if (made == NULL)
        return false;
    struct area **link = link_at(list, area->start);
    *made = *area;
    made->next = *link;
    *link = made;
    list->count++;
    area_merge(list, area->start, area->end);
    return true;
}

static bool split_at(struct area_list *list, uint32_t address) {
    struct area *area = area_find(list, address);
    if (area == NULL || area->start == address)
        return true;
    struct area *upper = list->count < AREAS_MOST ? heap_allocate(sizeof(*upper)) : NULL;
    if (upper == NULL)
        return false;
    *upper = *area;
    upper->start = address;
    if (upper->file != NULL || upper->shared != NULL)
        upper->page += pages_between(area->start, address);
    area_hold(upper);
    area->end = address;
    area->next = upper;
    list->count++;
    return true;
}

bool area_split(struct area_list *list, uint32_t start, uint32_t end) {
    if (split_at(list, start) && split_at(list, end))
        return true;
    area_merge(list, start, end);
    return false;
}

void area_remove(struct area_list *list, uint32_t start, uint32_t end) {
    struct area **link = link_at(list, start);
    while (*link != NULL && (*link)->start < end) {
        struct area *area = *link;
        *link = area->next;
        area_release(area);
        heap_free(area);
        list->count--;
    }
}

bool area_copy(struct area_list *to, const struct area_list *from) {
    struct area **link = &to->first;
    *to = (struct area_list){0};
    for (const struct area *area = from->first; area != NULL; area = area->next) {
        struct area *copy = heap_allocate(sizeof(*copy));
        if (copy == NULL) {
            area_remove(to, 0, AREA_NO_ROOM);
            return false;
        }
        *copy = *area;
        copy->flags &= ~AREA_LOCKED;
        copy->next = NULL;
        area_hold(copy);
        *link = copy;
        link = &copy->next;
        to->count++;
    }
    return true;
}

uint32_t area_pages(const struct area_list *list) {
    uint32_t pages = 0;
    for (const struct area *area = list->first; area != NULL; area = area->next)
        pages += pages_between(area->start, area->end);
    return pages;
}

uint32_t area_locked_pages(const struct area_list *list, uint32_t start, uint32_t end) {
    uint32_t pages = 0;
    for (const struct area *area = area_at_or_above(list, start); area != NULL && area->start < end;
         area = area->next)
        if (area->flags & AREA_LOCKED)
            pages += pages_between(area->start > start ? area->start : start,
                                   area->end < end ? area->end : end);
    return pages;
}
