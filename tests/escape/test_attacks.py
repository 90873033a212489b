# SPDX-License-Identifier: MIT
"""Every attack on the build as it is: contained by the fence, and nobody else came to harm."""

from escape import results
from escape.arena import fight
from escape.attack import ARENAS
from escape.attacks import attacks_in
from lib import cases, long

TIMEOUT = 1200


def _is_short(arena):
    """One fence and one CPU at a time. Two CPUs want two of the host's, or the time budgets of drivers are late."""
    return arena.fence != "both" and arena.cpus == 1


@cases(*(name for name, arena in ARENAS.items() if _is_short(arena)))
def test_attacks(guest, name):
    _fight_all(guest, name)


@long
@cases(*(name for name, arena in ARENAS.items() if not _is_short(arena)))
def test_attacks_in_all_arenas(guest, name):
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
