# SPDX-License-Identifier: MIT
"""Disks with known content: every volume is filled from its own name, so that a test can compute on
the host what the guest must read.
"""

import hashlib
import os
import threading

from . import BUILD

CHUNK = 1 << 20


def volume_chunks(name, size):
    """The content of volume `name`, in pieces."""
    for index in range(-(-size // CHUNK)):
        length = min(CHUNK, size - index * CHUNK)
        yield hashlib.shake_128(f"ringfence volume {name} {index}".encode()).digest(length)


def volume_digest(name, size):
    """The SHA-256 that `sha256sum /dev/vda` must print for a fresh volume."""
    digest = hashlib.sha256()
    for chunk in volume_chunks(name, size):
        digest.update(chunk)
    return digest.hexdigest()


def required_size(machine, device):
    """Bytes that a disk must have to hold the machine's volumes on `device`."""
    volumes = [v for v in machine.volumes.values() if v["device"] == device]
    return max((v["offset"] + v["size"] for v in volumes), default=0)


def write(machine, device, path):
    """Creates the disk at `path` with every volume of `device`; the gaps read as zero."""
    unfinished = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    with open(unfinished, "wb") as disk:
        for name, volume in machine.volumes.items():
            if volume["device"] == device:
                disk.seek(volume["offset"])
                for chunk in volume_chunks(name, volume["size"]):
                    disk.write(chunk)
        disk.truncate(max(required_size(machine, device), CHUNK))
    unfinished.rename(path)


def seeded(machine, device="blk0"):
    """The path of the machine's seeded disk for `device`, made if it does not exist yet."""
    volumes = [(name, v) for name, v in machine.volumes.items() if v["device"] == device]
    layout = sorted((name, v["offset"], v["size"]) for name, v in volumes)
    key = hashlib.sha256(repr(layout).encode()).hexdigest()[:12]
    path = BUILD / "disks" / f"{key}.img"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(machine, device, path)
    return path
