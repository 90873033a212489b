// SPDX-License-Identifier: MIT
/* One line in the core's log, marked there with the driver's name. */
#ifndef DRIVERS_LIB_LOG_H
#define DRIVERS_LIB_LOG_H

/* See format.h for the conversions; at most 160 characters. */
__attribute__((format(printf, 1, 2))) void driver_log(const char *format, ...);

#endif
