# SPDX-License-Identifier: MIT
"""Random calls from rings 1, 2 and 3 to the booted core: one run, and what came of it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ringfence import BUILD, bundle, erofs

MACHINE = Path(__file__).resolve().parent / "machine.toml"
STRIPPED = BUILD / "stripped"
LIFE_CALLS = 1 << 16  # drivers/test/hostile/random_gates.c
FENCES = {"qemu": "paging", "bochs": "segment"}  # what each of them enforces
SHORTEST = 300  # seconds of patience
BOOT_SECONDS = 60


@dataclass
class Run:
    ring: int
    seed: int
    calls: int
    emulator: str = "qemu"
    cpus: int = 1
    seconds: int = SHORTEST  # patience

    def count(self):
        return -(-self.calls // LIFE_CALLS) if self.ring == 1 else self.calls

    def describe(self):
        return (
            f"tests/fuzz/in-guest --ring {self.ring} --seed {self.seed} --calls {self.calls} "
            f"--emulator {self.emulator} --cpus {self.cpus}"
        )


def _app_image():
    with tempfile.TemporaryDirectory(prefix="ringfence-fuzz-") as directory:
        root, image = Path(directory) / "root", Path(directory) / "attacker.erofs"
        (root / "bin").mkdir(parents=True)
        for source, place in (
            (BUILD / "abi" / "random_calls", root / "random_calls"),
            (BUILD / "third-party" / "busybox" / "busybox", root / "bin" / "busybox"),
        ):
            place.write_bytes(source.read_bytes())
            place.chmod(0o755)
        erofs.make_root(root, image)
        return image.read_bytes()


def _entries():
    return [
        bundle.Entry(bundle.DRIVER, "hostile", (STRIPPED / "drivers" / "hostile.elf").read_bytes()),
        bundle.Entry(bundle.MANAGER, "hostile", (STRIPPED / "domains" / "hostile.elf").read_bytes()),
        bundle.Entry(bundle.IMAGE, "attacker", _app_image()),
        bundle.Entry(bundle.FILE, "referee", (BUILD / "fuzz" / "referee").read_bytes()),
    ]


def perform(guest, run):
    """Boots and runs. Gives the boot's result, the fuzzer's outcome, and the harm to others.

    With one CPU time is counted in instructions, so that a run repeats exactly; with more they run in parallel.
    """
    words = f"{run.ring} {run.seed} {run.count()} {run.seconds}"
    result = guest.boot(
        f"cp /boot/referee /tmp/referee && chmod 755 /tmp/referee && /tmp/referee {words}",
        emulator=run.emulator,
        machine=MACHINE,
        fence=FENCES[run.emulator],
        cpus=run.cpus,
        icount=run.emulator == "qemu" and run.cpus == 1,
        entries=_entries(),
        timeout=run.seconds + BOOT_SECONDS,
    )
    for line in result.output.splitlines():
        kind, *fields = line.split("|")
        if kind == "result":
            return result, fields[0], fields[1]
    last = (result.panic or result.log or ["no word"])[0 if result.panic else -1]
    return result, f"the machine is lost: {last}", "all"


def is_contained(outcome, harm):
    return outcome.startswith("refused: ") and harm == "none"
