# SPDX-License-Identifier: MIT
"""Boots a guest for a test, in this process, the way `rf run --exec` does."""

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from ringfence import network
from ringfence.boot import BASE_BUNDLE, KERNEL, Boot, available_images, parse_disks
from ringfence.description import load
from ringfence.session import EMULATORS, Session

TWO_TENANTS = Path(__file__).resolve().parent.parent / "guest" / "machines" / "two_tenants.toml"
DEFAULT_TIMEOUT = 120
JOIN_SECONDS = 60
EMULATOR_WORDS = 500  # characters
default_cpus = None  # None: what the machine description says


@dataclass
class Result:
    """How a boot went: what the commands printed, how they ended, and what the core said."""

    output: str
    errors: str
    status: int  # as of `rf run`: 124 for a timeout, 70 if the guest died
    statuses: list  # one for each command
    log: list
    results: list  # the core's own "PASS|name|detail" and "FAIL|name|detail"
    marks: list
    panic: list
    serial: str
    seconds: float
    emulator: str = ""  # its own last words

    def explain(self):
        """The end of the boot in a few lines, for a failure's report."""
        lines = [f"status {self.status}, statuses {self.statuses}, {self.seconds:.1f} s"]
        lines += self.output.splitlines()[-10:] + self.errors.splitlines()[-10:]
        return "\n".join(lines + self.log[-20:] + self.panic)


class Guest:
    """Given to each test as its first argument; it collects the results of all the test's boots."""

    def __init__(self):
        self.boots = []

    def boot(
        self,
        *commands,
        emulator="qemu",
        machine=TWO_TENANTS,
        memory=None,
        cpus=None,
        fence=None,
        firmware=None,
        disks=("",),
        roots=None,
        entries=(),
        icount=False,
        instruction_shift=0,
        idle_is_real=False,
        qemu_args=(),
        card="virtio",
        publish=(),
        while_running=None,
        bochs_cpu=Boot.bochs_cpu,
        options="",
        timeout=DEFAULT_TIMEOUT,
        kernel=KERNEL,
        base_bundle=BASE_BUNDLE,
    ):
        """Boots, runs `commands` in the operator tenant, and returns the Result.

        `memory` is in MiB; `disks` are texts as of --disk, "" for the seeded disk; `options` are
        further words for the kernel's command line; `entries` go into the run's bundle. With `icount`
        guest time is instructions of 2 ** `instruction_shift` ns, and jumps ahead while the guest waits, however
        fast the host's disk is, unless `idle_is_real`. Without it such a machine has one CPU unless `cpus` says
        more: an emulator's CPUs take turns then, and what is counted is one CPU's. `card` is what a network card is,
        `publish` as --publish; `while_running` is called beside the boot, in a thread of its own.
        """
        memory = memory << 20 if memory else None
        counts = icount and not idle_is_real
        cpus = cpus or (1 if counts else default_cpus)
        description = load(Path(machine), images=available_images(), memory=memory, cpus=cpus)
        with tempfile.TemporaryDirectory(prefix="ringfence-test-") as directory:
            boot = Boot(
                machine=description,
                directory=Path(directory),
                kernel=Path(kernel),
                base_bundle=Path(base_bundle),
                commands=list(commands) or ["true"],
                roots={tenant: Path(folder) for tenant, folder in (roots or {}).items()},
                entries=list(entries),
                fence=fence,
                firmware=firmware,
                disks=parse_disks(disks, description, emulator),
                deterministic=icount,
                instruction_shift=instruction_shift,
                idle_is_real=idle_is_real,
                network=network.Network(
                    card=card,
                    publications=tuple(network.parse_publication(text, description) for text in publish),
                ),
                emulator_arguments=list(qemu_args),
                bochs_cpu=bochs_cpu,
                options=options,
            )
            boot.prepare()
            result = _result(_run(Session(boot, EMULATORS[emulator], timeout), while_running))
            result.emulator = _last_words(boot.directory / "emulator.txt")
        self.boots.append(result)
        return result

    def run(self, *commands, **arguments):
        """`boot`, and the output; AssertionError unless the last command succeeded."""
        result = self.boot(*commands, **arguments)
        assert result.status == 0, f"the last command failed\n{result.explain()}"
        return result.output


def _run(session, beside):
    thread = threading.Thread(target=beside, daemon=True) if beside else None
    if thread:
        thread.start()
    outcome = session.run()
    if thread:
        thread.join(JOIN_SECONDS)
    return outcome


def _last_words(path):
    return path.read_text(errors="replace")[-EMULATOR_WORDS:].strip() if path.exists() else ""


def _result(outcome):
    return Result(
        output=outcome.output.decode("utf-8", "replace"),
        errors=outcome.error_output.decode("utf-8", "replace"),
        status=outcome.status,
        statuses=outcome.statuses,
        log=outcome.log,
        results=outcome.tests,
        marks=outcome.marks,
        panic=outcome.panic,
        serial=outcome.serial,
        seconds=outcome.seconds,
    )
