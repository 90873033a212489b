# SPDX-License-Identifier: MIT
"""What the last runs have shown: one file a boot under build/escape/results, and one table of all.

`make escape` begins with none, so that no cell of the table is older than the run that wrote it.
"""

import json
from dataclasses import asdict, dataclass

from ringfence import BUILD

RESULTS = BUILD / "escape" / "results"


@dataclass
class Verdict:
    passed: bool
    meaning: str  # contained, unfenced, ESCAPED, never run
    words: str = ""  # the outcome, and the harm

    def line(self, attack):
        """As the core itself reports results: lib/suites.py."""
        return f"{'PASS' if self.passed else 'FAIL'}|{attack.label}: {self.meaning}: {self.words}|"


def _file(kind, arena):
    return RESULTS / kind / f"{arena.name}.json"


def keep(kind, arena, verdicts):
    """Adds `verdicts`, by attack, to what is known of the arena."""
    path, known = _file(kind, arena), recall(kind, arena)
    known |= {attack.label: verdict for attack, verdict in verdicts.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({label: asdict(verdict) for label, verdict in known.items()}))


def recall(kind, arena):
    """Verdicts by the attacks' labels."""
    path = _file(kind, arena)
    if not path.exists():
        return {}
    return {label: Verdict(**fields) for label, fields in json.loads(path.read_text()).items()}
