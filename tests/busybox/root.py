# SPDX-License-Identifier: MIT
"""The root folder that the suite runs in, and a run of it on the host's Linux, the oracle.

    /bin /sbin /usr …       busybox and its applets' links, as in every image
    /suite/busybox          what runtest calls $bindir: the program and its .config
    /suite/testsuite/       the tests, unmodified
    /suite/run-suite        runs them

On Linux the very same folder is entered by chroot, in mount and PID namespaces of its own.
"""

import os
import shutil
import subprocess
from pathlib import Path

from lib import linux
from ringfence import BUILD, erofs

BUSYBOX = BUILD / "third-party" / "busybox"
RUN_SUITE = "/suite/run-suite"
TENANT = "red"

# What a root needs of Linux before chroot; the folder itself stays untouched by the tests' mounts.
ENTER_LINUX = """
set -e
hostname "$2"
mount --make-rprivate /
cd "$1"
mount -t tmpfs -o mode=755 devices dev
mount -t proc proc proc
mount -t tmpfs temporary tmp
mkdir dev/pts dev/shm
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


def build(folder):
    """Lays out the root in `folder`, which must be empty and on a disk that can hold 10 MiB."""
    folder.chmod(0o755)
    erofs.lay_out(folder, BUSYBOX, [], [])
    (folder / "etc" / "hosts").write_text(f"127.0.0.1 localhost {TENANT}\n")
    suite = folder / "suite"
    suite.mkdir()
    shutil.copy(BUSYBOX / "busybox", suite)
    shutil.copytree(BUSYBOX / "testsuite", suite / "testsuite", symlinks=True)
    shutil.copy(BUSYBOX / "testsuite" / ".config", suite)
    shutil.copy(Path(__file__).with_name("run-suite"), suite)


def cannot_enter_linux():
    """Why there is no comparison with Linux on this host; None if there is one."""
    if os.geteuid() != 0:
        return "chroot needs root"
    if not linux.runs(BUSYBOX / "busybox"):
        return "this host's kernel runs no i386 programs"
    return None


def run_on_linux(folder, timeout):
    """The report of a run on the host, whose kernel must run i686 programs. `folder` is written to."""
    namespaces = ["unshare", "--mount", "--pid", "--uts", "--fork", "--kill-child"]
    enter = ["sh", "-c", ENTER_LINUX, "enter", str(folder), TENANT]
    command = [*namespaces, *enter, "/bin/sh", RUN_SUITE]
    finished = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert finished.returncode == 0, finished.stderr.decode("utf-8", "replace")
    return finished.stdout.decode("utf-8", "replace")
