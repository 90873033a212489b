# SPDX-License-Identifier: MIT
"""Controls: on a core without the one defence that contains it, an attack succeeds: the fence does
not stop it, somebody else comes to harm, or the machine is lost."""

from escape.arena import fight
from escape.attacks import ATTACKS, FENCES
from escape.weakened import kernel
from lib import cases

TIMEOUTS = {"qemu": 25, "bochs": 90}  # a lost machine often just stands still


def _by_defence():
    groups = {}
    for attack in ATTACKS:
        for fence, defence in attack.defences.items():
            groups.setdefault(f"{defence}, {fence}", []).append(attack)
    return groups


GROUPS = _by_defence()
EMULATORS = {fence: emulator for emulator, fence in FENCES.items()}


@cases(*GROUPS)
def test_without(guest, group):
    defence, fence = group.split(", ")
    weakened, waiting = kernel(defence), list(GROUPS[group])
    while waiting:
        emulator = EMULATORS[fence]
        result, outcomes = fight(guest, emulator, waiting, TIMEOUTS[emulator], kernel=weakened)
        judged = _judge(waiting, outcomes, fence, result)
        assert judged, f"{waiting[0].label} was not even begun\n{result.explain()}"
        waiting = waiting[judged:]


def _judge(waiting, outcomes, fence, result):
    """Judges what this boot has shown, up to the first harm: after it nothing can be trusted."""
    for count, attack in enumerate(waiting):
        outcome = outcomes.get(attack)
        if outcome is None:
            return count
        success = outcome.harm != "none" or not attack.is_contained(fence, outcome.text)
        verdict = "PASS" if success else "FAIL"
        words = outcome.text if outcome.harm == "none" else f"{outcome.text}; harm: {outcome.harm}"
        meaning = "ESCAPED, as it should" if success else "contained all the same"
        result.results.append(f"{verdict}|{attack.label}: {meaning}: {words}|")
        if outcome.harm != "none":
            return count + 1
    return len(waiting)
