// SPDX-License-Identifier: MIT
/*
 * The first mounts of a tenant: a private tree over its root image, /dev, /proc, and a tmpfs for
 * each folder that programs expect to be one.
 */
#include "domains/lib/clock.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/devfs.h"
#include "domains/linux/fs/image.h"
#include "domains/linux/fs/procfs.h"
#include "domains/linux/fs/tree.h"

#define ROOT_IMAGE "root"

/* The page is volatile: names are copied before they are looked at. */
static bool is_named(const volatile struct information_image *image, const char *name) {
    for (uint32_t i = 0; i < INFORMATION_NAME; i++) {
        if (image->name[i] != name[i])
            return false;
        if (name[i] == 0)
            return true;
    }
    return false;
}

static const volatile struct information_image *find_root_image(void) {
    for (uint32_t i = 0; i < information()->image_count && i < INFORMATION_IMAGES; i++)
        if (is_named(&information()->images[i], ROOT_IMAGE))
            return &information()->images[i];
    return NULL;
}

static int mount_root(void) {
    const volatile struct information_image *image = find_root_image();
    struct file_system *system;
    struct erofs erofs;
    const void *bytes;
    int error;

    if (image == NULL) {
        log_line("this tenant has no image named " ROOT_IMAGE);
        return -ENOENT;
    }
    error = image_map(image->image, image->bytes, &bytes);
    if (error == 0)
        error = erofs_open(&erofs, bytes, image->bytes);
    if (error == 0)
        error = tree_make_over(&erofs, image->image, &system);
    if (error != 0) {
        log_line("the root image is no usable EROFS image: error %d", -error);
        return error;
    }
    return mount_attach(system, system->root, NULL, "overlay", 0);
}

/* A directory of the root, made if the image lacks it. */
static int enter_folder(const char *name, struct path *place) {
    struct path root = {mount_table, mount_table->root};
    const struct inode_operations *operations = root.inode->operations;
    uint32_t length = (uint32_t)strlen(name);
    int error = operations->lookup(root.inode, name, length, &place->inode);

    if (error == -ENOENT)
        error = operations->create(root.inode, name, length, S_IFDIR | 0755, 0, &place->inode);
    if (error == 0) {
        place->mount = root.mount;
        mount_hold(root.mount);
    }
    return error;
}

static int mount_on(const char *name, struct file_system *system, const char *source) {
    struct path place;
    int error = system == NULL ? -ENOMEM : enter_folder(name, &place);

    if (error == 0) {
        error = mount_attach(system, system->root, &place, source, 0);
        path_release(&place);
    }
    return error;
}

int file_system_start(void) {
    int error = mount_root();

    if (error == 0)
        error = devfs_start();
    if (error == 0)
        error = mount_on("dev", devfs(), "devtmpfs");
    if (error == 0)
        error = procfs_start();
    if (error == 0)
        error = mount_on("proc", procfs(), "proc");
    if (error == 0)
        error = mount_on("tmp", tree_make("tmpfs", &(struct tree_options){.mode = 01777}), "tmpfs");
    if (error == 0)
        error = mount_on("run", tree_make("tmpfs", &(struct tree_options){.mode = 0755}), "tmpfs");
    return error;
}
