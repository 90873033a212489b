# SPDX-License-Identifier: MIT
"""Boot bundles: all that the guest gets besides its kernel, in one file that GRUB or QEMU loads.

    0      header      magic "RFBNDL1\\0", entry count, total size
    16     entries     kind, offset, size, reserved, name[48]
    4096·n payloads    each on a page of its own, padded with zeros

Payloads are page-aligned so that the core can map an image's pages where the loader put them.
"""

import struct
from dataclasses import dataclass

MAGIC = b"RFBNDL1\0"
HEADER = struct.Struct("<8sII")
ENTRY = struct.Struct("<IIII48s")
PAGE_SIZE = 4096

DRIVER, MANAGER, IMAGE, FILE = 1, 2, 3, 4
KIND_NAMES = {DRIVER: "driver", MANAGER: "manager", IMAGE: "image", FILE: "file"}


class BundleError(Exception):
    pass


@dataclass(frozen=True)
class Entry:
    kind: int
    name: str
    payload: bytes


def _padded(size):
    return -(-size // PAGE_SIZE) * PAGE_SIZE


def _encoded_name(name):
    encoded = name.encode()
    if not encoded or len(encoded) >= 48:
        raise BundleError(f"entry name {name!r} must have 1 to 47 bytes")
    return encoded


def pack(entries):
    """The bundle's bytes. The order of the entries is kept: it numbers the drivers."""
    offset = _padded(HEADER.size + ENTRY.size * len(entries))
    table, payloads = b"", []
    for entry in entries:
        size = len(entry.payload)
        table += ENTRY.pack(entry.kind, offset, size, 0, _encoded_name(entry.name))
        payloads.append(entry.payload.ljust(_padded(size), b"\0"))
        offset += _padded(size)
    front = HEADER.pack(MAGIC, len(entries), offset) + table
    return front.ljust(_padded(len(front)), b"\0") + b"".join(payloads)


def unpack(data):
    """The entries of a bundle; BundleError if it is not one or is cut short."""
    if len(data) < HEADER.size:
        raise BundleError("shorter than a bundle's header")
    magic, count, total = HEADER.unpack_from(data)
    if magic != MAGIC:
        raise BundleError("not a bundle: wrong magic")
    if total != len(data) or HEADER.size + count * ENTRY.size > total:
        raise BundleError(f"cut short: says {total} bytes and {count} entries, has {len(data)} bytes")
    return [_unpack_entry(data, index) for index in range(count)]


def _unpack_entry(data, index):
    kind, offset, size, _, name = ENTRY.unpack_from(data, HEADER.size + index * ENTRY.size)
    if kind not in KIND_NAMES or offset % PAGE_SIZE or offset + size > len(data):
        raise BundleError(f"entry {index} is out of range")
    return Entry(kind, name.rstrip(b"\0").decode(), data[offset : offset + size])
