// SPDX-License-Identifier: MIT
/*
 * The life of a session:
 *
 *   begin ──> starting ──process_spawn──> running ──process_ended──> draining ──all output sent──>
 * freed └── refused: a message, an exit status, freed
 *
 * On streams the process itself reads and writes the channel, so there is nothing to drain. On a
 * pty the session is the master: it moves bytes whenever an event, the terminal's output or room in
 * its input calls for it, always under the lock and never sleeping. It is freed only from an event
 * or from the process's end, never from a callback of its own terminal.
 */
#include "domains/linux/channel/session.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/channel/command.h"
#include "domains/linux/channel/end.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/pty.h"

#define STATUS_NOT_FOUND    (127u << 8)
#define STATUS_NOT_POSSIBLE (126u << 8)

struct session {
    struct channel_end *end;
    struct command *command; /* while starting */
    struct pty *pty;         /* NULL: streams */
    bool ended, hung_up;
    int32_t pid; /* once it runs */
    uint32_t exit_status;
    uint32_t held_at, held_end; /* input that the terminal had no room for */
    char held[256];
};

/* ---- The end --------------------------------------------------------------------------------- */

static void finish(struct session *session) {
    session->end->on_change = NULL;
    channel_exit(session->end->channel, session->exit_status);
    if (session->pty)
        pty_close(session->pty);
    channel_end_release(session->end);
    heap_free(session->command);
    heap_free(session);
}

static void refuse(struct session *session, uint32_t exit_status, const char *name,
                   const char *why) {
    char text[200];
    uint32_t length = (uint32_t)text_format(text, sizeof text, "%.100s: %s\n", name, why);
    (void)channel_write(session->end->channel, STREAM_ERROR, text, length);
    session->exit_status = exit_status;
    finish(session);
}

/* ---- The pty's bytes ------------------------------------------------------------------------- */

static void hang_up(struct session *session) {
    if (!session->hung_up)
        terminal_hangup(pty_terminal(session->pty));
    session->hung_up = true;
}

/* true: the terminal has nothing left to send. */
static bool send_output(struct session *session) {
    struct terminal *terminal = pty_terminal(session->pty);
    const char *bytes;
    uint32_t count;
    while ((count = terminal_output(terminal, &bytes)) != 0) {
        struct gate_answer answer =
            channel_write(session->end->channel, STREAM_OUTPUT, bytes, count);
        if (answer.status == STATUS_AGAIN)
            return false;
        bool gone = answer.status != STATUS_OK;
        terminal_output_taken(terminal, gone ? count : answer.value);
        if (gone)
            hang_up(session);
    }
    return true;
}

static void take_input(struct session *session) {
    for (;;) {
        session->held_at +=
            terminal_input(pty_terminal(session->pty), session->held + session->held_at,
                           session->held_end - session->held_at);
        if (session->held_at < session->held_end)
            return;
        struct gate_answer answer =
            channel_read(session->end->channel, STREAM_INPUT, session->held, sizeof session->held);
        session->held_at = 0;
        session->held_end = answer.status == STATUS_OK ? answer.value : 0;
        if (answer.status == STATUS_AGAIN)
            return;
        if (answer.status != STATUS_OK) {
            hang_up(session);
            return;
        }
    }
}

static void follow_window(struct session *session) {
    uint32_t window = channel_end_look(session->end)->window;
    if (window)
        terminal_resize(pty_terminal(session->pty), (uint16_t)(window >> 16), (uint16_t)window);
}

static void output_ready(void *context) {
    (void)send_output(context);
}

static void input_room(void *context) {
    take_input(context);
}

static void terminal_changed(void *context) {
    struct session *session = context;
    follow_window(session);
    take_input(session);
    if (send_output(session) && session->ended)
        finish(session);
}

/* On streams the operator has hung up if nobody is left at any of the three. */
static void streams_changed(void *context) {
    struct session *session = context;
    bool in_use = session->end->references > 1;
    uint32_t all = (1u << STREAM_COUNT) - 1;
    if (!in_use || session->hung_up || (channel_end_look(session->end)->shut & all) != all)
        return;
    session->hung_up = true;
    signal_group(session->pid, SIGHUP);
}

static void command_ended(void *context, int32_t pid, int32_t wait_status) {
    struct session *session = context;
    (void)pid;
    session->ended = true;
    session->exit_status = (uint32_t)wait_status;
    if (!session->pty || send_output(session))
        finish(session);
}

/* ---- The start ------------------------------------------------------------------------------- */

static void release_files(struct file *files[3]) {
    for (int i = 0; i < 3; i++)
        if (files[i])
            file_release(files[i]);
}

