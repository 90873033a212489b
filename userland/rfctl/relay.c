// SPDX-License-Identifier: MIT
/*
 * One loop around ppoll().
 *
 *   standard input  ──> pending[] ──> STREAM_INPUT      read again only when pending[] is empty
 *   standard output <──────────────── STREAM_OUTPUT     to its end
 *   standard error  <──────────────── STREAM_ERROR      to its end
 *
 * The streams of a command that has ended are read until they are dry; its background processes do
 * not hold the relay. SIGWINCH is blocked except inside ppoll(), so none comes between looking and
 * sleeping.
 */
#include "userland/rfctl/relay.h"

#include "domains/linux/control/request.h"
#include "userland/rfctl/raw_terminal.h"

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define END_OF_FILE_KEY 4 /* ^D */

enum { SOURCE, INPUT, OUTPUT, ERROR_OUTPUT, CHANNEL, WATCHED };

struct relay {
    struct pollfd watched[WATCHED];
    bool terminal;
    bool source_ended;
    char pending[CHANNEL_STREAM_BYTES];
    size_t pending_at, pending_end;
};

static volatile sig_atomic_t window_changed;

static void note_window(int signal_number) {
    (void)signal_number;
    window_changed = 1;
}

static int open_stream(int channel, enum channel_stream stream) {
    int descriptor = ioctl(channel, CONTROL_STREAM, stream);
    if (descriptor >= 0)
        fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return descriptor;
}

static bool start(struct relay *relay, int channel) {
    relay->watched[INPUT].fd = open_stream(channel, STREAM_INPUT);
    relay->watched[OUTPUT].fd = open_stream(channel, STREAM_OUTPUT);
    relay->watched[ERROR_OUTPUT].fd = open_stream(channel, STREAM_ERROR);
    relay->watched[CHANNEL].fd = channel;
    return relay->watched[INPUT].fd >= 0 && relay->watched[OUTPUT].fd >= 0 &&
           relay->watched[ERROR_OUTPUT].fd >= 0;
}

static void stop_watching(struct pollfd *watched) {
    if (watched->fd > STDERR_FILENO)
        close(watched->fd);
    watched->fd = -1;
}

/* ---- Input ----------------------------------------------------------------------------------- */

static void end_of_source(struct relay *relay) {
    relay->source_ended = true;
    if (relay->terminal) {
        relay->pending[0] = END_OF_FILE_KEY;
        relay->pending_at = 0;
        relay->pending_end = 1;
    } else {
        stop_watching(&relay->watched[INPUT]);
    }
}

static void read_source(struct relay *relay) {
    ssize_t count = read(STDIN_FILENO, relay->pending, sizeof relay->pending);
    if (count > 0) {
        relay->pending_at = 0;
        relay->pending_end = (size_t)count;
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        end_of_source(relay);
    }
}

static void write_input(struct relay *relay) {
    ssize_t count = write(relay->watched[INPUT].fd, relay->pending + relay->pending_at,
                          relay->pending_end - relay->pending_at);
    if (count > 0) {
        relay->pending_at += (size_t)count;
    } else if (errno != EAGAIN && errno != EINTR) { /* the command reads no more */
        relay->pending_at = relay->pending_end;
        stop_watching(&relay->watched[INPUT]);
    }
}

/* ---- Output ---------------------------------------------------------------------------------- */

static bool write_all(int to, const char *bytes, size_t count) {
    while (count) {
        ssize_t written = write(to, bytes, count);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Copies what is there, at most one stream's worth. true: there may be more now. */
static bool copy(struct pollfd *stream, int to) {
    char bytes[CHANNEL_STREAM_BYTES];
    ssize_t count = read(stream->fd, bytes, sizeof bytes);
    if (count > 0 && write_all(to, bytes, (size_t)count))
        return true;
    if (count >= 0 || (errno != EAGAIN && errno != EINTR))
        stop_watching(stream);
    return false;
}

static void copy_ready(struct relay *relay) {
    if (relay->watched[OUTPUT].fd >= 0 && relay->watched[OUTPUT].revents)
        copy(&relay->watched[OUTPUT], STDOUT_FILENO);
    if (relay->watched[ERROR_OUTPUT].fd >= 0 && relay->watched[ERROR_OUTPUT].revents)
        copy(&relay->watched[ERROR_OUTPUT], STDERR_FILENO);
}

static void drain(struct pollfd *stream, int to) {
    while (stream->fd >= 0 && copy(stream, to))
        continue;
}

/* ---- The loop -------------------------------------------------------------------------------- */

static bool has_pending(const struct relay *relay) {
    return relay->pending_at < relay->pending_end;
}

/* A source that is not wanted now is not watched at all: its hangup would end every wait
 * at once. */
static void choose_events(struct relay *relay) {
    bool wanted = !has_pending(relay) && !relay->source_ended && relay->watched[INPUT].fd >= 0;
    relay->watched[SOURCE].fd = wanted ? STDIN_FILENO : -1;
    relay->watched[SOURCE].events = POLLIN;
    relay->watched[INPUT].events = has_pending(relay) ? POLLOUT : 0;
    relay->watched[OUTPUT].events = POLLIN;
    relay->watched[ERROR_OUTPUT].events = POLLIN;
    relay->watched[CHANNEL].events = POLLIN;
}

static void move_bytes(struct relay *relay) {
    const struct pollfd *input = &relay->watched[INPUT];
    if (input->fd >= 0 && (input->revents & POLLERR))
        stop_watching(&relay->watched[INPUT]);
    else if (relay->watched[SOURCE].fd >= 0 && relay->watched[SOURCE].revents)
        read_source(relay);
    if (input->fd >= 0 && has_pending(relay))
        write_input(relay);
    copy_ready(relay);
}

static void pass_window(struct relay *relay) {
    window_changed = 0;
    ioctl(relay->watched[CHANNEL].fd, CONTROL_WINDOW, raw_terminal_window());
}

static void catch_window_changes(sigset_t *while_waiting) {
    struct sigaction action = {.sa_handler = note_window};
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGWINCH);
    sigprocmask(SIG_BLOCK, &blocked, while_waiting);
    sigdelset(while_waiting, SIGWINCH);
    sigaction(SIGWINCH, &action, NULL);
}

bool relay(int channel, bool terminal, bool with_input) {
    struct relay relay = {.terminal = terminal};
    sigset_t while_waiting;
    signal(SIGPIPE, SIG_IGN);
    catch_window_changes(&while_waiting);
    if (!start(&relay, channel))
        return false;
    if (!with_input)
        end_of_source(&relay);
    while (!(relay.watched[CHANNEL].revents & POLLIN)) {
        choose_events(&relay);
        if (ppoll(relay.watched, WATCHED, NULL, &while_waiting) < 0 && errno != EINTR)
            return false;
        if (window_changed && terminal)
            pass_window(&relay);
        move_bytes(&relay);
    }
    drain(&relay.watched[OUTPUT], STDOUT_FILENO);
    drain(&relay.watched[ERROR_OUTPUT], STDERR_FILENO);
    return true;
}
