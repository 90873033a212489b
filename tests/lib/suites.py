# SPDX-License-Identifier: MIT
"""Finds the tests of a suite and runs each to a list of verdicts.

A suite is a set of files. A file of functions gives a test for each `test_…` function and case; a
cmocka program is one test with as many verdicts as it has unit tests; a fuzz target is one test. A guest test has one verdict
of its own and one for each result that the core reported during its boots.
"""

import importlib.util
import os
import subprocess
import time
import traceback
from dataclasses import dataclass
from functools import partial

from ringfence import BUILD, ROOT

from . import Skip
from .guest import Guest

TESTS = ROOT / "tests"
UNIT_TIMEOUT = 120
SKIPPED = "the test says that it cannot be run here"

SUITES = {
    "unit": "tools/test_*.py",
    "fuzz": "fuzz/test_*.py",
    "guest": "guest/*.py",
    "abi": "abi/test_*.py",
    "escape": "escape/test_*.py",
    "faults": "faults/test_*.py",
    "escape-control": "escape/control_*.py",
    "busybox": "busybox/*.py",
    "posix": "posix/*.py",
    "servers": "servers/*.py",
    "bench": "bench/*.py",
    "density": "bench/density/test_*.py",
    "bench-io": "bench/io/test_*.py",
    "isolation": "bench/isolation/test_*.py",
}


@dataclass
class Verdict:
    name: str
    passed: bool
    detail: str = ""
    seconds: float = 0.0
    skipped: bool = False  # it could not be run here; `passed` means nothing then


def collect(suite, long):
    """The suite's tests: pairs of a name and a callable that returns verdicts. One that has an attribute `alone`
    runs while no other does."""
    tests = []
    for path in sorted(TESTS.glob(SUITES[suite])):
        tests += _functions(suite, path, long)
    if suite == "unit":
        for source in sorted((TESTS / "unit").glob("test_*.c")):
            program = BUILD / "unit" / source.stem
            tests.append((f"unit.{source.stem}", partial(_run_cmocka, program)))
    return tests


def _functions(suite, path, long):
    specification = importlib.util.spec_from_file_location(f"{suite}_{path.stem}", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for name, function in vars(module).items():
        if not name.startswith("test_") or not callable(function):
            continue
        if getattr(function, "long", False) and not long:
            continue
        base = f"{suite}.{path.stem}.{name.removeprefix('test_')}"
        found = getattr(function, "cases", (None,)) + (getattr(function, "long_cases", ()) if long else ())
        for case in found:
            full_name = base if case is None else f"{base}[{case}]"
            arguments = [] if case is None else [case]
            test = partial(_run_function, full_name, function, arguments)
            test.alone = getattr(function, "alone", False)
            yield full_name, test


def _run_function(name, function, arguments):
    guest, started = Guest(), time.monotonic()
    takes_guest = function.__code__.co_argcount > len(arguments)
    try:
        function(*([guest] if takes_guest else []), *arguments)
        own = Verdict(name, True)
    except Skip as reason:
        own = Verdict(name, False, str(reason), skipped=True)
    except AssertionError as error:
        own = Verdict(name, False, _where(error) + str(error))
    except Exception:
        own = Verdict(name, False, traceback.format_exc())
    own.seconds = time.monotonic() - started
    reported = [result for boot in guest.boots for result in boot.results]
    return [own, *(_core_verdict(name, result) for result in reported)]


def _where(error):
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}: {frame.line}\n"


def _core_verdict(test, result):
    outcome, _, rest = result.partition("|")
    name, _, detail = rest.partition("|")
    return Verdict(f"{test}: {name}", outcome == "PASS", detail)


def _failed(verdict):
    return not verdict.passed and not verdict.skipped


def _run_cmocka(program):
    """One verdict a line of TAP, and one more if the program itself ended badly."""
    environment = os.environ | {"CMOCKA_MESSAGE_OUTPUT": "TAP"}
    try:
        finished = subprocess.run(
            [program], env=environment, capture_output=True, text=True, timeout=UNIT_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Verdict(f"unit.{program.name}", False, str(error))]
    verdicts = []
    for line in finished.stdout.splitlines():
        outcome, skip, name = line.partition(" # SKIP ")
        if skip and outcome.startswith(("ok ", "not ok ")):
            verdicts.append(Verdict(f"unit.{program.name}.{name}", False, SKIPPED, skipped=True))
            continue
        outcome, separator, name = line.partition(" - ")
        if separator and outcome.startswith(("ok ", "not ok ")):
            passed = outcome.startswith("ok ")
            detail = "" if passed else finished.stdout + finished.stderr
            verdicts.append(Verdict(f"unit.{program.name}.{name}", passed, detail))
    if not verdicts or (finished.returncode and not any(map(_failed, verdicts))):
        detail = f"status {finished.returncode}\n{finished.stdout}{finished.stderr}"
        verdicts.append(Verdict(f"unit.{program.name}", False, detail))
    return verdicts
