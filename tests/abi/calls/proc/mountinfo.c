// SPDX-License-Identifier: MIT
// Calls: open, mount
/* What mountinfo says of mounts: where they are, what they show of which file system, and in which other one they lie. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

struct line {
    int number, parent;
    char root[100], target[100], options[100], type[40], source[40], access[100];
};

static int read_line(FILE *file, struct line *line) {
    char text[1000];
    return fgets(text, sizeof text, file) != NULL &&
           sscanf(text, "%d %d %*d:%*d %99s %99s %99s - %39s %39s %99s", &line->number,
                  &line->parent, line->root, line->target, line->options, line->type, line->source,
                  line->access) == 8;
}

/* The mounts whose place is a folder of the current one, by their names there. */
static void show_mounts(void) {
    char here[100];
    FILE *file = fopen("/proc/self/mountinfo", "r");
    struct line line;
    int outer = 0;
    getcwd(here, sizeof here);
    size_t length = strlen(here);
    while (read_line(file, &line)) {
        if (strncmp(line.target, here, length) != 0 || line.target[length] != '/')
            continue;
        /* of a bind the root is a place in this folder's file system, which has other names elsewhere */
        int is_bind = strlen(line.root) > 6;
        printf("%s shows %s of %s %s, %s%s\n", line.target + length,
               is_bind ? line.root + strlen(line.root) - 6 : line.root, line.type,
               is_bind ? "" : line.source, line.options,
               line.parent == outer ? ", in the one before" : "");
        outer = line.number;
    }
    fclose(file);
}

int main(void) {
    mkdir("outer", 0755);
    mkdir("source", 0755);
    mkdir("source/below", 0755);
    mkdir("bound", 0755);
    mkdir("a b\\c", 0755);
    SHOW(mount("a source", "outer", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k"));
    SHOW(mkdir("outer/inner", 0755));
    SHOW(mount("none", "outer/inner", "tmpfs", MS_RDONLY, NULL));
    SHOW(mount("source/below", "bound", NULL, MS_BIND, NULL));
    SHOW(mount("none", "a b\\c", "tmpfs", MS_NOEXEC, NULL));
    show_mounts();
    SHOW(umount("outer/inner"));
    SHOW(umount("outer"));
    SHOW(umount("bound"));
    SHOW(umount("a b\\c"));
    show_mounts();
    return 0;
}
