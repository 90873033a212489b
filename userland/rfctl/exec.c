// SPDX-License-Identifier: MIT
/*
 * rfctl exec: a command in a tenant, with this program's standard streams as its own.
 */
#include "domains/linux/control/request.h"
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/offer.h"
#include "userland/rfctl/raw_terminal.h"
#include "userland/rfctl/relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_OF_SIGNAL 128

static int open_channel(const char *tenant, const struct channel_offer *offer) {
    int channel = ioctl(control_descriptor(), CONTROL_OPEN, offer);
    if (channel >= 0)
        return channel;
    if (errno == ECONNREFUSED)
        fail("exec: %s is not running", tenant);
    else if (errno == EAGAIN)
        fail("exec: %s has too many open channels", tenant);
    else
        fail("exec: %s: %s", tenant, strerror(errno));
    return -1;
}

static int exit_status_of(int channel) {
    struct channel_description description;
    if (ioctl(channel, CONTROL_DESCRIBE, &description) < 0)
        return fail("exec: %s", strerror(errno));
    int status = (int)description.exit_status;
    return WIFSIGNALED(status) ? STATUS_OF_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* A background job may not read its terminal: it would be stopped as soon as somebody types. */
static bool is_background(void) {
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) != getpgrp();
}

static int run_in(const struct tenant_status *tenant, bool terminal, char **command) {
    static struct channel_offer offer;
    const char *name = tenant->configuration.name;
    if (!offer_fill(&offer, command, terminal ? getenv("TERM") : NULL))
        return fail("exec: the command is longer than the %d bytes that a channel takes",
                    CHANNEL_COMMAND_BYTES);
    offer.tenant = tenant->tenant;
    offer.flags = terminal ? CHANNEL_TERMINAL : 0;
    offer.window = terminal ? raw_terminal_window() : 0;
    int channel = open_channel(name, &offer);
    if (channel < 0)
        return 1;
    bool raw = terminal && raw_terminal_begin();
    bool ended = relay(channel, terminal, terminal || !is_background());
    if (raw)
        raw_terminal_end();
    return ended ? exit_status_of(channel) : fail("exec: %s: %s", name, strerror(errno));
}

static int run_exec(int count, char **words) {
    struct tenant_status tenant;
    bool force = take_option(&count, words, "-t");
    bool never = take_option(&count, words, "-T");
    bool on_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !is_background();
    bool terminal = force || (!never && on_terminal);
    int first = count > 1 && strcmp(words[1], "--") == 0 ? 2 : 1;
    if (count <= first || words[0][0] == '-')
        return fail("exec: usage: rfctl exec %s", exec_command.usage), 2;
    return need_tenant(words[0], &tenant) ? run_in(&tenant, terminal, words + first) : 1;
}

const struct command exec_command = {
    "exec", "[-t|-T] TENANT -- COMMAND [WORDS]",
    "run a command in a tenant\n\n"
    "Standard input, output and error are passed through, and the exit status is the command's,\n"
    "or 128 and the number of the signal that ended it.\n\n"
    "  -t  give it a terminal, as is done in the foreground when input and output are one\n"
    "  -T  give it none",
    run_exec};
