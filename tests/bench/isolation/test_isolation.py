# SPDX-License-Identifier: MIT
"""The isolation table: what a tenant does to itself, and what is done to drivers and managers, takes no more than
1 % from three tenants that behave, of their work or of the p99 of their requests.

Both runs of each row are the same but for the stress, and count instructions as time: a busy host changes
nothing. Linux beside it, on the same emulator, with control groups of the same limits."""

import json
from pathlib import Path

from bench.isolation import measure, report
from bench.isolation.rows import ROWS
from bench.linux.peer import COUNTED, Peer
from lib import cases
from lib.guest import Guest
from lib.image import image
from lib.once import once
from ringfence import BUILD, bundle

MACHINE = Path(__file__).with_name("machine.toml")
PROGRAMS = [BUILD / "isolation" / name for name in ("work", "stress")]
# A disk that answers at once: how fast the host's own is would be in the figures.
NULL_DISK = ["-blockdev", "null-co,node-name=null,size=134217728,read-zeroes=on"]
NULL_DISK += ["-device", "virtio-blk-pci,drive=null"]
# For users of a disk one without hardware, which takes 1 ms a request, in guest time, and one at a time.
SLOW_DISK = bundle.Entry(bundle.DRIVER, "template", (BUILD / "stripped/drivers/template.elf").read_bytes())

# Four tenants alike; with the operator's tenth, a tenth of the CPU is left for what nobody pays for.
CREATE = """
device={device}; place=0
for tenant in {tenants}; do
    rfctl create $tenant image=isolation memory=16MiB cpu.reservation={cpu} cpu.weight=100 cpu.cap={cpu} \\
        disk.device=$device disk.size={kib}KiB disk.offset=$((place * {kib}))KiB \\
        disk.iops={iops} disk.reservation={reservation} disk.bandwidth=64MiB {network} >/dev/null || exit 1
    place=$((place + 1))
done
{allow}
place() {{ {place}; }}
start() {{ tenant=$1; shift; rfctl exec $tenant -- /work "$@" >/tmp/$tenant 2>&1; }}
"""
FAST = {"device": "blk0", "kib": 16384, "iops": 2000, "reservation": 0}
# It does 1,000 requests of 4 KiB a second, or 700 of 64 KiB: four tenants at their limits fit.
SLOW = {"device": "template0", "kib": 256, "iops": 150, "reservation": 150}
# Who may talk to whom, who asks whom, and who floods red; each may send and receive so much.
NETWORK = {
    "tenants": "red blue green amber violet", "cpu": 17,
    "network": "network.address=10.0.2.2$place/24 network.gateway=10.0.2.2 network.send-packets=4000 network.receive-packets=4000",
    "allow": "rfctl allow blue green; rfctl allow green amber; rfctl allow amber blue; rfctl allow violet red",
}
NO_NETWORK = {"tenants": "red blue green amber", "cpu": 20, "network": "", "allow": ""}
PLACES = {
    "": ":",
    "disk": "echo /dev/vda",
    "network": "case $1 in blue) echo 10.0.2.22;; green) echo 10.0.2.23;; *) echo 10.0.2.21;; esac",
}
AFTERWARDS = f"echo '{measure.BANNER}json'; rfctl tenants --json"
TIMEOUT = 590
LINUX = Peer(Path(__file__).with_name("linux-init"), PROGRAMS, [*COUNTED, *NULL_DISK])


def boot(guest, stress, users, network):
    """The figures, the tenants' states afterwards, and the boot."""
    create = CREATE.format(**(SLOW if users == "disk" else FAST), **(NETWORK if network else NO_NETWORK), place=PLACES[users])
    result = guest.boot(
        create + measure.script(stress) + AFTERWARDS,
        machine=MACHINE,
        entries=[image("isolation", *PROGRAMS), SLOW_DISK],
        icount=True,
        disks=(),
        qemu_args=NULL_DISK,
        timeout=TIMEOUT,
    )
    assert result.status == 0, result.explain()
    output, _, tenants = result.output.partition(f"{measure.BANNER}json\n")
    return measure.read(output), json.loads(tenants), result


@once
def undisturbed(run):
    return boot(Guest(), *run)[0]


@once
def undisturbed_linux(nothing):
    return measure.read(LINUX.boot(measure.script(nothing)))


def assert_stressed(key, tenants, result):
    """The stress was there: red was at work or kept dying, the driver crashed; the three lived on."""
    red = next(tenant for tenant in tenants if tenant["name"] == "red")
    if key.startswith("driver"):
        crashes = sum(" crashed: " in line for line in result.log)
        assert crashes > 10, f"the driver crashed {crashes} times"
    elif key.endswith("manager"):
        assert red["restarts"] > 5, f"red died {red['restarts']} times"
    elif key == "disk-users":
        assert red["disks"][0]["bytes_read"] > 10 << 20, red
    elif key.startswith(("send", "receive")):
        direction = "sent" if key.startswith("send") else "received"
        assert red["network"][direction]["frames"] > 1000, red
    else:
        assert red["cpu"]["used"] > 3e8, f"red was hardly at work: {red}"
    assert all(tenant["restarts"] == 0 for tenant in tenants if tenant["name"] != "red"), tenants


@cases(*ROWS)
def test_ringfence(guest, key):
    row = ROWS[key]
    idle = undisturbed((row.calm, row.users, row.network))
    active, tenants, result = boot(guest, row.ringfence, row.users, row.network)
    report.add("ringfence", key, idle, active)
    assert_stressed(key, tenants, result)
    lost = measure.compare(idle, active)
    story = f"{lost}: {idle}, {active}"
    assert row.work_at_most is None or lost.work <= row.work_at_most, story
    assert row.p99_at_most is None or lost.p99 <= row.p99_at_most, story


@cases(*(key for key, row in ROWS.items() if row.linux))
def test_linux(key):
    """Nothing is asked of Linux but that it finishes."""
    row = ROWS[key]
    idle = undisturbed_linux(None)
    active = measure.read(LINUX.boot(measure.script(row.linux)))
    report.add("linux", key, idle, active)
