# SPDX-License-Identifier: MIT
"""Real-time classes: within a tenant they go first, its other threads keep a twentieth, and to its neighbours they make no difference."""

import tempfile
from pathlib import Path

from lib import alone, cases, shares
from lib.script import in_tenant
from ringfence import BUILD, erofs

MACHINE = Path(__file__).parent / "machines" / "pair.toml"
ABI = BUILD / "abi"
BUSYBOX = BUILD / "third-party" / "busybox"
LOOP = "while :; do :; done"


def test_chrt(guest):
    """busybox's, which starts a program in a class, and shows and sets another's."""
    script = """
        chrt -m | grep -E "FIFO|RR"
        chrt -f 50 sh -c 'chrt -p $$; sh -c "chrt -p \\$\\$"' | sed "s/[0-9]*'s/its/"
        chrt -r 99 cut -d " " -f 18,40,41 /proc/self/stat
        sleep 100 & sleeper=$!
        for class in "-r 7" "-f 99" "-o 0" "-i 0" "-b 0"; do
            chrt -p $class $sleeper >/dev/null
            cut -d " " -f 18,40,41 /proc/$sleeper/stat
        done
        chrt -f 100 true 2>/dev/null || echo refused"""
    output = guest.run(in_tenant("red", script), machine=MACHINE)
    shown = "pid its current scheduling policy: SCHED_FIFO\npid its current scheduling priority: 50\n"
    assert output == (
        "SCHED_FIFO min/max priority\t: 1/99\nSCHED_RR min/max priority\t: 1/99\n"
        + shown * 2
        + "-100 99 2\n-8 7 2\n-100 99 1\n20 0 0\n20 0 5\n20 0 3\nrefused\n"
    ), output


def test_limits(guest):
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [ABI / "priority_limit"], [])
        output = guest.run("rfctl exec red -- /bin/priority_limit", roots={"red": folder})
    assert "checks, 0 failed" in output, output


def test_a_loop_that_gives_it_up_takes_turns(guest):
    """It has had a slice without end, and does not keep it."""
    script = f"chrt -f 50 sh -c '{LOOP}' & sleep 1; chrt -p -o 0 $! >/dev/null; "
    script += "for i in 1 2 3 4 5; do sleep 0.2; /bin/true; done; echo went on; kill $!"
    output = guest.run(in_tenant("red", script), machine=MACHINE, cpus=1, timeout=20)
    assert output == "went on\n", output


@cases(50, 99)
def test_a_shell_ends_a_loop(guest, priority):
    """On one CPU: a command comes in by a channel, and its shell has the part that real time leaves."""
    start = f"chrt -f {priority} sh -c '{LOOP}' & sleep 1; kill $!; wait $!; echo ended with $?"
    command = f"rfctl exec red -- chrt -f {priority} sh -c '{LOOP}' &"
    output = guest.run(
        in_tenant("red", start),
        f"{command} sleep 1; rfctl exec red -- pkill -f while; wait; echo ended",
        machine=MACHINE,
        cpus=1,
        timeout=60,
    )
    assert output == "ended with 143\nended\n", output


# What loops of a tenant have used of the CPU, in hundredths of a second, in a few seconds.
PARTS = f"""
    for class in "-f 99" "-o 0" "-o 0"; do
        chrt $class sh -c '{LOOP}' & loops="$loops $!"
    done
    used() {{ for loop in $loops; do cut -d " " -f 14,15 /proc/$loop/stat; done | tr "\\n" " "; }}
    sleep 2; used; sleep 6; used
    kill $loops"""


def test_others_of_its_tenant_keep_a_twentieth(guest):
    output = guest.run(in_tenant("red", PARTS), machine=MACHINE, cpus=1, icount=True, instruction_shift=3, timeout=120)
    times = [int(word) for word in output.split()]
    before, after = times[:6], times[6:]
    first, *others = (sum(after[n : n + 2]) - sum(before[n : n + 2]) for n in (0, 2, 4))
    assert 0.04 < sum(others) / (first + sum(others)) < 0.07, output
    assert 0.5 < others[0] / others[1] < 2, output


NEIGHBOURS = f"""
rfctl set red cpu.cap={{cap}}; rfctl set blue cpu.cap={{cap}}
rfctl exec red -- sh -c 'for n in 1 2 3; do (chrt -f 99 sh -c "{LOOP}") & done; wait' &
rfctl exec blue -- sh -c 'for n in 1 2 3; do ({LOOP}) & done; wait' &
sleep 1; {shares.LOOK}; sleep 4; {shares.LOOK}"""


@alone
@cases(("qemu", 1), ("qemu", 2), long=(("bochs", 1),))
def test_neighbours_see_nothing_of_it(guest, case):
    emulator, cpus = case
    script = NEIGHBOURS.format(cap=100 * cpus)
    output = guest.run(script, machine=MACHINE, emulator=emulator, cpus=cpus, timeout=200)
    parts = shares.between(*shares.values(output))
    assert parts["red"] + parts["blue"] > 0.8 * cpus, f"time was wasted: {parts}"
    assert 0.9 < parts["red"] / parts["blue"] < 1.1, f"their weights are the same: {parts}"
