// SPDX-License-Identifier: MIT
/*
 * The tenant's end of `rfctl exec`: accepts the channels that the operator offers and runs the
 * command behind each, on a pty or on three streams.
 */
#ifndef DOMAINS_LINUX_CHANNEL_SERVICE_H
#define DOMAINS_LINUX_CHANNEL_SERVICE_H

int channel_service_start(void); /* 0 or -ENOMEM */

#endif
