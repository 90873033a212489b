# SPDX-License-Identifier: MIT
"""Volumes that are partitions: found by their names, and a table that is damaged, or lies."""

import struct
import tempfile
import zlib
from pathlib import Path

from lib import cases
from ringfence import disk, partition

MACHINE = Path(__file__).parent / "machines" / "partitions.toml"
VOLUMES = [("red", 2 << 20), ("blue", 3 << 20)]
HEADER = 512
ENTRIES = 1024
FIRST, LAST = 32, 40  # of an entry


def copy(folder, volumes=VOLUMES):
    path = Path(folder) / "disk.img"
    disk.write_partitioned(volumes, path)
    return path


def spoil(path, place=HEADER):
    """One byte of a table, and of the one at the end."""
    raw = bytearray(path.read_bytes())
    raw[place + 40] ^= 1
    raw[len(raw) - 512 + 40] ^= 1
    path.write_bytes(raw)


def change_entry(path, number, field, value):
    """A table that is whole and says something else."""
    raw = bytearray(path.read_bytes())
    for header in (HEADER, len(raw) - 512):
        table = struct.unpack_from("<Q", raw, header + 72)[0] * 512
        struct.pack_into("<Q", raw, table + number * 128 + field, value)
        struct.pack_into("<I", raw, header + 88, zlib.crc32(raw[table : table + 128 * 128]))
        struct.pack_into("<I", raw, header + 16, 0)
        struct.pack_into("<I", raw, header + 16, zlib.crc32(raw[header : header + 92]))
    path.write_bytes(raw)


@cases("qemu", long=("bochs",))
def test_tenants_have_their_partitions(guest, emulator):
    commands = [f"rfctl exec {name} -- sha256sum /dev/vda" for name, _ in VOLUMES]
    output = guest.run(*commands, emulator=emulator, machine=MACHINE)
    assert output.split()[::2] == [disk.volume_digest(name, size) for name, size in VOLUMES], output


def test_the_order_on_the_disk_does_not_matter(guest):
    with tempfile.TemporaryDirectory() as folder:
        path = copy(folder, [("other", 1 << 20), ("blue", 3 << 20), ("red", 2 << 20)])
        output = guest.run("rfctl exec red -- sha256sum /dev/vda", machine=MACHINE, disks=[str(path)])
    assert output.split()[0] == disk.volume_digest("red", 2 << 20), output


def test_the_second_table_stands_in_for_the_first(guest):
    with tempfile.TemporaryDirectory() as folder:
        path = copy(folder)
        raw = bytearray(path.read_bytes())
        raw[HEADER + 40] ^= 1
        path.write_bytes(raw)
        output = guest.run("rfctl exec red -- sha256sum /dev/vda", machine=MACHINE, disks=[str(path)])
    assert output.split()[0] == disk.volume_digest("red", 2 << 20), output


DAMAGE = {
    "both headers": (spoil, "a header whose checksum is wrong"),
    "past the end": (lambda path: change_entry(path, 0, LAST, 1 << 40), "outside of the disk's usable part"),
    "backwards": (lambda path: change_entry(path, 0, FIRST, 1 << 14), "outside of the disk's usable part"),
    "overlap": (lambda path: change_entry(path, 0, LAST, 6144), "partitions that overlap"),
    "another name": (lambda path: change_entry(path, 0, 56, 0x41), "no partition is named red"),
    "nothing": (lambda path: path.write_bytes(bytes(8 << 20)), "no partition table"),
}


@cases(*DAMAGE)
def test_damaged_tables(guest, kind):
    damage, words = DAMAGE[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = copy(folder)
        damage(path)
        result = guest.boot("rfctl tenants", machine=MACHINE, disks=[str(path)])
    refusals = [line for line in result.errors.splitlines() + result.log if "tenant red refused" in line]
    assert refusals and words in refusals[0], f"{refusals}\n{result.explain()}"
    assert result.status == 0, result.explain()


@cases("qemu", long=("bochs",))
def test_a_tenant_sees_what_its_disk_did(guest, emulator):
    """/proc/diskstats: nothing at first; then what was read and written, in sectors, and that nothing is in flight."""
    show = "rfctl exec red -- cat /proc/diskstats"
    use = "dd if=/dev/vda of=/dev/null bs=64k count=10; head -c 8192 /dev/zero | dd of=/dev/vda bs=4k; sync"
    result = guest.boot(show, f"rfctl exec red -- sh -c '{use}' 2>/dev/null", show, "rfctl exec red -- cat /proc/partitions", emulator=emulator)
    assert result.statuses == [0] * 4, result.explain()
    before, after, *_, last = (line.split() for line in result.output.splitlines() if "vda" in line)
    assert before[:3] == ["254", "0", "vda"] and set(before[3:]) == {"0"} and len(before) == 20, before
    reads, sectors_read, writes, sectors_written, in_flight, flushes = (int(after[n]) for n in (3, 5, 7, 9, 11, 18))
    assert 0 < reads <= 160 and 1280 <= sectors_read < 2600, after
    assert 0 < writes <= 2 and sectors_written == 16 and in_flight == 0 and flushes == 1, after
    assert int(after[12]) <= int(after[13]) and int(after[6]) > 0, after
    assert last[:2] == ["254", "0"] and last[3] == "vda", last
