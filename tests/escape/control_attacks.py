# SPDX-License-Identifier: MIT
"""Controls: on a core, or under a manager, without the one defence that contains it, an attack
succeeds: the fence does not stop it, somebody else comes to harm, or the machine is lost."""

from escape import results, weakened
from escape.arena import fight
from escape.attack import ARENAS
from escape.attacks import attacks_in
from lib import cases

TIMEOUTS = {"qemu": 25, "bochs": 90}  # a lost machine often just stands still


def _is_worth_a_boot(arena, attack):
    """What needs one CPU is tried with one; and where no limit is enforced, `both` is `paging`."""
    return arena.cpus == attack.cpus and (arena.emulator, arena.fence) != ("qemu", "both")


def _by_defence():
    groups = {}
    for name, arena in ARENAS.items():
        for attack in attacks_in(arena):
            defence = attack.defence(arena)
            if defence and _is_worth_a_boot(arena, attack):
                groups.setdefault(f"{defence}, {name}", []).append(attack)
    return groups


GROUPS = _by_defence()


@cases(*GROUPS)
def test_without(guest, group):
    defence, name = group.split(", ", 1)
    arena, weaker, waiting = ARENAS[name], weakened.arguments(defence), list(GROUPS[group])
    while waiting:
        result, outcomes = fight(guest, arena, waiting, TIMEOUTS[arena.emulator], **weaker)
        verdicts = _judge(waiting, outcomes, arena)
        assert verdicts, f"{waiting[0].label} was not even begun\n{result.explain()}"
        results.keep(f"controls/{defence}", arena, verdicts)
        result.results += [verdict.line(attack) for attack, verdict in verdicts.items()]
        waiting = waiting[len(verdicts) :]


def _judge(waiting, outcomes, arena):
    """Judges what this boot has shown, up to the first harm: after it nothing can be trusted."""
    verdicts = {}
    for attack in waiting:
        outcome = outcomes.get(attack)
        if outcome is None:
            break
        success = outcome.harm != "none" or not attack.is_contained(arena, outcome.text)
        meaning = "ESCAPED, as it should" if success else "contained all the same"
        verdicts[attack] = results.Verdict(success, meaning, outcome.words)
        if outcome.harm != "none":
            break
    return verdicts
