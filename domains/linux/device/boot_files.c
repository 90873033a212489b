// SPDX-License-Identifier: MIT
/*
 * The operator's boot files (the machine description, the commands of `rf run --exec`) travel as
 * images of the boot bundle. They are small, so they are copied once into files under /boot,
 * read-only by mode.
 *
 *   image page ──mapped at BOOT_PAGE──> write() of /boot/NAME
 */
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/device/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/path.h"
#include "kernel/abi/layout.h"

#define BOOT_FOLDER "/boot"
#define BOOT_PREFIX "boot/"
#define BOOT_PAGE   (MANAGER_LINKS - PAGE_SIZE) /* last page of the image window */

/* Maps a page of an image at BOOT_PAGE; NULL if the core refuses. */
static const char *map_page(uint32_t image, uint32_t page) {
    const struct map_entry entry = {.address = BOOT_PAGE | MAP_PRESENT | MAP_IMAGE,
                                    .frame = image << 20 | page};
    return space_map(MANAGER_SPACE, &entry, 1) == STATUS_OK ? (const char *)BOOT_PAGE : NULL;
}

static void unmap_page(void) {
    (void)space_unmap(MANAGER_SPACE, BOOT_PAGE, 1);
}

static int make_folder(void) {
    struct walk walk;
    char *buffer = path_buffer();
    if (!buffer)
        return -ENOMEM;
    text_copy(buffer, BOOT_FOLDER, PATH_BYTES);
    int error = walk_start_as_root(&walk, buffer);
    if (error)
        return error;
    error = walk_to_parent(&walk);
    if (!error) {
        struct inode *made = NULL;
        error = walk.at.inode->operations->create(walk.at.inode, walk.name, walk.length,
                                                  S_IFDIR | 0755, 0, &made);
        if (!error)
            inode_release(made);
    }
    walk_end(&walk);
    return error == -EEXIST ? 0 : error;
}

static int copy_pages(const volatile struct information_image *image, struct file *file) {
    uint64_t offset = 0;
    while (offset < image->bytes) {
        uint32_t left = image->bytes - (uint32_t)offset;
        uint32_t count = left < PAGE_SIZE ? left : PAGE_SIZE;
        const char *page = map_page(image->image, (uint32_t)offset >> PAGE_SHIFT);
        struct transfer from;
        if (!page)
            return -EIO;
        transfer_kernel(&from, (void *)(uintptr_t)page, count);
        int written = file->operations->write(file, &from, &offset);
        if (written <= 0)
            return written ? written : -EIO;
    }
    return 0;
}

static int copy_file(const volatile struct information_image *image) {
    char name[INFORMATION_NAME], path[sizeof BOOT_FOLDER + INFORMATION_NAME + 1];
    struct file *file;
    for (uint32_t i = 0; i < sizeof name; i++)
        name[i] = image->name[i];
    name[sizeof name - 1] = 0;
    bool has_prefix = strncmp(name, BOOT_PREFIX, sizeof BOOT_PREFIX - 1) == 0;
    text_format(path, sizeof path, BOOT_FOLDER "/%s",
                has_prefix ? name + sizeof BOOT_PREFIX - 1 : name);
    int error = file_open_path(path, O_WRONLY | O_CREAT | O_TRUNC, &file);
    if (error)
        return error;
    error = copy_pages(image, file);
    file->inode->mode = (file->inode->mode & S_IFMT) | 0444;
    file_release(file);
    if (error)
        log_line("boot file %s could not be copied: error %d", path, -error);
    return error;
}

int boot_files_start(void) {
    uint32_t count = information()->is_operator ? information()->boot_file_count : 0;
    int error = count ? make_folder() : 0;
    for (uint32_t i = 0; i < count && !error; i++)
        error = copy_file(&information()->boot_files[i]);
    if (count)
        unmap_page();
    return error;
}
