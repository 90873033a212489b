# SPDX-License-Identifier: MIT
"""What `rf run` promises: exact output, exit statuses, every way to boot, folders as roots."""

import shutil
import tempfile
from pathlib import Path

from lib import cases
from ringfence import BUILD
from ringfence.boot import BASE_BUNDLE

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
