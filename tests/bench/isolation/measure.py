# SPDX-License-Identifier: MIT
"""What the three tenants' programs print, and the script that runs them: the same on both systems."""

import re
from dataclasses import dataclass

TENANTS = ("blue", "green", "amber")
SECONDS, REQUESTS = 8, 2000  # of work, long enough for rhythms to average out; of each tenant
LEAD = 2  # seconds until the work begins, most of them with the stress already there
BANNER = "### "

# `start TENANT WORDS` runs /work in a tenant, with its output in /tmp/TENANT; `place TENANT` says what it uses.
SCRIPT = """
at=$(($(cut -d. -f1 /proc/uptime) + {lead})); seed=0; workers=
for tenant in {tenants}; do
    seed=$((seed + 1))
    start $tenant $at {seconds} {requests} $seed $(place $tenant) & workers="$workers $!"
done
{{ {stress}; }} >/dev/null 2>&1 </dev/null &
wait $workers
for tenant in {tenants}; do echo "{banner}$tenant"; cat /tmp/$tenant; done
"""


def script(stress):
    return SCRIPT.format(
        lead=LEAD,
        tenants=" ".join(TENANTS),
        seconds=SECONDS,
        requests=REQUESTS,
        stress=stress or "true",
        banner=BANNER,
    )


@dataclass(frozen=True)
class Figures:
    work: float  # turns of the three in a second
    p50: int  # nanoseconds, of all their requests
    p99: int


def read(output):
    """The figures in `output`; AssertionError if a tenant did not finish."""
    sections = re.findall(rf"^{BANNER}(\w+)\nwork (\d+)\nlate((?: \d+)+)$", output, re.MULTILINE)
    assert [tenant for tenant, _, _ in sections] == list(TENANTS), output[-2000:]
    late = sorted(int(number) for _, _, numbers in sections for number in numbers.split())
    assert len(late) == len(TENANTS) * REQUESTS, f"{len(late)} requests"
    work = sum(int(turns) for _, turns, _ in sections) / SECONDS
    return Figures(work, late[len(late) // 2], late[len(late) * 99 // 100])


@dataclass(frozen=True)
class Degradation:
    """In percent; below 0 where the stress did them good."""

    work: float
    p99: float


def compare(idle, active):
    return Degradation(100 * (1 - active.work / idle.work), 100 * (active.p99 / idle.p99 - 1))
