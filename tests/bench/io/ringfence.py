# SPDX-License-Identifier: MIT
"""Ringfence's side: the machine, its tenants, and the two functions of measure.py's script."""

import tempfile
from pathlib import Path

from bench.io import measure
from bench.io.disks import SIZE
from lib.image import image
from ringfence import BUILD

LOAD = BUILD / "bench" / "load"
# What reads and writes and knows every byte, of the fault campaign, and touch.
PROGRAMS = [LOAD, BUILD / "faults" / "workload", BUILD / "third-party" / "busybox" / "busybox"]
TIMEOUT = 590
HALF = SIZE // 2 >> 20
MACHINE = """
[machine]
memory = "192MiB"
[operator]
image = "operator"
memory = "24MiB"
cpu = {{ reservation = 10, weight = 100, cap = 100 }}
{device}
"""
# A little more than it does cost: what the disk has over is the credit of whoever has a reservation.
DEVICE = """
[device.blk0]
read = "{cost}ns"
latency = "{cost}ns"
"""
COST_MARGIN = 1.01

CREATE = f"""
for tenant in victim antagonist; do
    rfctl create $tenant image=load memory=16MiB cpu.reservation=40 disk.device=blk0 disk.size={HALF}MiB \\
        disk.offset=$((${{place:=0}} * {HALF}))MiB >/dev/null || exit 1
    place=1
done
load() {{ tenant=$1; shift; [ $tenant = victim ] && seed=1 || seed=2; rfctl exec $tenant -- /load /dev/vda "$@" 0 100 $seed; }}
"""
# The reservation leaves a little of the disk to be shared.
CONTROL = """
control() {{
    [ $1 = none ] && reservation=0 || reservation=$(($2 == 0 ? {most} : $2 * 11 / 10))
    rfctl set victim disk.reservation=$reservation
}}
"""
RESERVED_MOST = 0.99


def run(guest, disk, script, device="", timeout=TIMEOUT):
    """What `script` said on a machine with this disk, or with the seeded one (None); `device` describes what it costs."""
    with tempfile.TemporaryDirectory() as folder:
        machine = Path(folder) / "machine.toml"
        machine.write_text(MACHINE.format(device=device))
        arguments = {"disks": (), "qemu_args": disk.qemu} if disk else {}
        result = guest.boot(script, machine=machine, entries=[image("load", *PROGRAMS)], timeout=timeout, **arguments)
    assert result.status == 0, result.explain()
    return result.output


def described(capacity):
    """A disk that does so many requests a second, whatever their size."""
    return DEVICE.format(cost=int(1e9 * COST_MARGIN / capacity))


def capacity(guest, disk):
    """Requests a second that the disk does for an antagonist alone."""
    loads = measure.read(run(guest, disk, CREATE + measure.part(measure.ANTAGONIST_ALONE, 0, "none", "r")))
    return loads[("antagonist", 0, "none", "r")][0].steady


def isolation(guest, disk, of_disk):
    """The loads of measure.py's script."""
    control = CONTROL.format(most=int(of_disk / COST_MARGIN * RESERVED_MOST))
    return measure.read(run(guest, disk, CREATE + control + measure.script(["none", "reservation"]), described(of_disk)))
