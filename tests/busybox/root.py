# SPDX-License-Identifier: MIT
"""The root folder that the suite runs in, and a run of it on the host's Linux, the oracle.

    /bin /sbin /usr …       busybox and its applets' links, as in every image, but
    /bin/false, /bin/zip    programs of their own, as some tests want them
    /etc/hosts              says that www.google.com is here, where run-suite puts a page
    /suite/busybox          what runtest calls $bindir: the program and its .config
    /suite/testsuite/       the tests, unmodified
    /suite/run-suite        runs them

On Linux the very same folder is entered by chroot (lib/linux_root.py).
"""

import shutil
from pathlib import Path

from lib import linux_root
from ringfence import BUILD, erofs

SUITE = BUILD / "third-party" / "busybox-suite"
ZIP = BUILD / "third-party" / "zip" / "root"
FALSE = BUILD / "busybox" / "false"
RUN_SUITE = "/suite/run-suite"
TENANT = "red"


def build(folder):
    """Lays out the root in `folder`, which must be empty and on a disk that can hold 10 MiB."""
    folder.chmod(0o755)
    erofs.lay_out(folder, SUITE, [FALSE], [], [ZIP])
    (folder / "etc" / "hosts").write_text(f"127.0.0.1 localhost {TENANT} www.google.com\n")
    suite = folder / "suite"
    shutil.copytree(SUITE, suite, symlinks=True, ignore=shutil.ignore_patterns("applets", ".complete"))
    shutil.copy(Path(__file__).with_name("run-suite"), suite)


def cannot_enter_linux():
    """Why there is no comparison with Linux on this host; None if there is one."""
    return linux_root.cannot_enter(SUITE / "busybox")


def run_on_linux(folder, timeout):
    """The report of a run on the host, whose kernel must run i686 programs. `folder` is written to."""
    return linux_root.run(folder, TENANT, "/bin/sh", RUN_SUITE, timeout=timeout)
