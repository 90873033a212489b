// SPDX-License-Identifier: MIT
/*
 * Pseudo-terminals.
 *
 *   numbers[n] ──> struct pty ──> struct terminal      node /dev/pts/n registered while the master
 * lives
 *
 * A pty is freed when its master is gone and its number is free again; the terminal lives on, hung
 * up, as long as programs have it open.
 */
#include "domains/linux/tty/pty.h"

#include "domains/lib/heap.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/requests.h"
#include "domains/linux/tty/terminal_state.h"
#include "kernel/abi/gate.h"

#define PTY_MAX     64
#define PTY_MAJOR   136
#define PTMX_NUMBER (5 << 8 | 2)
#define PIECE       256

struct pty {
    uint32_t number;
    struct terminal *terminal;
    struct device_node node;
    char name[sizeof "pts/63"];
    bool locked;              /* until unlockpt(): the terminal side cannot be opened */
    bool was_opened;          /* before that, no opener is not a hangup */
    struct wait_queue master; /* who waits in the master's read and write */
};

static struct pty *numbers[PTY_MAX];

/* ---- Pairs ----------------------------------------------------------------------------------- */

static int open_slave(struct inode *inode, struct file *file) {
    uint32_t number = inode->device & 0xFF;
    struct pty *pty = inode->device >> 8 == PTY_MAJOR && number < PTY_MAX ? numbers[number] : NULL;
    if (!pty)
        return -ENXIO;
    return pty->locked ? -EIO : terminal_attach(pty->terminal, file);
}

static int register_node(struct pty *pty) {
    text_format(pty->name, sizeof pty->name, "pts/%u", pty->number);
    pty->node = (struct device_node){.name = pty->name,
                                     .mode = S_IFCHR | 0620,
                                     .device = PTY_MAJOR << 8 | pty->number,
                                     .open = open_slave};
    return device_register(&pty->node);
}

static uint32_t free_number(void) {
    uint32_t number = 0;
    while (number < PTY_MAX && numbers[number])
        number++;
    return number;
}

struct pty *pty_make(const struct terminal_device *device) {
    uint32_t number = free_number();
    struct pty *pty = number < PTY_MAX ? heap_allocate(sizeof *pty) : NULL;
    if (!pty)
        return NULL;
    pty->number = number;
    pty->terminal = terminal_make(device, PTY_MAJOR << 8 | number);
    if (pty->terminal)
        pty->terminal->line.termios.control_flags &=
            ~(uint32_t)HUPCL; /* there is no line to hang up */
    if (pty->terminal && register_node(pty) == 0) {
        numbers[number] = pty;
        return pty;
    }
    if (pty->terminal)
        terminal_release(pty->terminal);
    heap_free(pty);
    return NULL;
}

struct terminal *pty_terminal(struct pty *pty) {
    return pty->terminal;
}

void pty_path(const struct pty *pty, char *path) {
    text_format(path, PTY_PATH_BYTES, "/dev/%s", pty->name);
}

void pty_close(struct pty *pty) {
    device_unregister(&pty->node);
    numbers[pty->number] = NULL;
    pty->terminal->device = (struct terminal_device){0};
    terminal_hangup(pty->terminal);
    terminal_release(pty->terminal);
    heap_free(pty);
}

/* ---- The master as a file -------------------------------------------------------------------- */

static void master_changed(void *context) {
    struct pty *pty = context;
    poll_wake(&pty->master);
}

static void slave_opened(void *context, bool open) {
    struct pty *pty = context;
    pty->was_opened |= open;
    poll_wake(&pty->master);
}

/* Every program has closed the terminal side: the master reads what is left, then -EIO. */
static bool slave_gone(const struct pty *pty) {
    return pty->was_opened && pty->terminal->open_files == 0;
}

static int wait_for_slave(struct pty *pty, const struct file *file) {
    if (file->flags & O_NONBLOCK)
        return -EAGAIN;
    enum wait_result result = wait_on(&pty->master, DEADLINE_NEVER);
    return result == WAIT_INTERRUPTED && signal_pending() ? -ERESTARTSYS : 0;
}

static int read_master(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)offset;
    struct pty *pty = file->private;
    const char *bytes;
    char piece[PIECE];
    uint32_t count;
    if (to->total == 0)
        return 0;
    while ((count = terminal_output(pty->terminal, &bytes)) == 0) {
        int error = slave_gone(pty) ? -EIO : wait_for_slave(pty, file);
        if (error)
            return error;
    }
    count = count < PIECE ? count : PIECE;
    count = count < to->total ? count : to->total;
    __builtin_memcpy(piece, bytes, count);
    terminal_output_taken(pty->terminal, count);
    return transfer_put(to, piece, count);
}

static int write_master(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)offset;
    struct pty *pty = file->private;
    char piece[PIECE];
    int done = 0;
    while (from->total) {
        int taken = transfer_take(from, piece, from->total < PIECE ? from->total : PIECE);
        if (taken <= 0)
            return done ? done : taken;
        for (uint32_t at = 0; at < (uint32_t)taken;) {
            uint32_t count = terminal_input(pty->terminal, piece + at, (uint32_t)taken - at);
            at += count;
            done += (int)count;
            int error = count || at == (uint32_t)taken ? 0 : wait_for_slave(pty, file);
            if (error)
                return done ? done : error;
        }
    }
    return done;
}

static uint32_t poll_master(struct file *file) {
    struct pty *pty = file->private;
    const char *bytes;
    uint32_t events = terminal_output(pty->terminal, &bytes) ? POLLIN : 0;
    if (slave_gone(pty))
        events |= POLLHUP;
    return events | POLLOUT;
}

static int set_lock(struct pty *pty, uint32_t argument) {
    uint32_t lock;
    int error = copy_in(&lock, argument, sizeof lock);
    if (!error)
        pty->locked = lock != 0;
    return error;
}

static int ioctl_master(struct file *file, uint32_t request, uint32_t argument) {
    struct pty *pty = file->private;
    uint32_t value;
    switch (request) {
    case TIOCGPTN:
        value = pty->number;
        return copy_out(argument, &value, sizeof value);
    case TIOCSPTLCK:
        return set_lock(pty, argument);
    case TIOCGPTLCK:
        value = pty->locked;
        return copy_out(argument, &value, sizeof value);
    case FIONREAD:
        value = pty->terminal->line.output_tail - pty->terminal->line.output_head;
        return copy_out(argument, &value, sizeof value);
    case TIOCSCTTY: /* the master side is nobody's controlling terminal */
    case TIOCNOTTY:
        return -ENOTTY;
    default:
        return terminal_ioctl(pty->terminal, request, argument);
    }
}

static void release_master(struct file *file) {
    pty_close(file->private);
}

static int open_master(struct inode *inode, struct file *file) {
    static const struct file_operations operations = {
        .read = read_master,
        .write = write_master,
        .poll = poll_master,
        .ioctl = ioctl_master,
        .release = release_master,
    };
    (void)inode;
    struct pty *pty = pty_make(&(struct terminal_device){0});
    if (!pty)
        return free_number() == PTY_MAX ? -ENOSPC : -ENOMEM;
    pty->terminal->device = (struct terminal_device){.output_ready = master_changed,
                                                     .input_room = master_changed,
                                                     .opened = slave_opened,
                                                     .context = pty};
    pty->locked = true;
    file->operations = &operations;
    file->private = pty;
    return 0;
}

int pty_start(void) {
    static struct device_node node = {
        .name = "ptmx", .mode = S_IFCHR | 0666, .device = PTMX_NUMBER, .open = open_master};
    return device_register(&node);
}
