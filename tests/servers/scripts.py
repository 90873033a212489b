# SPDX-License-Identifier: MIT
"""Lua, SQLite and a long pipeline: the same binary on Linux and in a tenant, and the same output."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from lib import cases, linux
from lib.script import in_tenant
from ringfence import BUILD

HERE = Path(__file__).parent
MACHINE = HERE / "machine.toml"
LUA = BUILD / "third-party" / "lua5.4" / "root" / "bin" / "lua"
SQLITE = BUILD / "third-party" / "sqlite3" / "root" / "bin" / "sqlite3"
LINKER = BUILD / "linker" / "lib" / "ld-musl-i386.so.1"
MODULES = BUILD / "lua" / "usr" / "local" / "lib" / "lua" / "5.4"
SCRIPT_TIMEOUT = 60


def dynamic(program):
    """The dynamic build of a static program, as a command for the host: its linker is not in the host's /lib."""
    return [LINKER, "--library-path", program.parent.parent / "lib", f"{program}-dynamic"]


def on_linux(*command, script):
    """What the program prints on the host's own kernel; Skip where that runs no i386 programs."""
    linux.run(LUA, "-v")
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            command, input=script, capture_output=True, cwd=folder, timeout=SCRIPT_TIMEOUT, check=False,
            env={"LUA_CPATH": f"{MODULES}/?.so"},
        ).stdout.decode()


@cases("qemu", "bochs")
def test_lua(guest, emulator):
    script = (HERE / "script.lua").read_bytes()
    output = guest.run(in_tenant("red", script, "lua -"), machine=MACHINE, emulator=emulator)
    expected = on_linux(LUA, "-", script=script)
    assert expected.count("\n") > 20 and output == expected, f"{output}\n---- on Linux:\n{expected}"


@cases("qemu", "bochs")
def test_sqlite(guest, emulator):
    script = (HERE / "script.sql").read_bytes()
    output = guest.boot(in_tenant("red", script, "sqlite3 database"), machine=MACHINE, emulator=emulator).output
    expected = on_linux(SQLITE, "database", script=script)
    assert "\nok\n" in expected and output == expected, f"{output}\n---- on Linux:\n{expected}"


@cases("qemu", "bochs")
def test_lua_is_linked_when_it_starts(guest, emulator):
    """And loads a module in C, by `require`."""
    script = (HERE / "script.lua").read_bytes() + (HERE / "module.lua").read_bytes()
    output = guest.run(in_tenant("red", script, "lua-dynamic -"), machine=MACHINE, emulator=emulator)
    expected = on_linux(*dynamic(LUA), "-", script=script)
    assert "in the middle" in expected and output == expected, f"{output}\n---- on Linux:\n{expected}"


def test_sqlite_is_linked_when_it_starts(guest):
    script = (HERE / "script.sql").read_bytes()
    output = guest.boot(in_tenant("red", script, "sqlite3-dynamic database"), machine=MACHINE).output
    expected = on_linux(*dynamic(SQLITE), "database", script=script)
    assert "\nok\n" in expected and output == expected, f"{output}\n---- on Linux:\n{expected}"


def test_sqlite_is_killed_while_it_writes(guest):
    """What was committed is there, what was not is gone; and readers go on beside the writer."""
    rows = "WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 2000) INSERT INTO t SELECT x, hex(x) FROM n;"
    script = f"""
        count() {{ sqlite3 database ".timeout 5000" "SELECT count(*) % 2000, count(*) > 0 FROM t; PRAGMA integrity_check"; }}
        sqlite3 database "PRAGMA journal_mode = WAL; CREATE TABLE t (a, b)"
        while echo "BEGIN; {rows} COMMIT;"; do :; done | sqlite3 database &
        sleep 1
        for n in 1 2 3 4 5 6 7 8; do sleep 0.2; count; done
        kill -9 $(pidof sqlite3) && echo killed
        wait
        count"""
    lines = guest.run(in_tenant("red", script), machine=MACHINE).split()
    assert lines == ["wal", *["0|1", "ok"] * 8, "killed", "0|1", "ok"], lines


def test_a_pipeline_over_100_megabytes(guest):
    count = 100 << 20
    line = b"a line of a long pipeline\n"
    expected = hashlib.md5((line * (count // len(line) + 1))[:count]).hexdigest()
    command = f"yes {line.decode().strip()} | head -c {count} | tee /dev/null | cat | dd bs=64k 2>/dev/null | md5sum"
    output = guest.run(f"rfctl exec red -- sh -c '{command}'", machine=MACHINE, timeout=200)
    assert output.split()[0] == expected, output
