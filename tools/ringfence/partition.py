# SPDX-License-Identifier: MIT
"""GUID partition tables (UEFI 2.10, 5.3): written for disks of ours, read of any."""

import hashlib
import struct
import uuid
import zlib
from dataclasses import dataclass

SECTOR = 512
ALIGNMENT = 1 << 20
ENTRIES, ENTRY_BYTES = 128, 128
TABLE_SECTORS = ENTRIES * ENTRY_BYTES // SECTOR
LINUX_DATA = uuid.UUID("0FC63DAF-8483-4772-8E79-3D69D8477DE4")
HEADER = struct.Struct("<8sIIIIQQQQ16sQIII")
ENTRY = struct.Struct("<16s16sQQQ72s")


class PartitionError(Exception):
    """What is wrong with a table."""


@dataclass(frozen=True)
class Partition:
    name: str
    offset: int  # bytes
    size: int


def lay_out(volumes):
    """Partitions for (name, size) one after the other, and the bytes of a disk that holds them and both tables."""
    placed, offset = [], ALIGNMENT
    for name, size in volumes:
        placed.append(Partition(name, offset, size))
        offset += -(-size // ALIGNMENT) * ALIGNMENT
    return placed, offset + ALIGNMENT


def _identity(text):
    """The same for the same text, so that a disk's bytes follow from its volumes."""
    return uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4).bytes_le


def _entries(partitions):
    table = b"".join(
        ENTRY.pack(
            LINUX_DATA.bytes_le,
            _identity(f"partition {one.name}"),
            one.offset // SECTOR,
            (one.offset + one.size) // SECTOR - 1,
            0,
            one.name.encode("utf-16-le"),
        )
        for one in partitions
    )
    return table.ljust(ENTRIES * ENTRY_BYTES, b"\0")


def _header(own, other, entries_at, sectors, table, identity):
    def pack(checksum):
        first, last = 2 + TABLE_SECTORS, sectors - 2 - TABLE_SECTORS
        return HEADER.pack(
            b"EFI PART", 0x10000, HEADER.size, checksum, 0, own, other, first, last, identity, entries_at,
            ENTRIES, ENTRY_BYTES, zlib.crc32(table),
        )

    return pack(zlib.crc32(pack(0))).ljust(SECTOR, b"\0")


def _protective(sectors):
    """A master boot record that says that all of the disk is taken."""
    entry = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xEE, b"\xff\xff\xff", 1, min(sectors - 1, 0xFFFFFFFF))
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


def write(disk, size, partitions):
    """Both tables, into the open file `disk` of `size` bytes."""
    sectors, table = size // SECTOR, _entries(partitions)
    identity = _identity("disk " + " ".join(one.name for one in partitions))
    backup = sectors - 1 - TABLE_SECTORS
    for sector, content in (
        (0, _protective(sectors)),
        (1, _header(1, sectors - 1, 2, sectors, table, identity)),
        (2, table),
        (backup, table),
        (sectors - 1, _header(sectors - 1, 1, backup, sectors, table, identity)),
    ):
        disk.seek(sector * SECTOR)
        disk.write(content)


def _read_at(disk, sector, sectors):
    disk.seek(sector * SECTOR)
    raw = disk.read(SECTOR)
    if len(raw) < SECTOR or raw[:8] != b"EFI PART":
        raise PartitionError("no partition table")
    fields = HEADER.unpack_from(raw)
    length, checksum, own, entries_at, count, entry_bytes, table_sum = *fields[2:4], fields[5], *fields[10:14]
    if not HEADER.size <= length <= SECTOR or zlib.crc32(raw[:16] + bytes(4) + raw[20:length]) != checksum or own != sector:
        raise PartitionError("a damaged header")
    if not 1 <= count <= 256 or entry_bytes not in (128, 256, 512, 1024, 2048, 4096) or entries_at >= sectors:
        raise PartitionError("entries of impossible number or size")
    disk.seek(entries_at * SECTOR)
    table = disk.read(count * entry_bytes)
    if zlib.crc32(table) != table_sum:
        raise PartitionError("damaged entries")
    return [table[n * entry_bytes :][: ENTRY.size] for n in range(count)]


def read(path):
    """The partitions of the disk at `path`, in the table's order; the table at its end if the first is damaged."""
    with open(path, "rb") as disk:
        sectors = disk.seek(0, 2) // SECTOR
        try:
            entries = _read_at(disk, 1, sectors)
        except PartitionError:
            entries = _read_at(disk, max(sectors - 1, 1), sectors)
    found = []
    for raw in entries:
        kind, _, first, last, _, name = ENTRY.unpack(raw)
        if kind != bytes(16):
            text = name.decode("utf-16-le", "replace").partition("\0")[0]
            found.append(Partition(text, first * SECTOR, (last - first + 1) * SECTOR))
    return found
