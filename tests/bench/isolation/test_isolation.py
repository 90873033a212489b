# SPDX-License-Identifier: MIT
"""The isolation table: what a tenant does to itself, and what is done to drivers and managers, takes no more than
1 % from three tenants that behave, of their work or of the p99 of their requests.

Both runs of each row are the same but for the stress, and count instructions as time: a busy host changes
nothing. Linux beside it, on the same emulator, with control groups of the same limits."""

import json
import re
import shutil
import tempfile
from pathlib import Path

from bench.isolation import measure, peer, report
from bench.isolation.rows import GOAL, ROWS
from lib import cases
from lib.guest import Guest
from lib.once import once
from ringfence import BUILD

MACHINE = Path(__file__).with_name("machine.toml")
PROGRAMS = [BUILD / "isolation" / name for name in ("work", "stress")]
# A disk that answers at once: how fast the host's own is would be in the figures.
NULL_DISK = ["-blockdev", "null-co,node-name=null,size=134217728,read-zeroes=on"]
NULL_DISK += ["-device", "virtio-blk-pci,drive=null"]
START = 'start() { tenant=$1; shift; rfctl exec $tenant -- /work "$@" >/tmp/$tenant 2>&1; }'
AFTERWARDS = f"echo '{measure.BANNER}json'; rfctl tenants --json; rfctl drivers --json"
TIMEOUT = 590


def boot(guest, stress, disk):
    """The figures, and what tenants and drivers went through."""
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS:
            shutil.copy(program, folder)
        result = guest.boot(
            START + measure.script(stress, disk) + AFTERWARDS,
            machine=MACHINE,
            roots={tenant: folder for tenant in ("red", *measure.TENANTS)},
            icount=True,
            disks=(),
            qemu_args=NULL_DISK,
            timeout=TIMEOUT,
        )
    assert result.status == 0, result.explain()
    output, _, states = result.output.partition(f"{measure.BANNER}json\n")
    return measure.read(output), states, result


@once
def undisturbed(disk):
    return boot(Guest(), None, disk)[0]


@once
def undisturbed_linux(disk):
    return measure.read(peer.boot(measure.script(None, disk), disk))


def tenant(states, name):
    tenants, _ = json.JSONDecoder().raw_decode(states)
    return next(each for each in tenants if each["name"] == name)


def assert_stressed(key, states, result):
    """The stress was there: red was at work or kept dying, the driver crashed; the three lived on."""
    red = tenant(states, "red")
    if key.startswith("driver"):
        crashes = sum(" crashed: " in line for line in result.log)
        assert crashes > 10, f"the driver crashed {crashes} times"
    elif key == "manager":
        assert red["restarts"] > 5, f"red died {red['restarts']} times"
    else:
        assert red["cpu"]["used"] > 3e8, f"red was hardly at work: {states}"
    assert all(tenant(states, name)["restarts"] == 0 for name in measure.TENANTS), states


@cases(*ROWS)
def test_ringfence(guest, key):
    row = ROWS[key]
    idle = undisturbed(row.disk)
    active, states, result = boot(guest, row.ringfence, row.disk)
    report.add("ringfence", key, idle, active)
    assert_stressed(key, states, result)
    lost = measure.compare(idle, active)
    assert lost.work <= GOAL, f"{lost}: {idle}, {active}"
    assert row.p99_is_outage or lost.p99 <= GOAL, f"{lost}: {idle}, {active}"


@cases(*(key for key, row in ROWS.items() if row.linux))
def test_linux(key):
    """Nothing is asked of Linux but that it finishes."""
    row = ROWS[key]
    idle = undisturbed_linux(row.disk)
    active = measure.read(peer.boot(measure.script(row.linux, row.disk), row.disk))
    report.add("linux", key, idle, active)
