# SPDX-License-Identifier: MIT
"""Every attack on the build as it is: contained by the fence, and nobody else came to harm."""

from escape.arena import fight
from escape.attacks import ATTACKS, FENCES
from lib import cases

TIMEOUT = 300


@cases("qemu", "bochs")
def test_attacks(guest, emulator):
    fence = FENCES[emulator]
    result, outcomes = fight(guest, emulator, ATTACKS, TIMEOUT)
    for attack in ATTACKS:
        result.results.append(_verdict(attack, fence, outcomes.get(attack)))
    assert result.status == 0, result.explain()


def _verdict(attack, fence, outcome):
    label = f"{attack.label}, {fence}"
    if outcome is None:
        return f"FAIL|{label}: never run|"
    observed = outcome.text if outcome.harm == "none" else f"{outcome.text}; harm: {outcome.harm}"
    if attack.is_contained(fence, outcome.text) and outcome.harm == "none":
        return f"PASS|{label}: contained: {observed}|"
    return f"FAIL|{label}: ESCAPED: {observed}|"
