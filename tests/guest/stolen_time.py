# SPDX-License-Identifier: MIT
"""Who means harm to the scheduler gets no more time than is his: managers and drivers that attack."""

from escape.arena import MACHINE, entries
from guest.quotas import decode, share

SECONDS = 2
SAMPLE = "rfctl stats --json; rfctl tenants --json"
WINDOW = f"{SAMPLE}; sleep {SECONDS}; {SAMPLE}"


def measure(guest, *commands):
    """What each tenant used in the last SECONDS of a boot, what all did, and nanoseconds."""
    script = "\n".join((*commands, "sleep 0.5", WINDOW))
    result = guest.boot(script, machine=MACHINE, entries=entries(), icount=True, timeout=180)
    assert result.status == 0, result.explain()
    machine, before, machine_later, after = decode(result.output)
    elapsed = machine_later["nanoseconds"] - machine["nanoseconds"]
    busy = elapsed - (machine_later["idle"] - machine["idle"])
    return {old["name"]: (old, new) for old, new in zip(before, after)}, busy, elapsed


def create(name, *settings):
    words = f"{name} manager=hostile image=attacker memory=4MiB {' '.join(settings)}"
    return f"rfctl create {words} >/dev/null"


def test_a_thread_storm_pays_for_itself(guest):
    samples, busy, elapsed = measure(guest, create("storm", "cpu.cap=10"))
    storm, operator = share(samples, "storm", elapsed), share(samples, "operator", elapsed)
    assert 0.099 < storm < 0.102, f"the storm used {storm:.2%}, its cap is 10 %"
    unpaid = busy / elapsed - storm - operator
    assert unpaid < 0.003, f"{unpaid:.2%} of the time is paid by nobody"
