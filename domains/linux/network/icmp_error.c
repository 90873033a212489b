// SPDX-License-Identifier: MIT
/*
 * Which of the messages of RFC 792, RFC 1812 and RFC 4443 say that trying again is of no use (RFC 1122, 4.2.3.9), and the errnos that
 * Linux's programs know for them.
 */
#include "domains/linux/network/icmp_error.h"

#include "domains/linux/errno.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { UNREACHABLE = 3, PARAMETER_PROBLEM = 12 };    /* ICMP */
enum { UNREACHABLE_6 = 1, PARAMETER_PROBLEM_6 = 4 }; /* ICMPv6 */

/* By the code of "destination unreachable"; 0: it may pass. */
static const uint8_t unreachable[] = {
    [2] = ENOPROTOOPT,   [3] = ECONNREFUSED,  [6] = ENETUNREACH,   [7] = EHOSTDOWN,
    [8] = ENONET,        [9] = ENETUNREACH,   [10] = EHOSTUNREACH, [13] = EHOSTUNREACH,
    [14] = EHOSTUNREACH, [15] = EHOSTUNREACH,
};
static const uint8_t unreachable_6[] = {
    [1] = EACCES, [4] = ECONNREFUSED, [5] = EACCES, [6] = EACCES};

int icmp_error(bool is_ipv6, uint8_t type, uint8_t code) {
    if (!is_ipv6 && type == UNREACHABLE)
        return code < COUNT(unreachable) ? unreachable[code] : 0;
    if (is_ipv6 && type == UNREACHABLE_6)
        return code < COUNT(unreachable_6) ? unreachable_6[code] : EPROTO;
    return type == (is_ipv6 ? PARAMETER_PROBLEM_6 : PARAMETER_PROBLEM) ? EPROTO : 0;
}
