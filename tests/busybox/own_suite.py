# SPDX-License-Identifier: MIT
"""busybox's own tests, unmodified, in a tenant; and on the host's Linux for comparison."""

import tempfile
from pathlib import Path

from busybox import report, root
from ringfence import BUILD

MACHINE = Path(__file__).with_name("machine.toml")
TIMEOUT = 4500
LEAST = 890  # must pass in a tenant


def _lines(tests):
    return "\n".join(f"  {applet}: {test}" for applet, test in sorted(tests)) or "  none"


def _kept(name, output):
    """The report of `output`, which stays in build/busybox/ with each failure's difference."""
    file = BUILD / "busybox" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(output)
    return report.parse(output)


def _run_in_tenant(guest):
    with tempfile.TemporaryDirectory(prefix="ringfence-busybox-") as folder:
        root.build(Path(folder))
        output = guest.run(
            f"rfctl exec {root.TENANT} -- {root.RUN_SUITE}",
            machine=MACHINE,
            roots={root.TENANT: folder},
            timeout=TIMEOUT,
        )
    return _kept("tenant.txt", output)


def _run_on_linux():
    with tempfile.TemporaryDirectory(prefix="ringfence-busybox-") as folder:
        root.build(Path(folder))
        return _kept("linux.txt", root.run_on_linux(Path(folder), TIMEOUT))


def _summary(where, found):
    return f"{where}: {len(found.passed)} of {len(found.run)} pass; longest: {found.slowest()}"


def _compare_with_linux(here):
    """What passes on Linux and fails here is printed, for README.md."""
    linux = _run_on_linux()
    print(_summary("on Linux", linux))
    print("pass on Linux, not in a tenant:", _lines(linux.passed - here.passed), sep="\n")
    print("pass in a tenant, not on Linux:", _lines(here.passed - linux.passed), sep="\n")
    assert linux.complete, "the suite did not reach its end on Linux"


def test_own_suite(guest):
    here = _run_in_tenant(guest)
    print(_summary("in a tenant", here))
    assert here.complete, f"the suite did not reach its end\n{guest.boots[-1].explain()}"
    obstacle = root.cannot_enter_linux()
    if obstacle:
        print(f"not compared with Linux: {obstacle}")
    else:
        _compare_with_linux(here)
    listed = report.listed_failures()
    unlisted = here.failed - listed.keys()
    assert not unlisted, f"fail and are not listed in tests/busybox/README.md:\n{_lines(unlisted)}"
    print("pass and are listed as failures:", _lines(listed.keys() & here.passed), sep="\n")
    assert len(here.passed) >= LEAST, _summary("in a tenant", here)
