// SPDX-License-Identifier: MIT
/*
 * How system calls are written: SYSTEM_CALL_n(name, n parameters) is the head of handler sys_name
 * with the dispatcher's type. The parameters are in the order of EBX, ECX, EDX, ESI, EDI, EBP; the
 * answer is a value or a negative errno. The lock is held, unless the call is FAST.
 */
#ifndef DOMAINS_LINUX_ENTRY_CALL_H
#define DOMAINS_LINUX_ENTRY_CALL_H

#include <stdint.h>

#define SYSTEM_CALL_0(name)                                                                        \
    int32_t sys_##name(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)
#define SYSTEM_CALL_1(name, a)                                                                     \
    int32_t sys_##name(uint32_t a, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)
#define SYSTEM_CALL_2(name, a, b)                                                                  \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t, uint32_t, uint32_t, uint32_t)
#define SYSTEM_CALL_3(name, a, b, c)                                                               \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t, uint32_t, uint32_t)
#define SYSTEM_CALL_4(name, a, b, c, d)                                                            \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t, uint32_t)
#define SYSTEM_CALL_5(name, a, b, c, d, e)                                                         \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t)
#define SYSTEM_CALL_6(name, a, b, c, d, e, f)                                                      \
    int32_t sys_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f)

#endif
