// SPDX-License-Identifier: MIT
/*
 * The numbers of Linux i386's file calls: open flags, modes, AT_* flags. Preprocessor names with
 * Linux's own values.
 */
#ifndef DOMAINS_LINUX_FILE_FLAGS_H
#define DOMAINS_LINUX_FILE_FLAGS_H

#define O_ACCMODE   00000003
#define O_RDONLY    00000000
#define O_WRONLY    00000001
#define O_RDWR      00000002
#define O_CREAT     00000100
#define O_EXCL      00000200
#define O_NOCTTY    00000400
#define O_TRUNC     00001000
#define O_APPEND    00002000
#define O_NONBLOCK  00004000
#define O_DSYNC     00010000
#define O_ASYNC     00020000
#define O_DIRECT    00040000
#define O_LARGEFILE 00100000
#define O_DIRECTORY 00200000
#define O_NOFOLLOW  00400000
#define O_NOATIME   01000000
#define O_CLOEXEC   02000000
#define O_SYNC      04010000
#define O_PATH      010000000
#define O_TMPFILE   020200000
#define O_EXECUTE   040000000 /* the manager's own: for exec, which need not be allowed to read */

#define S_IFMT   0170000
#define S_IFSOCK 0140000
#define S_IFLNK  0120000
#define S_IFREG  0100000
#define S_IFBLK  0060000
#define S_IFDIR  0040000
#define S_IFCHR  0020000
#define S_IFIFO  0010000
#define S_ISUID  0004000
#define S_ISGID  0002000
#define S_ISVTX  0001000

#define MODE_PERMISSIONS       07777u
#define MODE_IS(mode, type)    (((mode)&S_IFMT) == (type))
#define MODE_DIRENT_TYPE(mode) ((uint8_t)(((mode)&S_IFMT) >> 12)) /* DT_*, for getdents64 */

#define AT_FDCWD            (-100)
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_REMOVEDIR        0x200
#define AT_EACCESS          0x200
#define AT_SYMLINK_FOLLOW   0x400
#define AT_NO_AUTOMOUNT     0x800
#define AT_EMPTY_PATH       0x1000
#define AT_STATX_FORCE_SYNC 0x2000
#define AT_STATX_DONT_SYNC  0x4000

#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE  2
#define RENAME_WHITEOUT  4

#define PATH_BYTES 4096 /* PATH_MAX: with the NUL */
#define NAME_BYTES 255  /* NAME_MAX: without */

/* What permission_check() is asked for; access(2)'s R_OK, W_OK, X_OK. */
#define MAY_READ    4
#define MAY_WRITE   2
#define MAY_EXECUTE 1

#endif
