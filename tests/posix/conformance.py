# SPDX-License-Identifier: MIT
"""The Open POSIX test suite, unmodified, in tenants; and on the host's Linux for comparison.

Both runs are made once, by the test that asks first. Each is cut into shares, which run side by side: in a tenant each, and
in a root folder each. (All of it is one file, because Python has a module `posix` of its own.)
"""

import re
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
BUSYBOX = BUILD / "third-party" / "busybox"
SUITE = BUILD / "third-party" / "posixtestsuite"
RUNNER = BUILD / "posix" / "runner"

TENANTS = ("red", "blue", "green", "grey")
SECONDS = 120  # for a test, as the suite's own execute.sh has it
TIMEOUT = 2400
LEAST = 1280  # must pass in tenants

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


def _kept(name, output):
    """The report of `output`, which stays in build/posix/ with what each failed test printed."""
    file = BUILD / "posix" / f"{name}.txt"
    file.write_text(output)
    report = Report(output)
    print(f"{name}: {report}", flush=True)
    assert output.splitlines().count("END") == len(TENANTS), f"the suite did not reach its end: {file}"
    return report


def _words(share):
    return f"/bin/runner {SECONDS} {share} {len(TENANTS)}"


@once
def _in_tenants(tenants):
    shares = [f"rfctl exec -T {tenant} -- {_words(share)} >/tmp/{tenant} 2>&1 &" for share, tenant in enumerate(tenants)]
    command = "\n".join([*shares, "wait", "cd /tmp && cat " + " ".join(tenants)])
    return _kept("in tenants", Guest().run(command, machine=HERE / "machine.toml", disks=(), timeout=TIMEOUT))


def _share_on_linux(share):
    with tempfile.TemporaryDirectory(prefix="ringfence-posix-") as folder:
        Path(folder).chmod(0o755)
        erofs.lay_out(Path(folder), BUSYBOX, [RUNNER], [], [SUITE / "root"])
        return linux_root.run(folder, TENANTS[share], *_words(share).split(), timeout=TIMEOUT)


@once
def _on_linux(shares):
    obstacle = linux_root.cannot_enter(BUSYBOX / "busybox")
    if obstacle:
        raise Skip(obstacle)
    with ThreadPoolExecutor(shares) as pool:
        return _kept("on Linux", "".join(pool.map(_share_on_linux, range(shares))))


def _listed(path):
    """The tests of a file of lines `TEST reason`; what follows a # is said to the reader alone."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split(maxsplit=1) for line in lines).keys()


def _lines(tests):
    return "\n".join(f"  {test}" for test in sorted(tests))


def test_goal():
    here = _in_tenants(TENANTS)
    assert len(here.passed) >= LEAST, here


def test_differences():
    """Each test that passes on Linux alone has a reason, and what has one does not pass here."""
    here, linux, known = _in_tenants(TENANTS).passed, _on_linux(len(TENANTS)).passed, _listed(DIFFERENCES)
    assert not linux - here - known, f"pass on Linux alone, without a reason:\n{_lines(linux - here - known)}"
    assert not here & known, f"pass, but are in {DIFFERENCES}:\n{_lines(here & known)}"


def test_builds():
    """What musl does not build has a reason."""
    unbuilt, known = _listed(SUITE / "unbuilt"), _listed(UNBUILT)
    assert unbuilt == known, f"not as {UNBUILT} says:\n{_lines(unbuilt ^ known)}"
