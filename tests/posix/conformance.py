# SPDX-License-Identifier: MIT
"""The Open POSIX test suite, unmodified, in tenants; and on the host's Linux for comparison.

Both runs are made once, by the test that asks first. Each is cut into shares, which run side by side: in a tenant each, and
in a root folder each. What then passes on Linux alone is run again in a tenant by itself: many tests look at the time, and a
host may be busy. (All of it is one file, because Python has a module `posix` of its own.)
"""

import re
import shlex
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib import Skip, linux_root
from lib.guest import Guest
from lib.once import once
from ringfence import BUILD, erofs

HERE = Path(__file__).parent
DIFFERENCES, UNBUILT = HERE / "differences", HERE / "unbuilt"
MACHINE = HERE / "machine.toml"
BUSYBOX = BUILD / "third-party" / "busybox"
SUITE = BUILD / "third-party" / "posixtestsuite"
RUNNER = BUILD / "posix" / "runner"

TENANTS = ("red", "blue", "green", "grey")
SECONDS = 120  # for a test, as the suite's own execute.sh has it
TIMEOUT = 2400
LEAST = 1280  # must pass in tenants
CHANCE = "by chance: "  # so a reason begins where a test passes or not, on either kernel

# The exits of the suite's include/posixtest.h; some tests exit with -1 for a failure.
EXITS = {0: "PASS", 1: "FAIL", 2: "UNRESOLVED", 4: "UNSUPPORTED", 5: "UNTESTED", 255: "FAIL"}
VERDICTS = ("PASS", "FAIL", "UNRESOLVED", "UNSUPPORTED", "UNTESTED", "HUNG", "INTERRUPTED")
RESULT = re.compile(r"RESULT: (\S+) (exit|signal|hung) (\d+) \d+")


class Report(dict):
    """The verdicts by test, of what the runners printed."""

    def __init__(self, output):
        for test, end, number in RESULT.findall(output):
            other = "HUNG" if end == "hung" else "INTERRUPTED"
            self[test] = EXITS.get(int(number), other) if end == "exit" else other

    @property
    def passed(self):
        return {test for test, verdict in self.items() if verdict == "PASS"}

    def __str__(self):
        counts = Counter(self.values())
        return ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)


def _kept(name, output, runners):
    """The report of what so many runners printed, which stays in build/posix/ with what each failed test said."""
    file = BUILD / "posix" / f"{name}.txt"
    file.write_text(output)
    report = Report(output)
    print(f"{name}: {report}", flush=True)
    assert output.splitlines().count("END") == runners, f"the suite did not reach its end: {file}"
    return report


def _share(number):
    """A share's tests, for a shell: every fourth."""
    return f"$(awk 'NR % {len(TENANTS)} == {number}' /suite/tests)"


def _in_tenant(tenant, tests):
    """The operator's command for `tests`, words for a shell."""
    return f"rfctl exec -T {tenant} -- sh -c {shlex.quote(f'exec runner {SECONDS} {tests}')}"


@once
def _in_tenants(tenants):
    shares = [f"{_in_tenant(tenant, _share(number))} >/tmp/{tenant} 2>&1 &" for number, tenant in enumerate(tenants)]
    command = "\n".join([*shares, "wait", "cd /tmp && cat " + " ".join(tenants)])
    return _kept("in tenants", Guest().run(command, machine=MACHINE, disks=(), timeout=TIMEOUT), len(tenants))


def _alone(tests):
    """Those of `tests` that pass where nothing else runs beside them."""
    command = _in_tenant(TENANTS[0], " ".join(sorted(tests)))
    return _kept("again, alone", Guest().run(command, machine=MACHINE, disks=(), timeout=TIMEOUT), 1).passed


def _share_on_linux(number):
    with tempfile.TemporaryDirectory(prefix="ringfence-posix-") as folder:
        Path(folder).chmod(0o755)
        erofs.lay_out(Path(folder), BUSYBOX, [RUNNER], [], [SUITE / "root"])
        words = ["/bin/sh", "-c", f"exec runner {SECONDS} {_share(number)}"]
        return linux_root.run(folder, TENANTS[number], *words, timeout=TIMEOUT)


@once
def _on_linux(shares):
    obstacle = linux_root.cannot_enter(BUSYBOX / "busybox")
    if obstacle:
        raise Skip(obstacle)
    with ThreadPoolExecutor(shares) as pool:
        return _kept("on Linux", "".join(pool.map(_share_on_linux, range(shares))), shares)


def _listed(path):
    """test -> reason, of a file of lines `TEST reason`; what follows a # is said to the reader alone."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split(maxsplit=1) for line in lines)


def _lines(tests):
    return "\n".join(f"  {test}" for test in sorted(tests))


def test_goal():
    here = _in_tenants(TENANTS)
    assert len(here.passed) >= LEAST, here


def test_differences():
    """Each test that passes on Linux alone has a reason, and what has one does not pass here, unless by chance."""
    linux = _on_linux(len(TENANTS)).passed  # first: another test runs the tenants meanwhile
    here, known = _in_tenants(TENANTS).passed, _listed(DIFFERENCES)
    missed = linux - here - known.keys()
    if missed:
        missed -= _alone(missed)
    assert not missed, f"pass on Linux alone, without a reason:\n{_lines(missed)}"
    better = {test for test in here & known.keys() if not known[test].startswith(CHANCE)}
    assert not better, f"pass, but are in {DIFFERENCES}:\n{_lines(better)}"


def test_builds():
    """What musl does not build has a reason."""
    unbuilt, known = _listed(SUITE / "unbuilt").keys(), _listed(UNBUILT).keys()
    assert unbuilt == known, f"not as {UNBUILT} says:\n{_lines(unbuilt ^ known)}"
