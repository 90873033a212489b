# SPDX-License-Identifier: MIT
"""Who means harm to the scheduler gets no more time than is his: managers and drivers that attack."""

from escape.arena import MACHINE, bundle_entries, ring_1_numbers
from guest.quotas import decode, share
from lib import cases, long, variant

SAMPLE = "rfctl stats --json; rfctl tenants --json"


def measure(guest, seconds, *commands, **arguments):
    """What each tenant used in the last `seconds` of a boot, what all did, and nanoseconds."""
    script = "\n".join((*commands, "sleep 0.5", SAMPLE, f"sleep {seconds}", SAMPLE))
    result = guest.boot(
        script, machine=MACHINE, entries=bundle_entries(), icount=True, timeout=150, **arguments
    )
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


# Of the nuisances of drivers/test/hostile/attack.h, which follow the attacks.
NUISANCE = """cp /boot/referee /tmp/referee && chmod 755 /tmp/referee
(/tmp/referee 10000:1:{name}:{number}:hostile0 >/dev/null 2>&1 &)
sleep 1"""
FIRST_NUISANCE = len(ring_1_numbers())
HOG = NUISANCE.format(name="hog", number=FIRST_NUISANCE)
NAP = NUISANCE.format(name="nap", number=FIRST_NUISANCE + 1)


def test_a_driver_that_hogs_takes_nothing_from_a_reservation(guest):
    samples, busy, elapsed = measure(guest, 2, HOG, create("spin", "cpu.reservation=80"))
    used = {name: share(samples, name, elapsed) for name in samples}
    spin, others = used["spin"], sum(used.values()) - used["spin"]
    assert spin > 0.95 * (1 - others), f"{spin:.2%} beside a driver that hogs, {1 - others:.2%} are its"
    assert busy / elapsed - spin - others > 0.02, "the driver did not hog"


@long
def test_a_driver_that_naps_costs_one_choice_each_time(guest):
    """It may run for 4 % of the time; each of its naps brings a choice, which nobody pays for, and is to bring no second one."""
    samples, busy, elapsed = measure(guest, 1, NAP, create("spin"))
    unpaid = busy / elapsed - sum(share(samples, name, elapsed) for name in samples)
    assert 0.08 < unpaid < 0.15, f"{unpaid:.2%} of the time is paid by nobody beside a driver that naps"


# ---- A driver that dies after each request (drivers/test/short_lived), and its accomplice, who always has one for it ----

ACCOMPLICE = """rfctl create accomplice image=base memory=8MiB cpu.weight=1 {settings} disk.device=brief0 disk.size=1MiB >/dev/null
rfctl exec accomplice -- sh -c 'for n in 1 2 3; do
    (while :; do dd if=/dev/vda of=/dev/null bs=4k iflag=direct 2>/dev/null; done) &
done; wait' >/dev/null 2>&1 </dev/null &"""
CASES = {
    "weight": ("", "cpu.weight=100"),
    "reservation": ("cpu.reservation=5", "cpu.reservation=80"),
}


def beside_short_lives(guest, case, **arguments):
    """What one has beside them who has nearly all of the time by weight, or 80 % of it reserved."""
    accomplice, victim = CASES[case]
    commands = ACCOMPLICE.format(settings=accomplice), create("spin", victim)
    samples, _, elapsed = measure(guest, 2, *commands, **arguments)
    return share(samples, "spin", elapsed)


@cases("reservation", long=("weight",))
def test_a_driver_gains_nothing_by_its_crashes(guest, case):
    spin = beside_short_lives(guest, case)
    assert spin > 0.88, f"{spin:.2%} beside a driver that crashes after each request"


@cases("reservation", long=("weight",))
def test_it_would_if_each_copy_began_anew(guest, case):
    spin = beside_short_lives(guest, case, kernel=variant.kernel("UNPAID_SLATE=0ull"))
    assert spin < 0.5, f"{spin:.2%}: the attack is none"
