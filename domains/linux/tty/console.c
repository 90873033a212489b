// SPDX-License-Identifier: MIT
/*
 * The console.
 *
 *   output   one IO_WRITE at a time is out. terminal -> output frame -> device; its completion
 * fetches the next piece. An error loses the piece: console bytes are at-most-once. input    a
 * thread of its own keeps one IO_READ pending and feeds the terminal. While the terminal has no
 * room the device is not read. A driver that gave up is asked again after a pause, so that it can
 * come back, and is not asked in a loop.
 */
#include "domains/linux/tty/console.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/queue.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/process.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/tty/terminal.h"
#include "kernel/abi/gate.h"

#define CONSOLE_NUMBER (5 << 8 | 1)
#define TTY_NUMBER     (5 << 8 | 0)
#define PAUSE          (NANOSECONDS / 2)

static struct {
    struct terminal *terminal;
    struct io_queue queue;
    uint32_t input_frame, output_frame;
    struct io_request output;
    bool writing;
    struct wait_queue room;
} console;

/* ---- Output ---------------------------------------------------------------------------------- */

static void send(uint32_t offset, uint32_t bytes) {
    console.writing = true;
    terminal_output_sending(console.terminal, true);
    console.output.submission = (struct io_submission){.operation = IO_WRITE,
                                                       .offset = (uint16_t)offset,
                                                       .bytes = bytes,
                                                       .frame = {console.output_frame}};
    io_begin(&console.queue, &console.output);
}

static void send_next(void *unused) {
    (void)unused;
    char *buffer = frame_pointer(console.output_frame);
    const char *bytes;
    uint32_t used = 0, count;
    if (console.writing)
        return;
    while (used < PAGE_SIZE && (count = terminal_output(console.terminal, &bytes)) != 0) {
        count = count < PAGE_SIZE - used ? count : PAGE_SIZE - used;
        memcpy(buffer + used, bytes, count);
        terminal_output_taken(console.terminal, count);
        used += count;
    }
    if (used)
        send(0, used);
    else
        terminal_output_sending(console.terminal, false);
}

static void sent(struct io_request *request) {
    const struct io_submission *was = &request->submission;
    console.writing = false;
    if (request->status == STATUS_OK && request->moved && request->moved < was->bytes)
        send(was->offset + request->moved, was->bytes - request->moved);
    else
        send_next(NULL);
}

/* ---- Input ----------------------------------------------------------------------------------- */

static void feed(const char *bytes, uint32_t count) {
    for (;;) {
        uint32_t taken = terminal_input(console.terminal, bytes, count);
        bytes += taken;
        count -= taken;
        if (count == 0)
            return;
        wait_uninterrupted(&console.room, DEADLINE_NEVER);
    }
}

static void has_room(void *unused) {
    (void)unused;
    wait_wake(&console.room);
}

static void pause_for_driver(void) {
    struct wait_queue nobody = {0};
    wait_uninterrupted(&nobody, clock_nanoseconds() + PAUSE);
}

static void read_console(void *unused) {
    (void)unused;
    manager_lock();
    schedule_serve();
    for (;;) {
        struct io_request request = {.submission = {.operation = IO_READ,
                                                    .bytes = PAGE_SIZE,
                                                    .frame = {console.input_frame}}};
        if (io_perform(&console.queue, &request) == STATUS_OK)
            feed(frame_pointer(console.input_frame), request.moved);
        else
            pause_for_driver();
    }
}

/* ---- Nodes ----------------------------------------------------------------------------------- */

static int open_console(struct inode *inode, struct file *file) {
    (void)inode;
    return terminal_attach(console.terminal, file);
}

static int open_controlling(struct inode *inode, struct file *file) {
    (void)inode;
    struct process *process = current_process();
    if (!process || !process->terminal)
        return -ENXIO;
    return terminal_attach(process->terminal, file);
}

static int register_controlling(void) {
    static struct device_node node = {
        .name = "tty", .mode = S_IFCHR | 0666, .device = TTY_NUMBER, .open = open_controlling};
    return device_register(&node);
}

static int register_console(void) {
    static struct device_node node = {
        .name = "console", .mode = S_IFCHR | 0600, .device = CONSOLE_NUMBER, .open = open_console};
    return device_register(&node);
}

/* ---- Start ----------------------------------------------------------------------------------- */

static const volatile struct information_device *find_device(void) {
    for (uint32_t i = 0; i < information()->device_count; i++)
        if (information()->devices[i].class == DEVICE_CONSOLE)
            return &information()->devices[i];
    return NULL;
}

static int bring_up(uint32_t device) {
    static const struct terminal_device side = {.output_ready = send_next, .input_room = has_room};
    console.terminal = terminal_make(&side, CONSOLE_NUMBER);
    console.input_frame = frame_allocate();
    console.output_frame = frame_allocate();
    if (!console.terminal || console.input_frame == NO_FRAME || console.output_frame == NO_FRAME)
        return -ENOMEM;
    console.output.completed = sent;
    terminal_resize(console.terminal, 24, 80);
    int error = io_queue_start(&console.queue, device);
    return error ? error : manager_thread(read_console, NULL);
}

int console_start(void) {
    const volatile struct information_device *device = find_device();
    int error = register_controlling();
    if (!error && device)
        error = bring_up(device->device);
    if (!error && device)
        error = register_console();
    return error;
}

struct terminal *console_terminal(void) {
    return console.terminal;
}
