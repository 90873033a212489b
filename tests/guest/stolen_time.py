# SPDX-License-Identifier: MIT
"""Who means harm to the scheduler gets no more time than is his: managers and drivers that attack."""

from escape.arena import MACHINE, bundle_entries, ring_1_numbers
from guest.quotas import decode, share

SAMPLE = "rfctl stats --json; rfctl tenants --json"


def measure(guest, seconds, *commands):
    """What each tenant used in the last `seconds` of a boot, what all did, and nanoseconds."""
    script = "\n".join((*commands, "sleep 0.5", SAMPLE, f"sleep {seconds}", SAMPLE))
    result = guest.boot(script, machine=MACHINE, entries=bundle_entries(), icount=True, timeout=150)
    assert result.status == 0, result.explain()
    machine, before, machine_later, after = decode(result.output)
    elapsed = machine_later["nanoseconds"] - machine["nanoseconds"]
    busy = elapsed - (machine_later["idle"] - machine["idle"])
    return {old["name"]: (old, new) for old, new in zip(before, after)}, busy, elapsed


def create(name, *settings):
    words = f"{name} manager=hostile image=attacker memory=4MiB {' '.join(settings)}"
    return f"rfctl create {words} >/dev/null"


def test_a_thread_storm_pays_for_itself(guest):
    samples, busy, elapsed = measure(guest, 4, create("storm", "cpu.cap=10"))
    storm, operator = share(samples, "storm", elapsed), share(samples, "operator", elapsed)
    assert 0.099 < storm < 0.102, f"the storm used {storm:.2%}, its cap is 10 %"
    unpaid = busy / elapsed - storm - operator
    assert unpaid < 0.003, f"{unpaid:.2%} of the time is paid by nobody"


# The first nuisance of drivers/test/hostile/attack.h.
HOG = f"""cp /boot/referee /tmp/referee && chmod 755 /tmp/referee
(/tmp/referee 10000:1:hog:{len(ring_1_numbers())}:hostile0 >/dev/null 2>&1 &)
sleep 1"""


def test_a_driver_that_hogs_takes_nothing_from_a_reservation(guest):
    samples, busy, elapsed = measure(guest, 2, HOG, create("spin", "cpu.reservation=80"))
    used = {name: share(samples, name, elapsed) for name in samples}
    spin, others = used["spin"], sum(used.values()) - used["spin"]
    assert spin > 0.95 * (1 - others), f"{spin:.2%} beside a driver that hogs, {1 - others:.2%} are its"
    assert busy / elapsed - spin - others > 0.02, "the driver did not hog"
