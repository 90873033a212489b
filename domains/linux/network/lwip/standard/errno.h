// SPDX-License-Identifier: MIT
/* lwIP has its own numbers of errors, which are not ours: domains/linux/network/errno.c. */
#include <stddef.h>
