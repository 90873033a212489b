# SPDX-License-Identifier: MIT
"""The victim and its antagonist: the same script on both systems, and what its output means.

On each system the script has two functions: `load TENANT WORDS`, which runs /load in a tenant on its half of the
disk, and `control NAME RATE`, which sets what is to protect the victim.

    antagonist   |<─ LEAD ─>|<──── SECONDS ────>|<─ LEAD ─>|      8 processes, 64 KiB, as fast as they can
    victim                  |<──── SECONDS ────>|                 1 process, 4 KiB reads
"""

import re
import statistics
from dataclasses import dataclass

SECONDS, LEAD, REPEATS = 5, 1, 3
RATES = (0, 200)  # of the victim, a second; 0: as fast as it can
OPERATIONS = ("r", "w")  # of the antagonist
WINDOWS_A_SECOND = 10
BANNER = "### "

ALONE = """
echo "{banner}alone {rate} {control} {operation}"
load victim r 4096 1 {seconds} {rate}
"""
ANTAGONIST_ALONE = """
echo "{banner}antagonist {rate} {control} {operation}"
load antagonist {operation} 65536 8 {seconds} 0
"""
BOTH = """
load antagonist {operation} 65536 8 {antagonist_seconds} 0 >/tmp/antagonist & antagonist=$!
sleep {lead}
load victim r 4096 1 {seconds} {rate} >/tmp/victim
wait $antagonist
echo "{banner}victim {rate} {control} {operation}"; cat /tmp/victim
echo "{banner}beside {rate} {control} {operation}"; cat /tmp/antagonist
"""


def part(text, rate, control, operation):
    return text.format(
        banner=BANNER, rate=rate, control=control, operation=operation, seconds=SECONDS, lead=LEAD,
        antagonist_seconds=SECONDS + 2 * LEAD,
    )


def script(controls):
    """Each of `controls`, in this order, `REPEATS` times."""
    text = "".join(part(ANTAGONIST_ALONE, 0, "none", operation) for operation in OPERATIONS)
    for _ in range(REPEATS):
        for rate in RATES:
            text += part(ALONE, rate, "none", "-")
    for control in controls:
        for _ in range(REPEATS):
            for rate in RATES:
                text += f"control {control} {rate}\n"
                text += "".join(part(BOTH, rate, control, operation) for operation in OPERATIONS)
    return text


@dataclass(frozen=True)
class Load:
    """What one /load said."""

    rate: float
    windows: list  # requests in each tenth of a second
    latency: list  # microseconds: by hundredths, then p99.9, then the most

    @property
    def steady(self):
        """Requests a second without the first: a throttle lets some go at once in the beginning."""
        return sum(self.windows[WINDOWS_A_SECOND:]) * WINDOWS_A_SECOND / (len(self.windows) - WINDOWS_A_SECOND)

    @property
    def p99(self):
        return self.latency[99]


def read(output):
    """{(who, rate, control, operation): [Load of each repeat]}; AssertionError if one is cut short."""
    loads = {}
    for section in re.split(rf"^{BANNER}", output, flags=re.MULTILINE)[1:]:
        who, rate, control, operation = section.splitlines()[0].split()
        match = re.search(r"^rate (\S+)\nwindows((?: \d+)+)\nlatency((?: \d+)+)$", section, re.MULTILINE)
        assert match, f"{who} {rate} {control} {operation} said: {section[-500:]}"
        windows, latency = ([int(number) for number in match[n].split()] for n in (2, 3))
        loads.setdefault((who, int(rate), control, operation), []).append(Load(float(match[1]), windows, latency))
    return loads


def middle(values):
    """The median: a busy host spoils single repeats."""
    return statistics.median(list(values))


@dataclass(frozen=True)
class Row:
    """A victim beside an antagonist; the medians of the repeats."""

    alone: float  # requests a second
    kept: float  # part of them
    p99_alone: float  # microseconds
    p99: float
    most: float
    antagonist: float  # requests a second
    left: float  # what the antagonist has of the disk alone, without what the victim takes

    @property
    def used(self):
        """The part of what is left that the antagonist gets."""
        return self.antagonist / self.left if self.left > 0 else 1.0


def row(loads, rate, control, operation):
    key = (rate, control, operation)
    alone, victims = loads[("alone", rate, "none", "-")], loads[("victim", *key)]
    beside = loads[("beside", *key)]
    span = slice((LEAD + 1) * WINDOWS_A_SECOND, (LEAD + SECONDS) * WINDOWS_A_SECOND)
    antagonist = middle(sum(load.windows[span]) / (SECONDS - 1) for load in beside)
    before, after = middle(load.steady for load in alone), middle(load.steady for load in victims)
    return Row(
        alone=before,
        kept=after / before,
        p99_alone=middle(load.p99 for load in alone),
        p99=middle(load.p99 for load in victims),
        most=middle(load.latency[-1] for load in victims),
        antagonist=antagonist,
        left=loads[("antagonist", 0, "none", operation)][0].steady - after,
    )


def rows(loads, controls):
    """{(rate, control, operation): Row}, in the order of the script."""
    return {(rate, control, operation): row(loads, rate, control, operation)
            for rate in RATES for control in controls for operation in OPERATIONS}
