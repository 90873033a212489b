// SPDX-License-Identifier: MIT
/*
 * How lwIP is built into the manager: no threads of its own (the manager's lock is held whenever it runs), no memory of
 * its own (all of it comes from the heap, so a tenant that does not use the network has none), and no timers of its own
 * (network/clock.c, which sleeps while there is nothing to do).
 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0
#define LWIP_TIMERS          1
#define LWIP_TIMERS_CUSTOM   1

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT   4
#define mem_clib_malloc heap_allocate_unzeroed
#define mem_clib_calloc lwip_calloc
#define mem_clib_free   heap_free

#define LWIP_IPV4                      1
#define LWIP_IPV6                      1
#define LWIP_ARP                       1
#define IP_DEFAULT_TTL                 64 /* as Linux */
#define LWIP_ICMP                      1
#define LWIP_RAW                       1
#define LWIP_UDP                       1
#define LWIP_TCP                       1
#define LWIP_DHCP                      1
#define LWIP_IGMP                      1
#define LWIP_DNS                       0 /* a program's C library asks */
#define LWIP_STATS                     0
#define LWIP_NETIF_LOOPBACK            1
#define LWIP_HAVE_LOOPIF               1
#define LWIP_BROADCAST_PING            1
#define IP_SOF_BROADCAST               1
#define SO_REUSE                       1
#define SO_REUSE_RXTOALL               1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1 /* netlink/news.c */
#define LWIP_CHECKSUM_CTRL_PER_NETIF   1 /* within the machine nothing needs summing: stack.c */

#define TCP_MSS                        1460
#define TCP_WND                        (28 * TCP_MSS) /* what the card has buffers for from the start */
#define TCP_SND_BUF                    (44 * TCP_MSS)
#define TCP_SND_QUEUELEN               (4 * TCP_SND_BUF / TCP_MSS)
#define TCP_LISTEN_BACKLOG             1
#define TCP_DEFAULT_LISTEN_BACKLOG     128
#define TCP_MSL                        2000 /* ms; lwIP looks through all connections, those that wait too */
#define LWIP_TCP_KEEPALIVE             1
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1    /* they are about pools that are not used */
#define LWIP_TCP_RTO_TIME              1000 /* ms, before anything was measured (RFC 6298, 2.1) */
#define PBUF_POOL_BUFSIZE              1600

#endif
