// SPDX-License-Identifier: MIT
/*
 * Lines in the core's log, and the manager's own end.
 */
#ifndef DOMAINS_LIB_LOG_H
#define DOMAINS_LIB_LOG_H

/* One line, at most 160 bytes; the core marks it with the tenant. Needs no lock. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A contradiction inside the manager: the tenant ends with this text as its cause of death. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
