# SPDX-License-Identifier: MIT
"""Every attack on the build as it is: contained by the fence, and nobody else came to harm."""

from escape import results
from escape.arena import fight
from escape.attack import ARENAS
from escape.attacks import attacks_in
from lib import cases, long

TIMEOUT = 1200


@cases(*(name for name, arena in ARENAS.items() if arena.fence != "both"))
def test_attacks(guest, name):
    _fight_all(guest, name)


@long
@cases(*(name for name, arena in ARENAS.items() if arena.fence == "both"))
def test_attacks_on_both_fences(guest, name):
    _fight_all(guest, name)


def _fight_all(guest, name):
    arena, verdicts = ARENAS[name], {}
    attacks = attacks_in(arena)
    result, outcomes = fight(guest, arena, attacks, TIMEOUT)
    for attack in attacks:
        verdicts[attack] = _judge(attack, arena, outcomes.get(attack))
    results.keep("attacks", arena, verdicts)
    result.results += [verdict.line(attack) for attack, verdict in verdicts.items()]
    assert result.status == 0, result.explain()


def _judge(attack, arena, outcome):
    if outcome is None:
        return results.Verdict(False, "never run")
    held = attack.is_contained(arena, outcome.text) and outcome.harm == "none"
    meaning = "unfenced" if outcome.text.startswith("unfenced: ") else "contained"
    return results.Verdict(held, meaning if held else "ESCAPED", outcome.words)
