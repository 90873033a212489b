# SPDX-License-Identifier: MIT
"""One boot of the campaign: a driver or a manager, faults, tenants whose bytes are all known; and what
became of each fault."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from ringfence import BUILD, ROOT, bundle

from faults.plan import table
from faults.targets import bundle_for
from lib import variant

MACHINES = ROOT / "tests" / "faults"
TENANTS = ("red", "blue")  # whose bytes are known while a driver has faults
VICTIM, WITNESSES = "red", ("blue", "green")  # while the manager of the first has them
PROGRAMS = BUILD / "faults"
INSTRUCTION_SHIFT = 4  # of -icount: an instruction takes 16 ns, about as long as the emulator itself takes


@dataclass
class Trial:
    """One fault and what came of it; times in nanoseconds of the guest, 0: never."""

    number: int
    # unmet, overwritten, harmless, felt, slow, recovered, lost, down; "core": the machine went with it
    verdict: str
    failures: int = 0
    injected: int = 0
    met: int = 0
    failed: int = 0
    recovered: int = 0
    replayed: int = 0
    cause: str = ""
    wrong: list = field(default_factory=list)  # what tenants said meanwhile: "red|PLACE|BYTES|KIND"
    errors: list = field(default_factory=list)


@dataclass
class Outcome:
    trials: list
    rest: list  # of the tenants' lines: after the last fault
    is_whole: bool  # the runner came to its end
    result: object  # of the boot


def fight(guest, target, shape, faults, *, emulator="qemu", options="", seconds=0, timeout=600, **arguments):
    """Boots, and has `faults` happen to the target; or leaves the workload to itself for some seconds."""
    with tempfile.TemporaryDirectory(prefix="ringfence-faults-") as folder:
        root = Path(folder) / "root"
        _make_root(root)
        if emulator == "qemu":
            arguments |= {"icount": True, "instruction_shift": INSTRUCTION_SHIFT}
        result = guest.boot(
            f"cp /boot/runner /tmp/runner && chmod 755 /tmp/runner && /tmp/runner {_words(target)}",
            "rfctl audit --json",
            kernel=variant.kernel("TEST_FAULTS"),
            base_bundle=bundle_for(target, folder),
            machine=MACHINES / shape.machine,
            emulator=emulator,
            roots={tenant: root for tenant in (VICTIM, *WITNESSES)},
            entries=[
                bundle.Entry(bundle.FILE, "runner", (PROGRAMS / "runner").read_bytes()),
                bundle.Entry(bundle.FILE, "faults", table(faults, seconds)),
            ],
            disks=shape.disks,
            qemu_args=shape.qemu,
            options=options,
            timeout=timeout,
            **arguments,
        )
    return _outcome(result)


def _words(target):
    if target.is_manager:
        return f"manager {VICTIM} {' '.join(WITNESSES)}"
    return f"driver {target.name} {' '.join(TENANTS)}"


def _make_root(root):
    (root / "bin").mkdir(parents=True)
    for program in ("workload", "talk", "exercise"):
        shutil.copy(PROGRAMS / program, root / program)
    shutil.copy(BUILD / "third-party" / "busybox" / "busybox", root / "bin" / "busybox")


def _outcome(result):
    trials, begun, rest, is_whole = [], None, [], False
    for line in result.output.splitlines():
        kind, *words = line.split("|")
        if kind == "begin":
            begun = Trial(int(words[0]), "core")
            trials.append(begun)
        elif kind == "fault":
            _end(begun, words)
        elif kind == "tenant":
            _note(trials[-1] if trials else None, rest, words)
        elif kind == "done":
            is_whole = True
    return Outcome(trials, rest, is_whole, result)


def _end(trial, words):
    number, verdict, failures, injected, met, failed, recovered, replayed, cause = words
    assert int(number) == trial.number, words
    trial.verdict, trial.cause = verdict, cause
    trial.failures, trial.injected, trial.met = int(failures), int(injected), int(met)
    trial.failed, trial.recovered, trial.replayed = int(failed), int(recovered), int(replayed)


def _note(trial, rest, words):
    tenant, kind, *details = words
    if kind == "wrong" and trial:
        trial.wrong.append("|".join((tenant, *details)))
    elif kind == "error" and trial:
        trial.errors.append("|".join((tenant, *details)))
    else:
        rest.append("|".join(words))
