# SPDX-License-Identifier: MIT
"""Reservations and weights at a disk that is busy: red and blue have four readers each, and never enough.

The disk is drivers/template: 1 ms a request and 7 ms a MiB, of guest time, one request at a time. Under Bochs the
driver takes twice as long, and the tenants need a CPU each to keep it busy.
"""

import json
from pathlib import Path

from lib import cases
from lib.image import image
from ringfence import BUILD, bundle

MACHINE = Path(__file__).parent / "machines" / "slow_disk.toml"
SLOW_DISK = bundle.Entry(bundle.DRIVER, "template", (BUILD / "stripped/drivers/template.elf").read_bytes())
SAMPLE = "echo @@; rfctl stats --json; echo @@; rfctl tenants --json; echo @@"
SECONDS = 2
CPUS = {"qemu": 1, "bochs": 2}
BUSY = {"qemu": 900, "bochs": 400}  # reads of 4 KiB a second, at least, that a disk does which never rests
READERS = 4
READERS_IN = "for n in $(seq {}); do rfctl exec {} -- /work 1 1000 1 $n /dev/vda >/dev/null 2>&1 </dev/null & done"


def create(tenant, place, settings):
    return (
        f"rfctl create {tenant} image=work memory=16MiB cpu.reservation=20 cpu.cap=100 disk.device=template0"
        f" disk.size=256KiB disk.offset={place * 256}KiB {settings}"
    )


def boot(guest, commands, emulator="qemu"):
    return guest.boot(
        *commands,
        emulator=emulator,
        cpus=CPUS[emulator],
        machine=MACHINE,
        entries=[image("work", BUILD / "isolation" / "work"), SLOW_DISK],
        icount=emulator == "qemu",
        timeout=280,
    )


def served(guest, emulator, red, blue, readers_in_red=READERS):
    """Reads of 4 KiB a second, of red and of blue."""
    commands = [create("red", 0, red), create("blue", 1, blue)]
    commands += [READERS_IN.format(readers_in_red, "red"), READERS_IN.format(READERS, "blue"), "sleep 1"]
    result = boot(guest, commands + [SAMPLE, f"sleep {SECONDS}", SAMPLE], emulator)
    assert result.statuses[:2] == [0, 0], result.explain()
    parts = [json.loads(part) for part in result.output.split("@@\n") if part.strip().startswith(("[", "{"))]
    assert len(parts) == 4, result.explain()
    span = (parts[2]["nanoseconds"] - parts[0]["nanoseconds"]) / 1e9
    rates = [
        sum(sign * tenant["disks"][0]["reads"] for sign, part in ((-1, parts[1]), (1, parts[3]))
            for tenant in part if tenant["name"] == name) / span
        for name in ("red", "blue")
    ]
    assert sum(rates) > BUSY[emulator], f"{rates} reads a second do not keep the disk busy"
    return rates


@cases("qemu", long=("bochs",))
def test_weights_share_a_disk(guest, emulator):
    red, blue = served(guest, emulator, "disk.weight=300", "disk.weight=100")
    assert 0.95 < red / blue / 3 < 1.05, f"red got {red:.1f} requests a second, blue {blue:.1f}"


@cases(*CPUS)
def test_a_reservation_is_met(guest, emulator):
    red, blue = served(guest, emulator, "disk.reservation=300 disk.weight=1", "disk.weight=10000")
    assert red > 0.98 * 300, f"red got {red:.1f} requests a second, blue {blue:.1f}"


# One reader alone, which has no request out while it thinks: turn by turn with others it would get half of the disk.
ONE_READERS = {"qemu": 700, "bochs": 300}


@cases("qemu", long=("bochs",))
def test_one_reader_keeps_more_than_every_second_turn(guest, emulator):
    most = ONE_READERS[emulator]
    red, blue = served(guest, emulator, f"disk.reservation={most} disk.weight=1", "disk.weight=10000", readers_in_red=1)
    assert red > 0.98 * most and red > 1.2 * blue, f"red got {red:.1f} requests a second, blue {blue:.1f}"


@cases("qemu", long=("bochs",))
def test_one_reader_without_a_reservation_gets_little(guest, emulator):
    red, blue = served(guest, emulator, "disk.weight=1", "disk.weight=10000", readers_in_red=1)
    assert red < 0.01 * blue, f"the test of one reader would show nothing: {red:.1f} beside {blue:.1f}"


@cases("qemu", long=("bochs",))
def test_without_a_reservation_a_small_weight_gets_little(guest, emulator):
    red, blue = served(guest, emulator, "disk.weight=1", "disk.weight=10000")
    assert red < 0.01 * blue, f"the test of reservations would show nothing: {red:.1f} beside {blue:.1f}"


def test_io_shows_each_second(guest):
    commands = [create("red", 0, "disk.iops=50 disk.burst=0"), create("blue", 1, "")]
    commands += [READERS_IN.format(READERS, "red"), READERS_IN.format(1, "blue"), "sleep 1"]
    result = boot(guest, commands + ["rfctl io 2", "echo @@", "rfctl io 2 --json", "rfctl io 0 2>&1"])
    assert result.statuses[5:] == [0, 0, 0, 1], result.explain()
    people, _, programs = result.output.partition("@@\n")
    lines = [line for line in people.splitlines() if " vda " in line]
    assert [line.split()[0] for line in lines] == ["red", "blue"] * 2, people
    assert all(line.endswith("#" * 30) for line in lines[1::2]), people
    told = [json.loads(line) for line in programs.splitlines() if line.startswith("{")]
    told = [line for line in told if line["tenant"] != "operator"]  # who has the boot disk whole
    red, blue = told[0], told[1]
    assert len(told) == 4 and red["tenant"] == "red" and blue["disk"] == "vda", programs
    assert 45 < red["requests"] < 52 and red["held"] > 0.9, red
    assert blue["requests"] > 500 and blue["held"] == 0 and blue["p99_below"] < 8e6, blue
    assert blue["p50_below"] <= blue["p99_below"] <= blue["p99.9_below"] <= blue["most_below"], blue
    assert "'0' is no number of seconds" in programs, programs


def test_more_than_the_disk_does_is_refused(guest):
    commands = [
        create("red", 0, "disk.reservation=600"),
        create("blue", 1, "disk.reservation=400"),
        create("green", 2, ""),
        "rfctl set green disk.reservation=374",
        "rfctl set green disk.reservation=373",
        create("amber", 3, "disk.reservation=1"),
        "rfctl set red disk.iops=500",
        create("amber", 3, "disk.weight=0"),
    ]
    result = boot(guest, [f"{command} 2>&1" for command in commands])
    assert result.statuses == [0, 1, 0, 1, 0, 1, 1, 1], result.explain()
    for reason in (
        "blue asks for 400 reads a second of template0, which does 973; 600 are reserved",
        "green asks for 374 reads a second of template0, which does 973; 600 are reserved",
        "red: reservation 600 at vda is above its limit 500",
        "amber asks for 1 reads a second of template0, which does 973; 973 are reserved",
    ):
        assert reason in result.output, f"{reason!r} is not in\n{result.output}"
