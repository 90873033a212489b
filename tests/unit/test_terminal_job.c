// SPDX-License-Identifier: MIT
// sources: domains/linux/tty/terminal.c domains/linux/tty/terminal_ioctl.c domains/linux/tty/job.c
// sources: domains/linux/tty/line.c domains/linux/tty/line_output.c
/*
 * Terminals as programs meet them: who may read, who is stopped or signalled, when a read ends. The
 * processes are made up, and a sleep runs what the test has planned for it.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/requests.h"
#include "domains/linux/tty/terminal_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TENTH 100000000ull

/* ---- What the manager has around it ---------------------------------------------------------- */

static struct process shell, editor, stranger; /* a session of two groups, and another session */
struct process *process_list = &shell;
static struct process *current;
static int signals_sent[32], last_group;
static bool ignores_signals, orphaned, poked;
static uint64_t now;
static void (*while_asleep)(void); /* once */
static char app_memory[256];

struct process *current_process(void) {
    return current;
}

struct process *process_find(int32_t pid) {
    struct process *process = process_list;
    while (process && process->pid != pid)
        process = process->next;
    return process;
}

bool group_is_orphaned(int32_t group, const struct process *except) {
    (void)group, (void)except;
    return orphaned;
}

void signal_process(struct process *process, int signal) {
    (void)process;
    signals_sent[signal]++;
}

void signal_group(int32_t group, int signal) {
    last_group = group;
    signals_sent[signal]++;
}

bool signal_pending(void) {
    return poked;
}

bool signal_is_ignored(int signal) {
    (void)signal;
    return ignores_signals;
}

uint64_t clock_nanoseconds(void) {
    return now;
}

void *heap_allocate(size_t bytes) {
    return calloc(1, bytes);
}

void heap_free(void *object) {
    free(object);
}

enum wait_result wait_on(struct wait_queue *queue, uint64_t deadline) {
    uint32_t sequence = queue->sequence;
    void (*planned)(void) = while_asleep;
    while_asleep = NULL;
    if (planned)
        planned();
    if (poked)
        return WAIT_INTERRUPTED;
    if (queue->sequence != sequence)
        return WAIT_WOKEN;
    if (deadline == UINT64_MAX)
        fail_msg("sleeps for ever");
    now = deadline;
    return WAIT_TIMED_OUT;
}

void wait_wake(struct wait_queue *queue) {
    queue->sequence++;
}

void poll_wake(struct wait_queue *queue) {
    queue->sequence++;
}

int copy_in(void *to, uint32_t from, size_t bytes) {
    memcpy(to, app_memory + from, bytes);
    return 0;
}

int copy_out(uint32_t to, const void *from, size_t bytes) {
    memcpy(app_memory + to, from, bytes);
    return 0;
}

static char *buffer; /* of the transfer under way */

int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes) {
    memcpy(buffer, from, bytes);
    buffer += bytes;
    transfer->total -= bytes;
    return (int)bytes;
}

int transfer_take(struct transfer *transfer, void *to, uint32_t bytes) {
    memcpy(to, buffer, bytes);
    buffer += bytes;
    transfer->total -= bytes;
    return (int)bytes;
}

/* ---- A terminal with a session --------------------------------------------------------------- */

static struct terminal *terminal;
static struct file file;
static char got[512];
static int opened;

static void note_open(void *context, bool open) {
    (void)context;
    opened += open ? 1 : -1;
}

static int fresh(void **state) {
    (void)state;
    shell = (struct process){.pid = 10, .process_group = 10, .session = 10, .next = &editor};
    editor = (struct process){
        .pid = 11, .process_group = 11, .session = 10, .parent = &shell, .next = &stranger};
    stranger = (struct process){.pid = 20, .process_group = 20, .session = 20};
    memset(signals_sent, 0, sizeof signals_sent);
    ignores_signals = orphaned = poked = false;
    while_asleep = NULL;
    now = last_group = opened = 0;
    current = &shell;
    terminal = terminal_make(&(struct terminal_device){.opened = note_open}, 0x8801);
    file = (struct file){.flags = O_RDWR};
    return terminal_attach(terminal, &file);
}

static int done(void **state) {
    (void)state;
    if (shell.terminal)
        terminal_disown(terminal, 10);
    file.operations->release(&file);
    terminal_release(terminal);
    return 0;
}

static void type(const char *keys) {
    terminal_input(terminal, keys, (uint32_t)strlen(keys));
}

static int read_up_to(uint32_t bytes) {
    struct transfer to = {.total = bytes};
    memset(got, 0, sizeof got);
    buffer = got;
    return file.operations->read(&file, &to, NULL);
}

static void raw(uint8_t minimum, uint8_t tenths) {
    struct termios termios = terminal->line.termios;
    termios.local_flags &= ~(uint32_t)(ICANON | ECHO);
    termios.control[VMIN] = minimum;
    termios.control[VTIME] = tenths;
    line_set(&terminal->line, &termios);
}

