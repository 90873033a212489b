# SPDX-License-Identifier: MIT
"""What `rf run` promises: exact output, exit statuses, every way to boot, folders as roots."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import time
from pathlib import Path

from lib import cases
from ringfence import BUILD, ROOT
from ringfence.boot import BASE_BUNDLE
from ringfence.disk import volume_digest

BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"


def test_output_is_exact_and_the_last_status_counts(guest):
    result = guest.boot("echo one; echo two >&2; exit 3", "printf three; exit 5")
    assert result.output == "one\nthree", result.explain()
    assert result.errors == "two\n", result.explain()
    assert result.statuses == [3, 5] and result.status == 5, result.explain()


def test_output_of_every_byte_value(guest):
    octal = "".join(f"\\{byte:03o}" for byte in range(1, 128))
    output = guest.run(f"printf '{octal}'")
    assert output == "".join(map(chr, range(1, 128))), repr(output)


def test_time_limit(guest):
    result = guest.boot("sleep 100", timeout=10)
    assert result.status == 124, result.explain()


def test_a_dead_guest_is_told_from_a_failed_command(guest):
    with tempfile.TemporaryDirectory() as folder:
        damaged = Path(folder) / "base.bundle"
        damaged.write_bytes(BASE_BUNDLE.read_bytes()[:5000])
        result = guest.boot("true", base_bundle=damaged, timeout=30)
    assert result.status == 70, result.explain()
    assert result.panic or result.log, "it died without a word"


@cases("bios", "uefi")
def test_firmware(guest, firmware):
    assert guest.run("echo booted", firmware=firmware, timeout=120) == "booted\n"


def test_q35(guest):
    """Another chipset, with PCI Express and AHCI in place of IDE."""
    result = guest.boot("rfctl exec red -- sha256sum /dev/vda", qemu_args=["-M", "q35"], timeout=120)
    assert result.output == f"{volume_digest('red', 64 << 20)}  /dev/vda\n", result.explain()


def test_bochs(guest):
    assert guest.run("echo booted", emulator="bochs", timeout=180) == "booted\n"


def test_folder_as_root(guest):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(BUSYBOX, folder)
        (Path(folder) / "greeting").write_text("from the host\n")
        output = guest.run("rfctl exec red -- /busybox cat /greeting", roots={"red": folder})
    assert output == "from the host\n", repr(output)


def test_icount_runs_are_equal(guest):
    logs = [guest.boot("echo same", icount=True).log for _ in range(2)]
    assert logs[0] and logs[0] == logs[1]


# ---- The prompt --------------------------------------------------------------------------------------

ROWS, COLUMNS = 37, 111


class Prompt:
    """`rf run` on a terminal of ROWS and COLUMNS."""

    def __init__(self, *options, term):
        self._terminal, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            [ROOT / "tools" / "rf", "run", *options],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=os.environ | {"TERM": term},
            start_new_session=True,
        )
        os.close(terminal)
        self.shown = ""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def type(self, keys):
        os.write(self._terminal, keys.encode())

    def wait_for(self, text, seconds=60):
        """Until `text` is shown, or the run has ended; what was shown up to then."""
        end, start = time.monotonic() + seconds, len(self.shown)
        while text not in self.shown[start:]:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} does not come:\n{self.shown}"
            if not select.select([self._terminal], [], [], left)[0]:
                continue
            try:
                shown = os.read(self._terminal, 1 << 12).decode(errors="replace")
            except OSError:  # rf and the emulator have closed it
                break
            self.shown += shown.replace("\r", "")
        return self.shown[start:]


@cases("qemu", "bochs")
def test_prompt(guest, emulator):
    """The guest's terminals are like the host's, and leaving by Ctrl-A x is no mistake."""
    ask = "stty size; echo $TERM; echo do''ne"
    with Prompt("--emulator", emulator, term="xterm") as prompt:
        prompt.wait_for(":~# ", 120)
        prompt.type(f"{ask}\r")
        assert f"{ROWS} {COLUMNS}\nxterm\n" in prompt.wait_for("done"), prompt.shown
        prompt.type("rfctl exec red -- sh\r")
        prompt.wait_for("/ # ")
        prompt.type(f"{ask}\r")
        assert f"{ROWS} {COLUMNS}\nxterm\n" in prompt.wait_for("done"), prompt.shown
        prompt.type("\x01x")
        last = prompt.wait_for("no such text")
        assert prompt.process.wait(20) == 0 and "rf: " not in last, prompt.shown


@cases("qemu", "bochs")
def test_a_script_is_typed(guest, emulator):
    """Standard input that is no terminal waits for the prompt; where it ends the machine goes off, and nothing shown is lost."""
    lines = [f"echo line $(({number} * 3))" for number in range(40)]
    script = "\n".join([*lines, "rfctl exec red -- hostname", "seq 1000 | tail -n 1"]) + "\n"
    run = subprocess.run(
        [ROOT / "tools" / "rf", "run", "--emulator", emulator], input=script, capture_output=True, text=True, timeout=180
    )
    shown = run.stdout.replace("\r", "")
    expected = [f"line {number * 3}" for number in range(40)] + ["red", "1000"]
    assert run.returncode == 0, run.stderr
    assert [line for line in shown.splitlines() if line in expected] == expected, shown
    assert shown.rstrip().endswith("rfctl poweroff"), shown
