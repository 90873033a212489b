# SPDX-License-Identifier: MIT
"""What the attacks of a manager have in common: which defences stand at its fence, and how it ends there."""

from functools import partial

from escape.attack import CROSSING, REFUSED, SEVERAL, attack, both

attack = partial(attack, 2)

FENCE = {"segment": "MANAGER_LIMIT", "paging": "OUTER_VIEW"}
TABLES = {"segment": "MANAGER_LIMIT", "paging": "TABLES_READ_ONLY"}
LIMIT = {"segment": "MANAGER_LIMIT", "because": SEVERAL}
NO_STACK = both(r"its ring-2 stack is not writable")
STEPPED_ON = {"segment": CROSSING["segment"], "paging": REFUSED["paging"]}
