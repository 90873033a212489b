// SPDX-License-Identifier: MIT
/*
 * lwIP 2.1.3 believes a "packet too big" that names less than any way takes (RFC 8201, 4), and would then cut packets into
 * pieces of nothing, for ever, under the manager's lock: found by review, see tests/fuzz/regressions/frames.
 */
#include "domains/linux/network/path_mtu.h"

#include <lwip/netif.h>
#include <lwip/priv/nd6_priv.h>

void path_mtu_settle(struct netif *card) {
    card->mtu6 = PATH_MTU_LEAST;
    for (int n = 0; n < LWIP_ND6_NUM_DESTINATIONS; n++)
        if (destination_cache[n].pmtu < PATH_MTU_LEAST)
            destination_cache[n].pmtu = PATH_MTU_LEAST;
}
