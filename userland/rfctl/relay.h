// SPDX-License-Identifier: MIT
/*
 * Passing bytes between this program's streams and a channel, until the command has ended.
 */
#ifndef USERLAND_RFCTL_RELAY_H
#define USERLAND_RFCTL_RELAY_H

#include <stdbool.h>

/* true: the command ended and all of its output was written. false: an error, in errno. With
 * `terminal`, window changes are passed on, and the end of standard input is typed as ^D. Without
 * `with_input` standard input is not read, and the command sees its end at once. */
bool relay(int channel, bool terminal, bool with_input);

#endif
