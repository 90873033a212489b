# SPDX-License-Identifier: MIT
"""Two disks on one interrupt line: by message neither hears of the other's; without messages both do."""

import json

from lib import cases

# 32 slots of QEMU's PC have four lines among them: these two have the same one.
PLACES = (0x8, 0xC)
READS = 50
LOOK = "rfctl drivers --json"
# `vectors=0`: a function without MSI-X, as old cards are.
HEARD = {"message": "", "line": ",vectors=0"}


# A disk that answers before its driver waits need not interrupt: this one answers later, but on a busy host not always.
LATENCY = 2_000_000  # nanoseconds
SPARE = 10


def disk(number, place, option):
    words = f"driver=null-co,node-name=null{number},size=1048576,read-zeroes=on,latency-ns={LATENCY}"
    return ["-blockdev", words, "-device", f"virtio-blk-pci,drive=null{number},addr={place:#x}{option}"]


def interrupts(text):
    """Of the disks by name."""
    return {driver["device"]: driver["interrupts"] for driver in json.loads(text) if driver["driver"] == "virtio_blk"}


@cases(*HEARD)
def test_two_disks_on_a_line(guest, kind):
    arguments = [word for number, place in enumerate(PLACES) for word in disk(number, place, HEARD[kind])]
    reads = f"for n in $(seq {READS + SPARE}); do dd if=/dev/blk0 of=/dev/null bs=4k count=1 iflag=direct skip=$n 2>/dev/null; done"
    result = guest.boot(LOOK, "echo @@", reads, "echo @@", LOOK, disks=(), qemu_args=arguments)
    assert result.statuses == [0] * 5, result.explain()
    before, _, after = result.output.split("@@\n")
    before, after = interrupts(before), interrupts(after)
    heard = {name: after[name] - before[name] for name in after}
    assert sorted(heard) == ["blk0", "blk1"] and heard["blk0"] >= READS, heard
    assert (heard["blk1"] < 2) if kind == "message" else (heard["blk1"] >= READS), heard
    by_message = [line for line in result.log if "virtio_blk: slot" in line and "by message" in line]
    assert len(by_message) == (2 if kind == "message" else 0), result.explain()
