# SPDX-License-Identifier: MIT
"""A root folder entered on the host's Linux, the oracle, as a tenant enters it: by chroot, in namespaces of its own."""

import os
import subprocess

from . import linux

# What a root needs of Linux before chroot; the folder itself stays untouched by the tests' mounts.
ENTER = """
set -e
hostname "$2"
mount --make-rprivate /
cd "$1"
mount -t tmpfs -o mode=755 devices dev
mount -t proc proc proc
mount -t tmpfs temporary tmp
mkdir dev/pts
mkdir -m 1777 dev/shm
mount -t devpts -o newinstance,ptmxmode=666 terminals dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
while read -r name major minor; do mknod -m 666 dev/$name c $major $minor; done <<DEVICES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
DEVICES
shift 2
exec chroot . "$@"
"""


def cannot_enter(program):
    """Why there is no comparison with Linux on this host; None if there is one. `program` is one for tenants."""
    if os.geteuid() != 0:
        return "chroot needs root"
    if not linux.runs(program):
        return "this host's kernel runs no i386 programs"
    return None


def run(folder, hostname, *command, timeout):
    """What `command` prints in the root `folder`, as the first process there. `folder` is written to; the host's clock cannot be."""
    powers = ["setpriv", "--bounding-set", "-sys_time", "--inh-caps", "-sys_time"]
    namespaces = ["unshare", "--mount", "--pid", "--ipc", "--net", "--uts", "--fork", "--kill-child"]
    enter = ["sh", "-c", ENTER, "enter", str(folder), hostname]
    finished = subprocess.run(
        [*powers, *namespaces, *enter, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert finished.returncode == 0, finished.stderr.decode("utf-8", "replace")
    return finished.stdout.decode("utf-8", "replace")
