# SPDX-License-Identifier: MIT
"""Disks with known content: every volume is filled from its own name, so that a test can compute on
the host what the guest must read.
"""

import hashlib
import os
import threading

from . import BUILD, partition

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


def _placed(machine, device):
    """The volumes on `device` that the description says the place of, as partitions are described."""
    return [
        partition.Partition(name, volume["offset"], volume["size"])
        for name, volume in machine.volumes.items()
        if volume["device"] == device and "offset" in volume
    ]


def _named(machine, device):
    """Name and size of those that lie where the partition table says."""
    named = [(n, v) for n, v in machine.volumes.items() if v["device"] == device and "offset" not in v]
    for name, volume in named:
        if "size" not in volume:
            raise partition.PartitionError(f"volume.{name} has no size: it lies on a disk that --disk names")
    return [(name, volume["size"]) for name, volume in named]


def required_size(machine, device):
    """Bytes that a disk must have to hold the volumes on `device` whose places are said."""
    return max((one.offset + one.size for one in _placed(machine, device)), default=0)


def write_partitioned(volumes, path):
    """Creates the disk at `path` with a partition for each (name, size), filled from its name."""
    partitions, size = partition.lay_out(volumes)
    _write(path, partitions, size, lambda disk: partition.write(disk, size, partitions))


def write(machine, device, path):
    """Creates the disk at `path` with every volume of `device`; the gaps read as zero."""
    if volumes := _named(machine, device):
        write_partitioned(volumes, path)
    else:
        size = max(required_size(machine, device), CHUNK)
        _write(path, _placed(machine, device), size, lambda disk: None)


def _write(path, partitions, size, write_table):
    unfinished = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    with open(unfinished, "wb") as disk:
        for one in partitions:
            disk.seek(one.offset)
            for chunk in volume_chunks(one.name, one.size):
                disk.write(chunk)
        disk.truncate(size)
        write_table(disk)
    unfinished.rename(path)


def seeded(machine, device="blk0"):
    """The path of the machine's seeded disk for `device`, made if it does not exist yet."""
    volumes = [(name, v) for name, v in machine.volumes.items() if v["device"] == device]
    layout = sorted((name, v.get("offset", "partition"), v.get("size")) for name, v in volumes)
    key = hashlib.sha256(repr(layout).encode()).hexdigest()[:12]
    path = BUILD / "disks" / f"{key}.img"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(machine, device, path)
    return path
