// SPDX-License-Identifier: MIT
/*
 * The mounts below the current folder as mountinfo has them, with what they are to each other. Groups are numbered each time in the
 * order in which they are met, for their own numbers are any; and mounts are in the order of their places, what lies on another behind it.
 */
#ifndef TESTS_ABI_CALLS_NAMES_MOUNTED_H
#define TESTS_ABI_CALLS_NAMES_MOUNTED_H

#include "tests/abi/calls/show.h"

#include <sys/mount.h>

#define MOUNTED_MOST 64

struct mounted {
    char place[100], peers[100];
    unsigned number, parent;
    unsigned shared, master; /* numbers of groups, 0: none */
    int depth;               /* how many of the others it lies in */
};

static void read_peers(struct mounted *mounted) {
    char *shared = strstr(mounted->peers, "shared:"), *master = strstr(mounted->peers, "master:");
    mounted->shared = shared ? (unsigned)atoi(shared + 7) : 0;
    mounted->master = master ? (unsigned)atoi(master + 7) : 0;
}

static int read_mounted(struct mounted *all) {
    char here[100], line[1000], place[100];
    int count = 0;
    FILE *file = fopen("/proc/self/mountinfo", "r");
    getcwd(here, sizeof here);
    while (fgets(line, sizeof line, file) && count < MOUNTED_MOST) {
        struct mounted *mounted = &all[count];
        *mounted = (struct mounted){0};
        if (sscanf(line, "%u %u %*s %*s %99s %*s %99[^-]", &mounted->number, &mounted->parent,
                   place, mounted->peers) < 3 ||
            strncmp(place, here, strlen(here)) != 0 || place[strlen(here)] != '/')
            continue;
        strcpy(mounted->place, place + strlen(here) + 1);
        read_peers(mounted);
        count++;
    }
    fclose(file);
    return count;
}

static void find_depths(struct mounted *all, int count) {
    for (int i = 0; i < count; i++) {
        unsigned above = all[i].parent;
        for (int other = 0; other < count; other++)
            if (all[other].number == above) {
                all[i].depth++;
                above = all[other].parent;
                other = -1;
            }
    }
}

static int by_place(const void *left, const void *right) {
    const struct mounted *one = left, *other = right;
    int order = strcmp(one->place, other->place);
    return order != 0 ? order : one->depth - other->depth;
}

static int named(unsigned *groups, unsigned group) {
    int name = 0;
    while (groups[name] != 0 && groups[name] != group)
        name++;
    groups[name] = group;
    return name + 1;
}

static void show_mounted(void) {
    static struct mounted all[MOUNTED_MOST];
    unsigned groups[2 * MOUNTED_MOST + 1] = {0};
    int count = read_mounted(all);
    find_depths(all, count);
    qsort(all, (size_t)count, sizeof *all, by_place);
    for (int i = 0; i < count; i++) {
        printf("    %s", all[i].place);
        if (all[i].shared)
            printf(" shared:%d", named(groups, all[i].shared));
        if (all[i].master)
            printf(" master:%d", named(groups, all[i].master));
        if (strstr(all[i].peers, "propagate_from"))
            printf(" (has propagate_from)");
        printf("%s\n", strstr(all[i].peers, "unbindable") ? " unbindable" : "");
    }
}

static void folders(const char *names) {
    char *rest = strdup(names);
    for (char *name = strtok(rest, " "); name; name = strtok(NULL, " "))
        mkdir(name, 0755);
    free(rest);
}

/* The programs after this one see the same mounts in a tenant. */
static void unmount(const char *names) {
    char *rest = strdup(names);
    for (char *name = strtok(rest, " "); name; name = strtok(NULL, " "))
        while (umount2(name, MNT_DETACH) == 0)
            continue;
    free(rest);
}

static int bind(const char *source, const char *target) {
    return mount(source, target, NULL, MS_BIND, NULL);
}

static int change(const char *target, unsigned long type) {
    return mount(NULL, target, NULL, type, NULL);
}

static int put(const char *target) {
    return mount("none", target, "tmpfs", 0, NULL);
}

#endif
