// SPDX-License-Identifier: MIT
/* Calls on message queues. No include guard on purpose: see domains/linux/entry/system_calls.h. */
CALL(277, mq_open)
CALL(278, mq_unlink)
CALL(279, mq_timedsend)
CALL(280, mq_timedreceive)
CALL(281, mq_notify)
CALL(282, mq_getsetattr)
CALL(418, mq_timedsend_time64)
CALL(419, mq_timedreceive_time64)