/* ---- Sessions -------------------------------------------------------------------------------- */

static void the_first_open_gives_a_leader_its_terminal(void **state) {
    (void)state;
    assert_ptr_equal(shell.terminal, terminal);
    assert_int_equal(terminal->session, 10);
    assert_int_equal(terminal->foreground, 10);
    assert_int_equal(terminal_give(terminal, &stranger), -EPERM);
    assert_int_equal(terminal_give(terminal, &shell), 0);
    assert_int_equal(opened, 1);
}

static void a_leader_that_ends_leaves_it_to_nobody(void **state) {
    (void)state;
    editor.terminal = terminal;
    terminal_hold(terminal);
    terminal_disown(terminal, 20); /* not its session */
    assert_ptr_equal(shell.terminal, terminal);
    terminal_disown(terminal, 10);
    assert_null(shell.terminal);
    assert_null(editor.terminal);
    assert_int_equal(signals_sent[SIGHUP], 1);
    assert_int_equal(signals_sent[SIGCONT], 1);
    assert_int_equal(terminal_give(terminal, &stranger), 0);
    terminal_disown(terminal, 20);
}

static void keys_signal_the_foreground_group(void **state) {
    (void)state;
    type("\x03\x1c\x1a");
    assert_int_equal(signals_sent[SIGINT], 1);
    assert_int_equal(signals_sent[SIGQUIT], 1);
    assert_int_equal(signals_sent[SIGTSTP], 1);
    assert_int_equal(last_group, 10);
}

/* ---- Job control ----------------------------------------------------------------------------- */

static void a_background_reader_is_stopped(void **state) {
    (void)state;
    editor.terminal = terminal;
    current = &editor;
    type("line\n");
    assert_int_equal(read_up_to(10), -ERESTARTSYS);
    assert_int_equal(signals_sent[SIGTTIN], 1);
    assert_int_equal(last_group, 11);
    ignores_signals = true;
    assert_int_equal(read_up_to(10), -EIO);
    ignores_signals = false;
    orphaned = true;
    assert_int_equal(read_up_to(10), -EIO);
    assert_int_equal(signals_sent[SIGTTIN], 1);
    editor.terminal = NULL;
}

static void a_background_writer_is_stopped_only_with_tostop(void **state) {
    (void)state;
    struct transfer from = {.total = 1};
    editor.terminal = terminal;
    current = &editor;
    buffer = got;
    assert_int_equal(file.operations->write(&file, &from, NULL), 1);
    terminal->line.termios.local_flags |= TOSTOP;
    from.total = 1;
    assert_int_equal(file.operations->write(&file, &from, NULL), -ERESTARTSYS);
    assert_int_equal(signals_sent[SIGTTOU], 1);
    ignores_signals = true;
    assert_int_equal(file.operations->write(&file, &from, NULL), 1);
    editor.terminal = NULL;
}

static int set_foreground(int32_t group) {
    memcpy(app_memory, &group, sizeof group);
    return terminal_ioctl(terminal, TIOCSPGRP, 0);
}

static void the_foreground_is_a_group_of_the_session(void **state) {
    (void)state;
    assert_int_equal(set_foreground(11), 0);
    assert_int_equal(terminal_foreground(terminal), 11);
    assert_int_equal(set_foreground(10), -ERESTARTSYS); /* now in the background itself */
    ignores_signals = true;                             /* as shells do */
    assert_int_equal(set_foreground(10), 0);
    assert_int_equal(set_foreground(20), -EPERM);
    assert_int_equal(set_foreground(99), -ESRCH);
    assert_int_equal(set_foreground(-1), -EINVAL);
    current = &stranger;
    assert_int_equal(set_foreground(20), -ENOTTY);
}

