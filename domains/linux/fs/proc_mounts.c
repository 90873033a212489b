// SPDX-License-Identifier: MIT
/*
 * /proc/N/mounts and mountinfo: the mount table as text. A path's white space and backslashes are octal numbers there, so that a line
 * has as many words as it should.
 */
#include "domains/lib/memory.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/proc_entry.h"

#define UNUSED __attribute__((unused)) const struct proc_subject *subject

static void add_word(struct proc_text *text, const char *word) {
    for (; *word != 0; word++)
        if (*word == ' ' || *word == '\t' || *word == '\n' || *word == '\\')
            proc_text_add(text, "\\%03o", (uint32_t)*word);
        else
            proc_text_add_bytes(text, word, 1);
    proc_text_add(text, " ");
}

static const char *access_to(const struct mount *mount) {
    return (mount->flags & MOUNT_READ_ONLY) != 0 ? "ro" : "rw";
}

static void add_options(struct proc_text *text, const struct mount *mount) {
    proc_text_add(text, "%s%s%s%s,relatime ", access_to(mount),
                  (mount->flags & MOUNT_NO_SUID) != 0 ? ",nosuid" : "",
                  (mount->flags & MOUNT_NO_DEV) != 0 ? ",nodev" : "",
                  (mount->flags & MOUNT_NO_EXEC) != 0 ? ",noexec" : "");
}

void proc_show_mounts(struct proc_text *text, UNUSED) {
    char *target = path_buffer();

    for (struct mount *mount = mount_table; target != NULL && mount != NULL; mount = mount->next) {
        mount_target(mount, target, PATH_BYTES);
        add_word(text, mount->source);
        add_word(text, target);
        proc_text_add(text, "%s ", mount->system->type);
        add_options(text, mount);
        proc_text_add(text, "0 0\n");
    }
    path_buffer_free(target);
}

/* Where the mount's root lies in its own file system, whose root is mounted nowhere for this; of a file only "/" is known. */
static void add_root(struct proc_text *text, const struct mount *mount, char *buffer) {
    struct mount whole = {.references = 1, .system = mount->system, .root = mount->system->root};
    const struct path place = {&whole, mount->root};

    if (!MODE_IS(mount->root->mode, S_IFDIR) || path_string(&place, NULL, buffer, PATH_BYTES) < 0)
        memcpy(buffer, "/", 2);
    add_word(text, buffer);
}

static void add_peers(struct proc_text *text, const struct mount *mount) {
    if (mount->group != 0)
        proc_text_add(text, "shared:%u ", mount->group);
    if (mount->master != 0)
        proc_text_add(text, "master:%u ", mount->master);
    if (mount->unbindable)
        proc_text_add(text, "unbindable ");
}

void proc_show_mountinfo(struct proc_text *text, UNUSED) {
    char *buffer = path_buffer();

    for (struct mount *mount = mount_table; buffer != NULL && mount != NULL; mount = mount->next) {
        const struct mount *parent = mount->parent != NULL ? mount->parent : mount;

        proc_text_add(text, "%u %u 0:%u ", mount->number, parent->number, mount->system->device);
        add_root(text, mount, buffer);
        mount_target(mount, buffer, PATH_BYTES);
        add_word(text, buffer);
        add_options(text, mount);
        add_peers(text, mount);
        proc_text_add(text, "- %s ", mount->system->type);
        add_word(text, mount->source);
        proc_text_add(text, "%s\n", access_to(mount));
    }
    path_buffer_free(buffer);
}
