# SPDX-License-Identifier: MIT
"""Disks of `rf disk create`: read back, damaged, and read by sgdisk where that is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from lib import Skip
from ringfence import disk, partition

VOLUMES = [("red", 2 << 20), ("blue", 3 << 20)]


def made(folder):
    path = Path(folder) / "disk.img"
    disk.write_partitioned(VOLUMES, path)
    return path


def damage(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset, 0 if offset >= 0 else 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def refusal(path):
    try:
        partition.read(path)
    except partition.PartitionError as error:
        return str(error)
    return None


def test_what_is_written_is_read():
    with tempfile.TemporaryDirectory() as folder:
        found = partition.read(made(folder))
    assert [(one.name, one.size) for one in found] == VOLUMES
    assert all(one.offset % partition.ALIGNMENT == 0 for one in found)


def test_the_content_is_the_volumes():
    with tempfile.TemporaryDirectory() as folder:
        path = made(folder)
        raw, (red, _) = path.read_bytes(), partition.read(path)
    assert raw[red.offset : red.offset + red.size] == b"".join(disk.volume_chunks("red", red.size))


def test_the_second_table_stands_in_for_the_first():
    with tempfile.TemporaryDirectory() as folder:
        path = made(folder)
        damage(path, 512 + 40)
        assert [one.name for one in partition.read(path)] == ["red", "blue"]
        damage(path, -512 + 40)
        assert refusal(path) == "a damaged header"


def test_what_is_no_table_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for content in (b"", b"x" * 100, bytes(4096)):
            path.write_bytes(content)
            assert refusal(path) == "no partition table", content


def test_sgdisk_reads_it():
    if shutil.which("sgdisk") is None:
        raise Skip("sgdisk is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = made(folder)
        verified = subprocess.run(["sgdisk", "-v", path], capture_output=True, text=True, check=True).stdout
        listed = subprocess.run(["sgdisk", "-p", path], capture_output=True, text=True, check=True).stdout
    assert "No problems found" in verified, verified
    assert all(name in listed for name, _ in VOLUMES), listed