static void typing_for_others_is_refused(void **state) {
    (void)state;
    assert_int_equal(terminal_ioctl(terminal, TIOCSTI, 0), -EPERM);
    assert_int_equal(terminal_ioctl(terminal, 0x1234, 0), -ENOTTY);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void type_a_line(void) {
    type("typed\n");
}

static void a_reader_sleeps_until_a_line_is_there(void **state) {
    (void)state;
    while_asleep = type_a_line;
    assert_int_equal(read_up_to(100), 6);
    assert_string_equal(got, "typed\n");
}

static void without_sleeping_it_is_told_to_come_again(void **state) {
    (void)state;
    file.flags |= O_NONBLOCK;
    type("half");
    assert_int_equal(read_up_to(100), -EAGAIN);
    assert_int_equal(file.operations->poll(&file), POLLOUT);
    type("\n");
    assert_int_equal(file.operations->poll(&file), POLLIN | POLLOUT);
}

static void get_poked(void) {
    poked = true;
}

static void a_signal_ends_the_sleep(void **state) {
    (void)state;
    while_asleep = get_poked;
    assert_int_equal(read_up_to(100), -ERESTARTSYS);
}

static void a_line_longer_than_a_piece_is_one_read(void **state) {
    (void)state;
    char keys[401];
    memset(keys, 'k', 400);
    keys[399] = '\n';
    keys[400] = 0;
    type(keys);
    type("next\n");
    assert_int_equal(read_up_to(500), 400);
    assert_memory_equal(got, keys, 400);
}

static void end_of_file_is_read_once(void **state) {
    (void)state;
    type("\x04");
    assert_int_equal(read_up_to(10), 0);
    while_asleep = type_a_line;
    assert_int_equal(read_up_to(10), 6);
}

static void raw_reads_wait_for_the_minimum(void **state) {
    (void)state;
    raw(3, 0);
    type("ab");
    while_asleep = type_a_line;
    assert_int_equal(read_up_to(100), 8);
    type("ab");
    assert_int_equal(read_up_to(2), 2); /* never more than is asked for */
}

static void raw_reads_with_a_timer(void **state) {
    (void)state;
    raw(0, 0);
    assert_int_equal(read_up_to(10), 0);
    raw(0, 5);
    assert_int_equal(read_up_to(10), 0);
    assert_true(now == 5 * TENTH);
    raw(4, 2);
    type("x");
    assert_int_equal(read_up_to(10), 1);
    assert_true(now == 7 * TENTH);
}

/* ---- Writing, and the end -------------------------------------------------------------------- */

static const char *shown(void) {
    static char screen[LINE_OUTPUT_BYTES + 1];
    uint32_t used = 0, count;
    const char *bytes;
    while ((count = terminal_output(terminal, &bytes)) != 0) {
        memcpy(screen + used, bytes, count);
        used += count;
        terminal_output_taken(terminal, count);
    }
    screen[used] = 0;
    return screen;
}

static unsigned long shown_bytes;

static void take_output(void) {
    shown_bytes += strlen(shown());
    while_asleep = take_output;
}

static void a_writer_sleeps_until_the_device_has_taken_enough(void **state) {
    (void)state;
    static char flood[3 * LINE_OUTPUT_BYTES];
    struct transfer from = {.total = sizeof flood};
    memset(flood, 'x', sizeof flood);
    buffer = flood;
    shown_bytes = 0;
    while_asleep = take_output;
    assert_int_equal(file.operations->write(&file, &from, NULL), sizeof flood);
    assert_int_equal(shown_bytes + strlen(shown()), sizeof flood);
}

static void settings_can_wait_for_the_output(void **state) {
    (void)state;
    line_write(&terminal->line, "held", 4);
    while_asleep = take_output;
    memcpy(app_memory, &terminal->line.termios, TERMIOS_BYTES);
    assert_int_equal(terminal_ioctl(terminal, TCSETSW, 0), 0);
    assert_int_equal(terminal->line.output_head, terminal->line.output_tail);
}

static void a_new_window_size_is_told_once(void **state) {
    (void)state;
    terminal_resize(terminal, 25, 80);
    terminal_resize(terminal, 25, 80);
    assert_int_equal(signals_sent[SIGWINCH], 1);
}

static void after_a_hangup(void **state) {
    (void)state;
    struct transfer from = {.total = 1};
    terminal_hangup(terminal);
    assert_true(signals_sent[SIGHUP] > 0);
    assert_int_equal(read_up_to(10), 0);
    buffer = got;
    assert_int_equal(file.operations->write(&file, &from, NULL), -EIO);
    assert_int_equal(terminal_ioctl(terminal, TCGETS, 0), -EIO);
    assert_true(file.operations->poll(&file) & POLLHUP);
    struct file late = {0};
    assert_int_equal(terminal_attach(terminal, &late), -EIO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_first_open_gives_a_leader_its_terminal),
        TEST(a_leader_that_ends_leaves_it_to_nobody),
        TEST(keys_signal_the_foreground_group),
        TEST(a_background_reader_is_stopped),
        TEST(a_background_writer_is_stopped_only_with_tostop),
        TEST(the_foreground_is_a_group_of_the_session),
        TEST(typing_for_others_is_refused),
        TEST(a_reader_sleeps_until_a_line_is_there),
        TEST(without_sleeping_it_is_told_to_come_again),
        TEST(a_signal_ends_the_sleep),
        TEST(a_line_longer_than_a_piece_is_one_read),
        TEST(end_of_file_is_read_once),
        TEST(raw_reads_wait_for_the_minimum),
        TEST(raw_reads_with_a_timer),
        TEST(a_writer_sleeps_until_the_device_has_taken_enough),
        TEST(settings_can_wait_for_the_output),
        TEST(a_new_window_size_is_told_once),
        TEST(after_a_hangup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
