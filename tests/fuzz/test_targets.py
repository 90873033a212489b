# SPDX-License-Identifier: MIT
"""Every fuzz target, without a search: its seeds, the inputs that once broke a promise, and a fixed number of
changed ones. `make fuzz` is what looks for more."""

import subprocess

from lib import Skip, cases
from ringfence import BUILD, ROOT

TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in (ROOT / "tests" / "fuzz").glob("fuzz_*.c"))
REGRESSIONS = ROOT / "tests" / "fuzz" / "regressions"
FUZZ = BUILD / "fuzz"
RUNS = 10000
FEWER = {"gates": 300, "erofs": 2000, "partition_table": 2000, "processor_list": 2000}  # whose inputs take long
SEED = 1
TIMEOUT = 120
CANNOT_EXECUTE = 8  # ENOEXEC


@cases(*TARGETS)
def test_replay(target):
    broken = FUZZ / "broken" / target  # where the engine leaves an input that breaks a promise
    broken.parent.mkdir(exist_ok=True)
    folders = [folder / target for folder in (FUZZ / "seeds", REGRESSIONS) if (folder / target).is_dir()]
    command = [FUZZ / target, "--runs", str(FEWER.get(target, RUNS)), "--seed", str(SEED), "--save", broken, *folders]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT)
    except OSError as error:
        if error.errno == CANNOT_EXECUTE:
            raise Skip("this host's kernel runs no i386 programs")
        raise
    detail = f"replay: {FUZZ / target} {broken}\n{finished.stderr}"
    assert finished.returncode == 0, detail
