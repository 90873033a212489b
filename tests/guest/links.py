# SPDX-License-Identifier: MIT
"""Links between tenants, by AF_VSOCK: bytes arrive once and in order, ends and deaths are told, the policy is kept."""

import contextlib
import tempfile
from pathlib import Path

from lib import cases
from ringfence import BUILD, erofs

MACHINE = Path(__file__).parent / "machines" / "links.toml"
RED, BLUE = 3, 4  # context ids
PORT = 4000
ALLOW = "rfctl allow red blue"
OTHER_PORT = 4001


def vsock(tenant, *words):
    return f"rfctl exec {tenant} -- /bin/vsock {' '.join(map(str, words))}"


def behind(tenant, *words):
    """The same, left to itself; what it says is in /tmp/said."""
    return f"rfctl exec {tenant} -- sh -c '/bin/vsock {' '.join(map(str, words))} >/tmp/said </dev/null 2>&1 & sleep 0.3'"


SERVE = behind("blue", "serve", PORT)
TAKE, HOLD = behind("blue", "take", OTHER_PORT), behind("red", "hold", BLUE, OTHER_PORT)


@contextlib.contextmanager
def roots():
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUILD / "third-party" / "busybox", [BUILD / "abi" / "vsock"], [])
        yield {"red": folder, "blue": folder, "grey": folder}


def run(guest, *commands, **options):
    with roots() as folders:
        return guest.boot(*commands, machine=MACHINE, roots=folders, timeout=options.pop("timeout", 120), **options)


@cases("qemu", "bochs")
def test_bytes_come_back(guest, emulator):
    count = 3_000_000 if emulator == "qemu" else 300_000
    commands = [vsock("red", "checks"), vsock("red", "cid"), ALLOW, SERVE, vsock("red", "call", BLUE, PORT, count)]
    result = run(guest, *commands, vsock("red", "call", BLUE, PORT, 1), "rfctl audit", emulator=emulator)
    assert result.statuses == [0] * 7, result.explain()
    assert f"\n{RED}\n" in "\n" + result.output and f"{count} bytes came back" in result.output, result.explain()


@cases("qemu", "bochs")
def test_who_may(guest, emulator):
    """Who may not talk sees no more than of a tenant that is not there; a link ends when the leave does."""
    result = run(
        guest,
        SERVE, vsock("red", "refused", BLUE, PORT), vsock("red", "refused", 77, PORT), ALLOW,
        vsock("red", "refused", BLUE, 9999), vsock("grey", "refused", BLUE, PORT), TAKE, HOLD, "rfctl deny red blue",
        "sleep 0.3", "rfctl exec blue -- cat /tmp/said", vsock("red", "refused", BLUE, PORT), "rfctl audit",
        emulator=emulator,
    )
    assert result.statuses == [0] * 13, result.explain()
    nobody, reset = "No such device", "Connection reset by peer"
    said = [line for line in result.output.splitlines() if line in (nobody, reset) or "bytes, then" in line]
    assert said == [nobody, nobody, reset, nobody, f"4 bytes, then {reset}", nobody], result.explain()


@cases("qemu", "bochs")
def test_a_death(guest, emulator):
    """The offerer dies with its memory, while the acceptor reads: an error, and neither a fault nor wrong bytes."""
    result = run(
        guest,
        ALLOW, TAKE, HOLD, "rfctl restart red", "sleep 1", "rfctl exec blue -- cat /tmp/said", SERVE,
        vsock("red", "call", BLUE, PORT, 100_000), "rfctl restart blue", "sleep 1", SERVE,
        vsock("red", "call", BLUE, PORT, 100_000), "rfctl audit",
        emulator=emulator,
    )
    assert result.statuses == [0] * 13, result.explain()
    assert "4 bytes, then Connection reset by peer" in result.output, result.explain()
    assert result.output.count("100000 bytes came back") == 2, result.explain()


@cases("qemu", "bochs")
def test_what_was_cut_off_is_no_end(guest, emulator):
    """The acceptor dies; its last bytes are still there, and then an error, even if both are found by one call."""
    give, late = behind("blue", "give", OTHER_PORT), behind("red", "late", BLUE, OTHER_PORT, 2)
    result = run(guest, ALLOW, give, late, "rfctl restart blue", "sleep 3", "rfctl exec red -- cat /tmp/said", emulator=emulator)
    assert result.statuses == [0] * 6, result.explain()
    assert "4 bytes, then Connection reset by peer" in result.output, result.explain()


@cases("qemu", long=("bochs",))
def test_a_cut_while_bytes_are_read(guest, emulator):
    """The pages change under a reader on another CPU: it sees an error, and never a byte that was not sent."""
    count = 1000 if emulator == "qemu" else 50
    swallow = f"rfctl exec blue -- /bin/vsock swallow {OTHER_PORT} {count} >/tmp/said </dev/null & sleep 1"
    result = run(
        guest, ALLOW, f"{swallow}; {vsock('red', 'cut', BLUE, OTHER_PORT, count)} && wait; cat /tmp/said", "rfctl tenants",
        emulator=emulator, cpus=2,
    )
    assert result.statuses == [0, 0, 0] and "\n0 bytes are wrong" in "\n" + result.output, result.explain()
    assert "died" not in result.output and not any("ends: " in line for line in result.log), result.explain()


@cases("qemu", "bochs")
def test_one_neighbour_takes_not_all(guest, emulator):
    """Red opens what it can; grey still gets its connection."""
    result = run(
        guest,
        ALLOW, "rfctl allow grey blue", SERVE,
        f"rfctl exec red -- sh -c '(/bin/vsock many {BLUE} {PORT} 200; sleep 60) >/tmp/said </dev/null 2>&1 & sleep 3'",
        "rfctl exec red -- cat /tmp/said", vsock("grey", "call", BLUE, PORT, 1000), "rfctl audit",
        emulator=emulator,
    )
    assert result.statuses == [0] * 7, result.explain()
    got = int(next(line.split()[0] for line in result.output.splitlines() if line.endswith(" connections")))
    assert 1 <= got <= 32 and "1000 bytes came back" in result.output, result.explain()
