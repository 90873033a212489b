# SPDX-License-Identifier: MIT
"""Linux's side: control groups with io.cost or io.max, and the same script."""

from pathlib import Path

from bench.io import measure
from bench.io.ringfence import LOAD
from bench.linux.peer import Peer

TIMEOUT = 1000  # five minutes of it are spent waiting: linux-init
INIT = Path(__file__).with_name("linux-init")


def isolation(disk, capacity):
    """The loads of measure.py's script; io.cost knows what the disk can do."""
    peer = Peer(INIT, [LOAD], disk.qemu, disk.linux_modules, timeout=TIMEOUT)
    return measure.read(peer.boot(f"capacity={int(capacity)}\n" + measure.script(["none", "io.cost", "io.max"])))
