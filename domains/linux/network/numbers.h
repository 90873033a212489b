// SPDX-License-Identifier: MIT
/*
 * Linux's numbers for sockets (i386).
 */
#ifndef DOMAINS_LINUX_NETWORK_NUMBERS_H
#define DOMAINS_LINUX_NETWORK_NUMBERS_H

#define AF_UNSPEC  0
#define AF_UNIX    1
#define AF_INET    2
#define AF_INET6   10
#define AF_NETLINK 16
#define AF_PACKET  17
#define AF_VSOCK   40

#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define SOCK_RAW       3
#define SOCK_SEQPACKET 5
#define SOCK_TYPE_MASK 0xF
#define SOCK_NONBLOCK  04000
#define SOCK_CLOEXEC   02000000

#define PROTOCOL_IP     0
#define PROTOCOL_ICMP   1
#define PROTOCOL_TCP    6
#define PROTOCOL_UDP    17
#define PROTOCOL_IPV6   41
#define PROTOCOL_ICMPV6 58
#define PROTOCOL_RAW    255

#define NETLINK_ROUTE 0

#define MSG_OOB          0x1u
#define MSG_PEEK         0x2u
#define MSG_CTRUNC       0x8
#define MSG_TRUNC        0x20u
#define MSG_DONTWAIT     0x40u
#define MSG_WAITALL      0x100u
#define MSG_NOSIGNAL     0x4000u
#define MSG_CMSG_CLOEXEC 0x40000000u

enum { SHUT_RD, SHUT_WR, SHUT_RDWR };

#define POLLRDHUP 0x2000u

#define SOL_NETLINK 270

#define SOL_SOCKET       1
#define SO_REUSEADDR     2
#define SO_TYPE          3
#define SO_ERROR         4
#define SO_DONTROUTE     5
#define SO_BROADCAST     6
#define SO_SNDBUF        7
#define SO_RCVBUF        8
#define SO_KEEPALIVE     9
#define SO_OOBINLINE     10
#define SO_PRIORITY      12
#define SO_LINGER        13
#define SO_REUSEPORT     15
#define SO_PASSCRED      16
#define SO_PEERCRED      17
#define SO_RCVLOWAT      18
#define SO_SNDLOWAT      19
#define SO_RCVTIMEO      20
#define SO_SNDTIMEO      21
#define SO_BINDTODEVICE  25
#define SO_ACCEPTCONN    30
#define SO_PROTOCOL      38
#define SO_DOMAIN        39
#define SO_RCVTIMEO_WIDE 66
#define SO_SNDTIMEO_WIDE 67

#define IP_TOS             1
#define IP_TTL             2
#define IP_HDRINCL         3
#define IP_PKTINFO         8
#define IP_MTU_DISCOVER    10
#define IP_RECVERR         11
#define IP_MULTICAST_IF    32
#define IP_MULTICAST_TTL   33
#define IP_MULTICAST_LOOP  34
#define IP_ADD_MEMBERSHIP  35
#define IP_DROP_MEMBERSHIP 36

#define IPV6_UNICAST_HOPS   16
#define IPV6_MULTICAST_IF   17
#define IPV6_MULTICAST_HOPS 18
#define IPV6_V6ONLY         26
#define IPV6_RECVPKTINFO    49
#define IPV6_RECVHOPLIMIT   51

#define TCP_OPTION_NODELAY      1
#define TCP_OPTION_MAXSEG       2
#define TCP_OPTION_CORK         3
#define TCP_OPTION_KEEPIDLE     4
#define TCP_OPTION_KEEPINTVL    5
#define TCP_OPTION_KEEPCNT      6
#define TCP_OPTION_DEFER_ACCEPT 9
#define TCP_OPTION_QUICKACK     12
#define TCP_OPTION_USER_TIMEOUT 18
#define TCP_OPTION_FASTOPEN     23

#define ICMP_FILTER 1

#define VSOCK_BUFFER_SIZE     0 /* SO_VM_SOCKETS_… */
#define VSOCK_BUFFER_MIN_SIZE 1
#define VSOCK_BUFFER_MAX_SIZE 2

#endif
