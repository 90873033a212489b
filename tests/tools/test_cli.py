# SPDX-License-Identifier: MIT
"""What `rf` says where nothing is booted: its notes, its refusals and their exit statuses."""

import os
import subprocess

from lib import cases
from ringfence import DEFAULT_MACHINE, ROOT

FOLDER_MISSING = "rf: --output: there is no folder /nonexistent\n"
FINE = f"{DEFAULT_MACHINE}: fine\n"
SAID = {
    "one CPU": (["check", DEFAULT_MACHINE], 0, FINE, ""),
    "two CPUs": (["check", DEFAULT_MACHINE, "--cpus", "2"], 0, FINE, ""),
    "a tap that is not there": (["run", "--tap", "nosuch", "--exec", "true"], 2, "", "rf: --tap: this host has no interface nosuch\n"),
    "a card that Bochs has not": (
        ["run", "--emulator", "bochs", "--network-card", "e1000e"], 2, "", "rf: --network-card: Bochs has one card, an e1000\n"
    ),
    "a disk without a folder": (
        ["disk", "create", "/nonexistent/x", "a=1MiB"], 2, "", "rf: disk create: there is no folder /nonexistent\n"
    ),
    "a disk that is not there": (["disk", "ls", "/nonexistent"], 2, "", "rf: [Errno 2] No such file or directory: '/nonexistent'\n"),
    "a word that QEMU does not know": (
        ["run", "--qemu-arg=-nonsense", "--exec", "true"], 2, "",
        "rf: the emulator did not start the guest:\nqemu-system-i386: -nonsense: invalid option\n",
    ),
    "image without a folder": (["image", "--output", "/nonexistent/x.iso"], 2, "", FOLDER_MISSING),
}


@cases(*SAID)
def test_said(case):
    words, status, output, errors = SAID[case]
    done = subprocess.run([ROOT / "tools" / "rf", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (status, output, errors), done


@cases("0", "-1", "nan", "inf", "soon")
def test_timeout_is_above_zero(seconds):
    command = [ROOT / "tools" / "rf", "run", f"--timeout={seconds}", "--exec", "true"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "is no number of seconds above 0" in done.stderr, done


@cases("rf check", "disk digest")
def test_before_the_first_build(tool):
    program, word = tool.split()
    done = subprocess.run(
        [ROOT / "tools" / program, word, DEFAULT_MACHINE, *(["red"] if program == "disk" else [])],
        capture_output=True,
        text=True,
        env=os.environ | {"RINGFENCE_BUILD": "/nonexistent"},
    )
    assert done.returncode and "run make" in done.stderr and "\n" not in done.stderr.strip(), done
