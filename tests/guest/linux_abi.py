# SPDX-License-Identifier: MIT
"""The same programs on Linux and in a tenant: tests/abi says what each of them checks."""

import tempfile
from pathlib import Path

from lib import cases, linux, long
from lib.image import image
from ringfence import BUILD, erofs

ABI = BUILD / "abi"
BUSYBOX = BUILD / "third-party" / "busybox"
PROGRAMS = ["processes", "execute", "interpreters", "signals", "mappings", "threads", "cpus", "sockets", "netlink", "counters", "signal_files", "watches", "watch_masks", "far_times"]
PROGRAMS += ["local", "passed", "local_garbage", "local_waits", "local_senders", "message_queues", "mount_moves", "vdso", "affinity"]


def root(folder):
    """busybox, for the shell that the programs call, and the programs."""
    erofs.lay_out(Path(folder), BUSYBOX, [ABI / name for name in [*PROGRAMS, "clock_set", "random_calls"]], [])


@cases(*PROGRAMS)
def test_the_program_itself_on_linux(guest, program):
    output = linux.run(ABI / program)
    assert "checks, 0 failed" in output, output


@cases("qemu", long=("bochs",))
def test_a_tenant_runs_them_as_linux_does(guest, emulator):
    with tempfile.TemporaryDirectory() as folder:
        root(folder)
        commands = [f"rfctl exec red -- /bin/{program}" for program in PROGRAMS]
        result = guest.boot(*commands, roots={"red": folder}, emulator=emulator, timeout=180)
    assert result.output.count("checks, 0 failed") == len(PROGRAMS), result.explain()
    assert result.statuses == [0] * len(PROGRAMS), result.explain()


def test_direct_io_on_linux(guest):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(bytes(256 << 10))
        output = linux.run(ABI / "direct", path)
    assert "checks, 0 failed" in output, output


@cases("qemu", long=("bochs",))
def test_direct_io_in_a_tenant(guest, emulator):
    """With a disk that keeps requests waiting, and 2 CPUs: memory changes while it is at them."""
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [ABI / "direct"], [])
        result = guest.boot(
            "rfctl set red disk.iops=100 disk.burst=10",
            "rfctl exec red -- /bin/direct /dev/vda",
            roots={"red": folder}, emulator=emulator, cpus=2, timeout=180,
        )
    assert "checks, 0 failed" in result.output, result.explain()


@cases("qemu", long=("bochs",))
def test_two_cpus_have_one_clock(guest, emulator):
    with tempfile.TemporaryDirectory() as folder:
        root(folder)
        commands = [f"rfctl exec red -- /bin/{program}" for program in ("vdso", "clock_set")]
        result = guest.boot(*commands, roots={"red": folder}, emulator=emulator, cpus=2, timeout=120)
    assert result.output.count("checks, 0 failed") == 2 and result.statuses == [0, 0], result.explain()


@cases("qemu", "bochs")
def test_timers_follow_a_clock_that_is_set(guest, emulator):
    """In a tenant alone: the host's clock is left as it is."""
    with tempfile.TemporaryDirectory() as folder:
        root(folder)
        result = guest.boot("rfctl exec red -- /bin/clock_set", roots={"red": folder}, emulator=emulator, timeout=60)
    assert result.statuses == [0] and "checks, 0 failed" in result.output, result.explain()


@cases(("qemu", 1), ("qemu", 2), ("bochs", 1))
def test_who_takes_most_ends_when_memory_runs_out(guest, case):
    """In a tenant alone, and a small one, which goes on."""
    emulator, cpus = case
    commands = ["rfctl create small image=shortage memory=6MiB >/dev/null; sleep 1", *["rfctl exec small -- /shortage"] * 2]
    result = guest.boot(*commands, entries=[image("shortage", ABI / "shortage")], emulator=emulator, cpus=cpus,
                        timeout=120)
    assert result.statuses == [0] * 3 and result.output.count("checks, 0 failed") == 2, result.explain()


def on_both(guest, program, emulator="qemu"):
    """The host's Linux, and a tenant."""
    assert "checks, 0 failed" in linux.run(ABI / program)
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [ABI / program], [])
        result = guest.boot(f"rfctl exec red -- /bin/{program}", roots={"red": folder}, emulator=emulator, timeout=120)
    assert result.statuses == [0] and "checks, 0 failed" in result.output, result.explain()


@cases("qemu", long=("bochs",))
def test_a_page_that_is_mapped_too_often(guest, emulator):
    on_both(guest, "often", emulator)


@long
def test_numbers_of_processes_come_again(guest):
    on_both(guest, "numbers")


@cases("qemu", long=("bochs",))
def test_mounts_in_excess(guest, emulator):
    """In a tenant alone, and a small one: it fills its memory."""
    create = "rfctl create small image=mounts memory=2MiB >/dev/null; sleep 1; rfctl exec small -- /mounts"
    result = guest.boot(create, entries=[image("mounts", ABI / "mounts")], emulator=emulator, timeout=120)
    assert result.statuses == [0] and "checks, 0 failed" in result.output, result.explain()


def test_random_calls_hurt_nobody_else(guest):
    with tempfile.TemporaryDirectory() as folder:
        root(folder)
        result = guest.boot(
            "rfctl exec red -- /bin/random_calls 60000",
            "rfctl exec red -- /bin/processes",
            roots={"red": folder},
            timeout=180,
        )
    assert "refused: " in result.output, result.explain()
    assert "checks, 0 failed" in result.output, result.explain()
    assert not any("ends:" in line for line in result.log), result.explain()


@cases("qemu", "bochs")
def test_syslogd_hears_logger(guest, emulator):
    """By a datagram socket at a path, which netstat shows."""
    result = guest.boot(
        "rfctl exec red -- sh -c 'syslogd -O /tmp/messages; sleep 1; logger -t me hello; sleep 1; cat /tmp/messages; netstat -x'",
        emulator=emulator, timeout=60,
    )
    assert "user.notice me: hello" in result.output, result.explain()
    assert "DGRAM" in result.output and "/dev/log" in result.output, result.output
