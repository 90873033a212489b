// SPDX-License-Identifier: MIT
/*
 * All system calls by number, for a CALL(number, name) and a FAST(number, name) of the includer; no
 * include guard on purpose. FAST calls run without the manager's lock: they only read what the
 * calling thread alone changes, or nothing; or take the lock where they need it.
 */
#include "domains/linux/file/calls.h"
#include "domains/linux/memory/calls.h"
#include "domains/linux/message_queue/calls.h"
#include "domains/linux/network/calls.h"
#include "domains/linux/process/calls.h"
#include "domains/linux/signal/calls.h"
#include "domains/linux/system/calls.h"
#include "domains/linux/time/calls.h"
#include "domains/linux/tty/calls.h"
