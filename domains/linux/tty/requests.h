// SPDX-License-Identifier: MIT
/*
 * The ioctl numbers of Linux i386 that terminals know.
 */
#ifndef DOMAINS_LINUX_TTY_REQUESTS_H
#define DOMAINS_LINUX_TTY_REQUESTS_H

enum terminal_request {
    TCGETS = 0x5401,
    TCSETS = 0x5402,
    TCSETSW = 0x5403,
    TCSETSF = 0x5404,
    TCSBRK = 0x5409,
    TCXONC = 0x540A,
    TCFLSH = 0x540B,
    TIOCEXCL = 0x540C,
    TIOCNXCL = 0x540D,
    TIOCSCTTY = 0x540E,
    TIOCGPGRP = 0x540F,
    TIOCSPGRP = 0x5410,
    TIOCOUTQ = 0x5411,
    TIOCSTI = 0x5412,
    TIOCGWINSZ = 0x5413,
    TIOCSWINSZ = 0x5414,
    FIONREAD = 0x541B,
    TIOCNOTTY = 0x5422,
    TIOCGETD = 0x5424,
    TCSBRKP = 0x5425,
    TIOCGSID = 0x5429
};

/* These carry the size of their argument, and do not fit an enum's int on every compiler. */
#define TCGETS2     0x802C542Au
#define TCSETS2     0x402C542Bu
#define TCSETSW2    0x402C542Cu
#define TCSETSF2    0x402C542Du
#define TIOCGPTN    0x80045430u
#define TIOCSPTLCK  0x40045431u
#define TIOCGPTLCK  0x80045439u
#define TIOCGPTPEER 0x5441u

enum flush_queue { TCIFLUSH, TCOFLUSH, TCIOFLUSH };
enum flow_action { TCOOFF, TCOON, TCIOFF, TCION };

#endif
