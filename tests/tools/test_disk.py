# SPDX-License-Identifier: MIT
"""Seeded disks: the digest that tests expect is that of what was written."""

import hashlib
import tempfile
from pathlib import Path
from types import SimpleNamespace

from ringfence import disk

VOLUMES = {
    "red": {"device": "blk0", "offset": 8192, "size": (1 << 20) + 4096},
    "blue": {"device": "blk0", "offset": 4 << 20, "size": 1 << 20},
    "other": {"device": "blk1", "offset": 0, "size": 1 << 20},
}


def test_every_volume_has_its_digest_at_its_place():
    machine = SimpleNamespace(volumes=VOLUMES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "disk.img"
        disk.write(machine, "blk0", path)
        data = path.read_bytes()
    assert len(data) == disk.required_size(machine, "blk0") == 5 << 20
    assert not any(data[:8192])
    for name in ("red", "blue"):
        volume = VOLUMES[name]
        content = data[volume["offset"] : volume["offset"] + volume["size"]]
        assert hashlib.sha256(content).hexdigest() == disk.volume_digest(name, volume["size"])


def test_volumes_differ():
    assert disk.volume_digest("red", 4096) != disk.volume_digest("blue", 4096)
