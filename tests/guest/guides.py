# SPDX-License-Identifier: MIT
"""The guides of the two templates, followed to the letter in a fresh clone, as a newcomer would.

A block of commands is run as it stands. A block that begins with `rfctl` is for the script that the text before
it names (`name.sh`), or else the last one named, and goes to its end.
"""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from lib import cases, long
from ringfence import ROOT

EXPECTED = {
    "drivers/template": (
        "mydisk0  mydisk      running    1MiB",
        "000000000000000\n000000000000016\n000000000000032\n",
        "64083001a9eaaa881f008c52681e54e0  -",
        "crashed: ring 1: #PF page fault",
        "crashed: ring 1: #GP general protection",
        "1 requests to replay",
    ),
    "domains/template": (
        "small hears: hello\n",
        "small hears: crash\nstatus 137\n",
        "small hears: wild\nstatus 137\n",
        "small hears: again\n",
        "ends: exception 14 at ",
        "ends: ring 2: #PF page fault",
        "ends: ring 2: #GP general protection",
    ),
}
MOST_SECONDS = 600


def steps(text):
    """The guide's blocks in order: (script, lines); script is None for commands of the host."""
    script = None
    for before, block in re.findall(r"((?:^(?! {4}).*\n)*)((?:^ {4}.*\n)+)", text, re.M):
        names = re.findall(r"`(\w+\.sh)`", before)
        script = names[-1] if names else script
        lines = [line[4:] for line in block.splitlines()]
        yield (script if lines[0].startswith("rfctl") else None), lines


def follow(guide, clone):
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "RINGFENCE_BUILD")}
    said = []
    for script, lines in steps(guide.read_text()):
        if script:
            with open(clone / script, "a") as file:
                file.write("\n".join(lines) + "\n")
            continue
        done = subprocess.run(
            ["bash", "-ec", "\n".join(lines)],
            cwd=clone, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS
        )
        assert done.returncode == 0, f"{lines}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        said.append(done.stdout)
    return "".join(said)


@long
@cases(*EXPECTED)
def test_followed(guest, template):
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ringfence-guide-") as directory:
        clone = Path(directory) / "clone"
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True, capture_output=True)
        said = follow(ROOT / template / "README.md", clone)
    missing = [words for words in EXPECTED[template] if words not in said]
    assert not missing, f"{missing} not in:\n{said}"
    seconds = time.monotonic() - began
    assert seconds < MOST_SECONDS, f"{seconds:.0f} s: a newcomer has ten minutes"
    print(f"the guide of {template} took {seconds:.0f} s, third parties' builds aside", flush=True)
