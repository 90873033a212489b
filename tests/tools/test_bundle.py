# SPDX-License-Identifier: MIT
"""Boot bundles: what is packed comes back, on page boundaries, and damage is noticed."""

from ringfence.bundle import DRIVER, FILE, IMAGE, BundleError, Entry, pack, unpack

ENTRIES = [
    Entry(DRIVER, "ata", b"\x7fELF" + b"d" * 5000),
    Entry(IMAGE, "root:red", b"i" * 4096),
    Entry(FILE, "machine.json", b"{}"),
    Entry(FILE, "empty", b""),
]


def refused(data):
    try:
        unpack(data)
    except BundleError:
        return True
    return False


def test_round_trip():
    assert unpack(pack(ENTRIES)) == ENTRIES


def test_many_entries_need_a_longer_table():
    entries = [Entry(FILE, f"file{index}", bytes([index])) for index in range(200)]
    assert unpack(pack(entries)) == entries


def test_payloads_start_on_pages_and_padding_is_zero():
    data = pack(ENTRIES)
    assert len(data) % 4096 == 0
    assert data[4096 : 4096 + 5004] == ENTRIES[0].payload
    assert not any(data[4096 + 5004 : 3 * 4096])


def test_damage_is_refused():
    data = pack(ENTRIES)
    assert refused(b"")
    assert refused(b"X" + data[1:])
    assert refused(data[:-1])
    assert refused(data[: len(data) // 2])
    assert refused(data[:16] + b"\x09" + data[17:])
    assert refused(data[:20] + b"\x01" + data[21:])


def test_names_must_fit():
    for name in ("", "n" * 48):
        try:
            pack([Entry(FILE, name, b"")])
        except BundleError:
            continue
        raise AssertionError(f"accepted {name!r}")
