# SPDX-License-Identifier: MIT
"""All attacks, and the ways to look at them."""

from escape import ring_1, ring_2, ring_3

RING_3, RING_2, RING_1, MANIFESTS = ring_3.ATTACKS, ring_2.ATTACKS, ring_1.ATTACKS, ring_1.MANIFESTS
# Manifests first: what the log says of them is old when the machine is up, and it forgets.
ATTACKS = MANIFESTS + RING_3 + RING_2 + RING_1


def attacks_in(arena):
    return [attack for attack in ATTACKS if attack.can_be_tried(arena)]
