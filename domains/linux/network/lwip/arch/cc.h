// SPDX-License-Identifier: MIT
/* What lwIP needs of compiler and platform. */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include "domains/linux/network/checksum.h"

#include <stddef.h>
#include <stdint.h>

#define LWIP_NO_INTTYPES_H   1
#define LWIP_NO_UNISTD_H     1
#define LWIP_NO_LIMITS_H     1
#define LWIP_NO_CTYPE_H      1
#define LWIP_TIMEVAL_PRIVATE 0
#define INT_MAX              0x7fffffff
#define SSIZE_MAX            INT_MAX
typedef int ssize_t;
typedef int sys_prot_t;

#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"

void lwip_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void lwip_failed(const char *assertion);
uint32_t lwip_random(void);
void *heap_allocate_unzeroed(size_t bytes);
void *lwip_calloc(size_t count, size_t bytes);
void heap_free(void *object);

#define LWIP_PLATFORM_DIAG(arguments) lwip_print arguments
#define LWIP_PLATFORM_ASSERT(text)    lwip_failed(text)
#define LWIP_RAND()                   lwip_random()
#define LWIP_CHKSUM                   network_checksum

#endif
