// SPDX-License-Identifier: MIT
/* Terminals have no calls of their own: they are files. See domains/linux/entry/system_calls.h. */
