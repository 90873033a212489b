# SPDX-License-Identifier: MIT
"""The attacks from ring 2: a manager that means harm (domains/hostile)."""

from escape.attack import instruction_attacks
from escape.ring_2 import arguments, each_kind, haste, neighbours, reach, state
from escape.ring_2.manager import attack

ATTACKS = [
    *each_kind.ATTACKS,
    *reach.ATTACKS,
    *state.ATTACKS,
    *arguments.ATTACKS,
    *neighbours.ATTACKS,
    *haste.ATTACKS,
    *instruction_attacks(attack),
]
