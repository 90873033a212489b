# SPDX-License-Identifier: MIT
"""The templates that newcomers copy: they build, run, and crash well, under both fences."""

import hashlib
import json

from lib import cases
from ringfence import BUILD, bundle

DISK_BYTES = 1 << 20
LINES = "".join(f"{position:015d}\n" for position in range(0, DISK_BYTES, 16))

# Each read is of the whole disk, past the cache, while the driver crashes under it.
DRIVER = """
read_disk() { rfctl exec reader -- sh -c 'dd if=/dev/vda bs=4k iflag=direct 2>/dev/null | md5sum'; }
rfctl create reader image=base memory=4MiB disk.device=template0 disk.size=1MiB >/dev/null
rfctl exec reader -- head -n 2 /dev/vda
crashes=0
for kind in null wild-write port loop; do
    read_disk & reader=$!
    rfctl crash template0 $kind
    wait $reader
    crashes=$((crashes + 1))
    until [ $(rfctl log | grep -c 'template (template0) is back') = $crashes ]; do sleep 0.1; done
done
read_disk
rfctl exec reader -- sh -c 'dd if=/dev/zero of=/dev/vda bs=4k count=1 oflag=direct 2>&1' | grep -c error
rfctl drivers --json
"""
# The last is no crash: an error is doubted once, here that the disk is read-only, and a fresh copy asked again.
DRIVER_CAUSES = {
    "qemu": ("#PF", "#PF", "#GP", "time budget", "doubtful error"),
    "bochs": ("#PF", "#GP", "#GP", "time budget", "doubtful error"),
}

MANAGER = """
rfctl create small manager=template memory=1MiB >/dev/null
say() { rfctl exec small -- $1; echo "status $?"; }
state() { rfctl tenants | grep small | grep -q running; }
say hello
say crash
until state; do sleep 0.1; done
say again
say wild
until state; do sleep 0.1; done
say last
rfctl audit --json
"""


def entries():
    """No machine's bundle has the templates, so each boot brings them along."""
    kinds = {"drivers": bundle.DRIVER, "domains": bundle.MANAGER}
    return [
        bundle.Entry(kind, "template", (BUILD / "stripped" / folder / "template.elf").read_bytes())
        for folder, kind in kinds.items()
    ]


def json_at_the_end(text, bracket):
    start = text.index(f"\n{bracket}") + 1
    return text[:start].splitlines(), json.loads(text[start:])


@cases("qemu", long=("bochs",))
def test_driver(guest, emulator):
    is_qemu = emulator == "qemu"  # a busy host must not make the reader late
    output = guest.run(
        DRIVER, emulator=emulator, entries=entries(), timeout=150, icount=is_qemu, idle_is_real=is_qemu
    )
    said, drivers = json_at_the_end(output, "[")
    digest = f"{hashlib.md5(LINES.encode()).hexdigest()}  -"
    assert said == LINES.split("\n")[:2] + [digest] * 5 + ["1"], output
    (driver,) = [driver for driver in drivers if driver["device"] == "template0"]
    assert driver["state"] == "running" and driver["restarts"] == len(DRIVER_CAUSES[emulator]), driver
    crashes = [line for line in guest.boots[-1].log if "template (template0) crashed: ring 1: " in line]
    assert len(crashes) == len(DRIVER_CAUSES[emulator]), guest.boots[-1].explain()
    for line, cause in zip(crashes, DRIVER_CAUSES[emulator]):
        assert cause in line and "; 1 requests in flight" in line, line


@cases("qemu", "bochs")
def test_manager(guest, emulator):
    output = guest.run(MANAGER, emulator=emulator, entries=entries(), timeout=100)
    said, audit = json_at_the_end(output, "{")
    assert said == [
        "small hears: hello",
        "status 0",
        "small hears: crash",
        "status 137",  # as of a process that was killed
        "small hears: again",
        "status 0",
        "small hears: wild",
        "status 137",
        "small hears: last",
        "status 0",
    ], output
    assert audit["leaked"] == audit["foreign"] == 0, audit
    log = "\n".join(guest.boots[-1].log)
    assert log.count("small: template: ready, 256 frames") == 3, log
    assert "exception 14 at " in log and ", address 0" in log, log
    stopped = "#PF" if emulator == "qemu" else "#GP"
    assert any("ring 2: " + stopped in line and "small" in line for line in log.splitlines()), log