static int open_streams(struct session *session, struct file *files[3]) {
    files[0] = channel_stream_open(session->end, STREAM_INPUT, O_RDONLY);
    files[1] = channel_stream_open(session->end, STREAM_OUTPUT, O_WRONLY);
    files[2] = channel_stream_open(session->end, STREAM_ERROR, O_WRONLY);
    return files[0] && files[1] && files[2] ? 0 : -ENOMEM;
}

static int open_terminal(struct session *session, struct file *files[3]) {
    const struct terminal_device side = {
        .output_ready = output_ready, .input_room = input_room, .context = session};
    char path[PTY_PATH_BYTES];
    session->pty = pty_make(&side);
    if (!session->pty)
        return -ENOMEM;
    follow_window(session);
    session->end->context = session;
    session->end->on_change = terminal_changed;
    pty_path(session->pty, path);
    int error = file_open_path(path, O_RDWR | O_NOCTTY, &files[0]);
    for (int i = 1; i < 3 && !error; i++)
        file_hold(files[i] = files[0]);
    return error;
}

/* The file to execute: 0, -ENOENT; -EACCES if there are only others than files. */
static int find_program(const struct command *command, char path[COMMAND_PATH]) {
    uint32_t position = 0;
    int error = -ENOENT;
    while (command_candidate(command, &position, path)) {
        struct file *file;
        if (file_open_path(path, O_RDONLY, &file) == 0) {
            bool regular = MODE_IS(file->inode->mode, S_IFREG);
            file_release(file);
            if (regular)
                return 0;
            error = -EACCES;
        }
    }
    return error;
}

static const char *reason(int error) {
    switch (error) {
    case -EACCES:
        return "permission denied";
    case -ENOENT:
        return "its interpreter is not there";
    case -ELIBBAD:
        return "its interpreter is none";
    case -ENOEXEC:
        return "not a program that this machine can run";
    case -E2BIG:
        return "argument list too long";
    case -ENOMEM:
        return "the tenant is out of memory";
    default:
        return "cannot be started";
    }
}

/* The pid; or an errno, and the operator was told. The error stream is held so long: the program that
 * does not start would shut it. */
static int spawn(struct session *session, const char *path) {
    const struct command *command = session->command;
    struct file *files[3] = {0}, *errors = NULL;
    bool wants_terminal = channel_end_look(session->end)->flags & CHANNEL_TERMINAL;
    int pid = wants_terminal ? open_terminal(session, files) : open_streams(session, files);
    if (pid == 0) {
        file_hold(errors = files[2]);
        pid = process_spawn(path, command->arguments, command->environment, files,
                            session->pty ? pty_terminal(session->pty) : NULL);
    } else {
        release_files(files);
    }
    if (pid < 0)
        refuse(session, STATUS_NOT_POSSIBLE, command->arguments[0], reason(pid));
    if (errors)
        file_release(errors);
    return pid;
}

static void start_command(struct session *session) {
    struct command *command = session->command = heap_allocate(sizeof *command);
    char path[COMMAND_PATH];
    if (!command) {
        refuse(session, STATUS_NOT_POSSIBLE, "exec", reason(-ENOMEM));
        return;
    }
    uint32_t bytes = channel_end_command(session->end, command->text);
    if (!command_parse(command, bytes)) {
        refuse(session, STATUS_NOT_POSSIBLE, "exec", "no command, or too many arguments");
        return;
    }
    command_default(command, "PATH=" COMMAND_DIRECTORY);
    command_default(command, "HOME=/");
    command_default(command, "TERM=linux");
    int error = find_program(command, path);
    if (error) {
        bool found = error != -ENOENT;
        refuse(session, found ? STATUS_NOT_POSSIBLE : STATUS_NOT_FOUND, command->arguments[0],
               found ? "not a file" : "not found");
        return;
    }
    int pid = spawn(session, path);
    if (pid < 0)
        return;
    heap_free(session->command);
    session->command = NULL;
    session->pid = pid;
    if (!session->pty) {
        session->end->context = session;
        session->end->on_change = streams_changed;
    }
    process_on_exit(pid, command_ended, session);
}

static void run(void *context) {
    manager_lock();
    start_command(context);
    manager_unlock();
}

void session_begin(uint32_t channel) {
    struct channel_end *end = channel_end_make(channel);
    struct session *session = end ? heap_allocate(sizeof *session) : NULL;
    if (!session) {
        if (end) {
            channel_exit(channel, STATUS_NOT_POSSIBLE);
            channel_end_release(end);
        }
        return;
    }
    session->end = end;
    if (manager_thread(run, session) != 0)
        refuse(session, STATUS_NOT_POSSIBLE, "exec", reason(-ENOMEM));
}
