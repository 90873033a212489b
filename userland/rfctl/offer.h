// SPDX-License-Identifier: MIT
/*
 * A command as a channel carries it (kernel/abi/channel.h). Pure.
 */
#ifndef USERLAND_RFCTL_OFFER_H
#define USERLAND_RFCTL_OFFER_H

#include "kernel/abi/channel.h"

#include <stdbool.h>

/* Fills command and command_bytes: the words, and TERM if it is not NULL. false: too long. */
bool offer_fill(struct channel_offer *offer, char *const *command, const char *term);

#endif
