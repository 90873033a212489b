// SPDX-License-Identifier: MIT
/*
 * Tables of signal actions, counted: shared by the threads of a process.
 */
#include "domains/linux/signal/state.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"

struct signal_table *signal_table_make(void) {
    struct signal_table *table = heap_allocate(sizeof(*table));
    if (table != NULL)
        table->references = 1;
    return table;
}

struct signal_table *signal_table_copy(const struct signal_table *from) {
    struct signal_table *table = signal_table_make();
    if (table != NULL)
        memcpy(table->actions, from->actions, sizeof(table->actions));
    return table;
}

void signal_table_hold(struct signal_table *table) {
    table->references++;
}

void signal_table_release(struct signal_table *table) {
    if (--table->references == 0)
        heap_free(table);
}

void signal_table_exec(struct signal_table *table) {
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        uint32_t handler =
            table->actions[i].handler == SIGNAL_IGNORE ? SIGNAL_IGNORE : SIGNAL_DEFAULT;
        table->actions[i] = (struct signal_action){.handler = handler};
    }
}
