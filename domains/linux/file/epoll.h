// SPDX-License-Identifier: MIT
/*
 * epoll(7): a file that watches others. A watched file may end while it is watched: it is watched no more then.
 */
#ifndef DOMAINS_LINUX_FILE_EPOLL_H
#define DOMAINS_LINUX_FILE_EPOLL_H

#include "domains/linux/file/file.h"

void epoll_forget(struct file *file); /* its last reference is gone; file->watches are */

#endif
