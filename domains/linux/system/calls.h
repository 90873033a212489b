// SPDX-License-Identifier: MIT
/* Calls on the machine. No include guard on purpose: see domains/linux/entry/system_calls.h. */
CALL(74, sethostname)
CALL(88, reboot)
CALL(103, syslog)
CALL(116, sysinfo)
CALL(121, setdomainname)
CALL(122, uname)
CALL(355, getrandom)
CALL(375, membarrier)
