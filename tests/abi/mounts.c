// SPDX-License-Identifier: MIT
/*
 * Mounts piled on each other, detached while they are used, and detached again; and a tmpfs that fills all memory. In tenants
 * alone: the host's mounts are left as they are.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define PLACE "/tmp/mounts"
#define MANY  100000

static bool bind(void) {
    return mount(PLACE, PLACE, NULL, MS_BIND, NULL) == 0;
}

static int bind_many(void) {
    int count = 0;
    while (count < MANY && bind())
        count++;
    return count;
}

static void what_is_detached_is_no_mount_any_more(void) {
    CHECK(mount("none", PLACE, "tmpfs", 0, NULL) == 0 && chdir(PLACE) == 0);
    CHECK(umount2(PLACE, MNT_DETACH) == 0);
    CHECK(fails_with(umount2(".", MNT_DETACH), EINVAL));
    CHECK(mkdir("below", 0777) == 0);
    CHECK(fails_with(mount("none", "below", "tmpfs", 0, NULL), EINVAL));
    CHECK(chdir("/") == 0);
}

static void what_is_no_folder_of_the_tree_is_no_place(void) {
    int ends[2];
    char name[64];
    CHECK(pipe(ends) == 0);
    snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    CHECK(fails_with(mount("/mounts", name, NULL, MS_BIND, NULL), EINVAL));
    close(ends[0]);
    close(ends[1]);
}

/* As many as there can be, one over the other; the lowest takes all with it. */
static void a_pile_goes_at_once(void) {
    CHECK(mount("none", PLACE, "tmpfs", 0, NULL) == 0 && mkdir(PLACE "/folder", 0777) == 0);
    int count = 0;
    while (count < MANY && mount(PLACE "/folder", PLACE "/folder", NULL, MS_BIND, NULL) == 0)
        count++;
    CHECK(count > 100 && count < MANY && errno == ENOSPC);
    CHECK(umount2(PLACE, MNT_DETACH) == 0);
}

/* Each is held by the one that lies on it, and the last one by who stands in it. */
static void a_detached_pile_goes_when_nobody_stands_on_it(void) {
    int count = bind_many();
    CHECK(count > 100 && errno == ENOSPC && chdir(PLACE) == 0);
    for (int i = 0; i < count; i++)
        CHECK(umount2(PLACE, MNT_DETACH) == 0);
    CHECK(!bind() && errno == ENOSPC);
    CHECK(chdir("/") == 0);
    CHECK(bind() && umount2(PLACE, MNT_DETACH) == 0);
}

static void a_file_that_fills_memory_can_be_removed(void) {
    static char block[65536];
    int file = open("/tmp/full", O_WRONLY | O_CREAT, 0600);
    CHECK(file >= 0);
    while (write(file, block, sizeof block) > 0)
        continue;
    while (write(file, block, 4096) > 0)
        continue;
    CHECK(errno == ENOSPC || errno == ENOMEM);
    CHECK(unlink("/tmp/full") == 0);
    close(file);
}

int main(void) {
    CHECK(mkdir(PLACE, 0777) == 0);
    what_is_detached_is_no_mount_any_more();
    what_is_no_folder_of_the_tree_is_no_place();
    a_pile_goes_at_once();
    a_detached_pile_goes_when_nobody_stands_on_it();
    a_file_that_fills_memory_can_be_removed();
    return verdict();
}
