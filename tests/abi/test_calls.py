# SPDX-License-Identifier: MIT
"""Small programs, one idea each: the same binary on Linux and in a tenant prints the same and ends the same.

Their sources, tests/abi/calls/AREA/NAME.c, say on which system calls they stand: `// Calls: openat, statx (stat64 lstat64)`. On Linux,
with one of them refused, and those in brackets behind it that libc would try instead, the program must show it.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lib import Skip, cases, linux
from lib.guest import Guest
from lib.once import once
from lib.script import in_tenant
from ringfence import BUILD, erofs

HERE = Path(__file__).parent
SOURCES = HERE / "calls"
BUILT = BUILD / "abi" / "calls"
CELL = BUILD / "abi-oracle" / "cell"
BUSYBOX = BUILD / "third-party" / "busybox"
PROGRAMS = sorted(f"{source.parent.name}/{source.stem}" for source in SOURCES.glob("*/*.c"))
DIFFERENCES = dict(
    map(str.strip, line.split(":", 1)) for line in (HERE / "differences").read_text().splitlines() if line and line[0] != "#"
)
HARMLESS = "threads/yield"  # asks whether this kernel runs such programs, outside of any cell
NO_CELL = 125
LINUX_TIMEOUT, REFUSED_TIMEOUT, BOOT_TIMEOUT = 10, 3, 400
SILENT = "no end"  # where a status should be
EACH = f"""
    exec 2>/dev/null
    for program in {" ".join(PROGRAMS)}; do
        mkdir -p /tmp/$program && cd /tmp/$program
        setsid timeout -s KILL 10 /calls/$program </dev/null >/tmp/output 2>&1
        status=$?
        cd /tmp
        echo "==== $program $status"
        cat output
        rm -rf /tmp/$program
    done"""


def says(program, key):
    """What a line of its source says behind "// KEY:"; None if it has none."""
    line = re.search(rf"^// {key}: (.*)$", (SOURCES / f"{program}.c").read_text(), re.MULTILINE)
    return line and line[1]


@once
def is_refused(need):
    """Containers refuse real-time classes to root, too."""
    assert need == "real time", need
    code = "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode != 0


def on_linux(program, *refused):
    """Status and output on the host's kernel, with these numbers refused; Skip where that cannot be."""
    if os.geteuid():
        raise Skip("a place like a tenant can be made by root alone")
    need = says(program, "Needs")
    if need and is_refused(need):
        raise Skip(f"this host's kernel refuses: {need}")
    linux.run(BUILT / HARMLESS)
    timeout = REFUSED_TIMEOUT if refused else LINUX_TIMEOUT
    with tempfile.TemporaryDirectory() as root:
        command = [CELL, root, BUILT, program, *map(str, refused)]
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as late:
            return SILENT, (late.stdout or b"").decode(errors="replace")
    output = ended.stdout.decode(errors="replace")
    assert ended.returncode != NO_CELL, output
    return str(ended.returncode), output


@once
def in_tenants(emulator):
    """Status and output of each program, all of them in one boot."""
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [], [])
        shutil.copytree(BUILT, Path(folder) / "calls", ignore=shutil.ignore_patterns("*.d"))
        boot = Guest().boot(
            in_tenant("red", EACH), machine=HERE / "machine.toml", emulator=emulator, roots={"red": folder}, timeout=BOOT_TIMEOUT
        )
    parts = re.split(r"^==== (\S+) (\d+)\n", boot.output, flags=re.MULTILINE)
    found = {name: (status, output) for name, status, output in zip(parts[1::3], parts[2::3], parts[3::3])}
    return found, boot.explain()


@once
def expected(program):
    return on_linux(program)


@once
def numbers(_):
    """Of the system calls of i386, by name."""
    command = ["gcc", "-m32", "-E", "-dM", "-include", "asm/unistd_32.h", "-x", "c", "/dev/null"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: int(number) for name, number in re.findall(r"#define __NR_(\w+) (\d+)", text)}


def stands_on(program):
    """Lists of names: a call, and what libc falls back on."""
    line = says(program, "Calls")
    assert line, f"{program}.c has no line of calls"
    return [re.findall(r"\w+", call) for call in line.split(",")]


def test_a_tenant_runs_them_all():
    """First, and beside those that need no tenant."""
    found, how_it_went = in_tenants("qemu")
    assert list(found) == PROGRAMS, how_it_went


@cases(*PROGRAMS)
def test_a_missing_call_shows(program):
    for names in stands_on(program):
        refused = [numbers("i386")[name] for name in names]
        assert on_linux(program, *refused) != expected(program), f"without {names} it does the same"


def difference(on_linux_it, in_a_tenant):
    before, after = ([*output.splitlines(), f"ends with {status}"] for status, output in (on_linux_it, in_a_tenant))
    return "\n".join(difflib.unified_diff(before, after, "on Linux", "in a tenant", lineterm=""))


@cases(*PROGRAMS)
def test_linux_and_a_tenant_agree(program):
    found, how_it_went = in_tenants("qemu")
    assert program in found, how_it_went
    same = found[program] == expected(program)
    if program in DIFFERENCES:
        assert not same, f"tests/abi/differences has it, and there is none: {DIFFERENCES[program]}"
    else:
        assert same, difference(expected(program), found[program])


def test_differences_are_of_programs():
    assert set(DIFFERENCES) <= set(PROGRAMS), set(DIFFERENCES) - set(PROGRAMS)
