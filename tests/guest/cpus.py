# SPDX-License-Identifier: MIT
"""Several CPUs: all are found and used, threads move between them whole, and what one takes away the others forget."""

import json
import tempfile
from pathlib import Path

from escape.arena import MACHINE as ESCAPE_MACHINE
from escape.arena import bundle_entries
from lib import alone, cases, long, shares
from lib.script import in_tenant
from ringfence import BUILD, erofs

MACHINE = Path(__file__).parent / "machines" / "pair.toml"
ABI = BUILD / "abi"
BUSYBOX = BUILD / "third-party" / "busybox"
BUSY_TSS = "8b"  # the access byte of a descriptor


@cases(1, 2, 8)
def test_all_are_used(guest, cpus):
    result = guest.boot(
        "nproc",
        "rfctl exec red -- grep -c ^processor /proc/cpuinfo",
        "rfctl stats --json",
        machine=MACHINE,
        cpus=cpus,
    )
    assert result.statuses == [0, 0, 0], result.explain()
    said, seen, stats = result.output.split("\n", 2)
    assert (said, seen, json.loads(stats)["cpus"]) == (str(cpus), str(cpus), cpus), result.explain()
    assert any(f"{cpus} CPUs run" in line for line in result.log) == (cpus > 1), result.explain()


@cases("qemu", "bochs")
def test_each_has_tables_of_its_own(guest, emulator):
    """Each with a TSS that is busy, which a CPU's own is from its first moment on."""
    output = guest.run("rfctl descriptors --json", machine=MACHINE, cpus=2, emulator=emulator)
    domains = {domain["domain"]: domain["descriptors"] for domain in json.loads(output)}
    for cpu in range(2):
        types = [entry["raw"][4:6] for entry in domains[f"GDT of CPU {cpu}"]]
        assert types.count(BUSY_TSS) == 1, output
    assert "GDT of CPU 2" not in domains, output


# Each is ended by another CPU, most of the time within a gate or on the way to one.
ENDED = """
for n in $(seq {rounds}); do
    rfctl create call-without-end manager=hostile image=attacker memory=4MiB cpu.cap={cap} >/dev/null || exit 1
    usleep {pause}
    rfctl destroy call-without-end || exit 2
done
until [ "$(rfctl tenants | grep -c call-without-end)" = 0 ]; do usleep 10000; done
rfctl audit --json
"""


def end_within_the_core(guest, emulator, cpus, rounds):
    result = guest.boot(
        ENDED.format(rounds=rounds, cap=100 * cpus, pause=20000),
        machine=ESCAPE_MACHINE,
        entries=bundle_entries(),
        cpus=cpus,
        emulator=emulator,
        timeout=240,
    )
    assert result.statuses == [0], result.explain()
    audit = json.loads(result.output[result.output.index("{") :])
    assert (audit["leaked"], audit["foreign"]) == (0, 0), audit


def test_a_tenant_may_end_while_it_is_in_the_core(guest):
    end_within_the_core(guest, "qemu", 2, 40)


@long
@cases(("qemu", 4, 20), ("bochs", 2, 15))
def test_a_tenant_may_end_in_the_core_elsewhere(guest, case):
    end_within_the_core(guest, *case)


def test_fewer_if_asked_for(guest):
    result = guest.boot("nproc", machine=MACHINE, cpus=4, options="cpus=2")
    assert result.output == "2\n", result.explain()
    assert any("of 4 CPUs 2 are used" in line for line in result.log), result.explain()


@cases("qemu", long=("bochs",))
def test_threads_move_and_stay_whole(guest, emulator):
    """More threads than CPUs: registers, FPU, TLS, futexes, signals and page tables go with them."""
    programs = ["cpus", "threads", "signals"]
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [ABI / name for name in programs], [])
        commands = [f"rfctl exec red -- /bin/{name}" for name in programs]
        result = guest.boot(
            *commands,
            "rfctl audit --json",
            roots={"red": folder},
            cpus=2,
            emulator=emulator,
            timeout=240,
        )
    assert result.statuses == [0] * (len(programs) + 1), result.explain()
    assert result.output.count("checks, 0 failed") == len(programs), result.explain()


# ---- Shares of two CPUs --------------------------------------------------------------------------------

SPIN = "rfctl exec {tenant} -- sh -c 'for n in 1 2 3; do (while :; do :; done) & done; wait' & "
SECONDS = 4


def used(guest, *settings):
    """What red and blue used of one CPU's time, both with more to do than there is."""
    script = "; ".join(f"rfctl set {words}" for words in settings)
    script += f"\n{SPIN.format(tenant='red')} {SPIN.format(tenant='blue')}\nsleep 1; {shares.LOOK}; sleep {SECONDS}; {shares.LOOK}"
    return shares.between(*shares.values(guest.run(script, machine=MACHINE, cpus=2, timeout=100)))


@alone
def test_weights_hold_over_all_cpus(guest):
    parts = used(guest, "red cpu.cap=200", "blue cpu.cap=200", "red cpu.weight=300")
    assert parts["red"] + parts["blue"] > 1.6, f"time was wasted: {parts}"
    assert 2.6 < parts["red"] / parts["blue"] < 3.4, f"their weights are 3 to 1: {parts}"


@alone
def test_a_cap_holds_over_all_cpus(guest):
    parts = used(guest, "red cpu.cap=60", "blue cpu.cap=200")
    assert 0.5 < parts["red"] < 0.62, f"red's cap is 60 %: {parts}"


@alone
def test_a_reservation_holds_over_all_cpus(guest):
    parts = used(guest, "red cpu.cap=200", "blue cpu.cap=200", "red cpu.reservation=120", "blue cpu.weight=10000")
    assert parts["red"] > 1.17, f"red has reserved 120 %: {parts}"


def test_masks_hold(guest):
    """In instructions, so that both CPUs are as fast as each other."""
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUSYBOX, [ABI / "affinity"], [])
        output = guest.run(
            "rfctl set red cpu.cap=200; rfctl exec red -- /bin/affinity alone",
            roots={"red": folder},
            cpus=2,
            icount=True,
            instruction_shift=3,
            timeout=120,
        )
    assert "checks, 0 failed" in output, output


def test_taskset(guest):
    """busybox's, which starts a program with a mask, and shows and sets another's."""
    script = """
        taskset 2 sh -c "grep Cpus_allowed /proc/self/status; nproc"
        taskset 1 sleep 100 & sleeper=$!
        until grep -q sleep /proc/$sleeper/comm; do usleep 1000; done
        taskset -p $sleeper | sed s/.*mask//
        taskset -p 3 $sleeper | sed s/.*mask//
        grep Cpus_allowed_list /proc/$sleeper/status
        taskset 4 true 2>/dev/null || echo refused"""
    output = guest.run(in_tenant("red", script), machine=MACHINE, cpus=2)
    allowed = "Cpus_allowed:\t2\nCpus_allowed_list:\t1\n1\n"
    assert output == allowed + ": 1\n: 1\n: 3\nCpus_allowed_list:\t0-1\nrefused\n", output


# Of 200 % blue has reserved 80; flip-placements and green have the same weight, and share the rest. Blue and green never rest.
FLIPS = f"""
for name in blue green; do rfctl create $name memory=6MiB cpu.cap=200; done
rfctl set blue cpu.reservation=80 cpu.weight=1
rfctl create flip-placements manager=hostile image=attacker memory=8MiB cpu.cap=200
until rfctl stats flip-placements | grep -q ' 256 threads'; do usleep 10000; done
{SPIN.format(tenant="blue")} {SPIN.format(tenant="green")}
sleep 1; {shares.LOOK}; sleep {SECONDS}; {shares.LOOK}
rfctl destroy flip-placements
until [ "$(rfctl tenants | grep -c flip-placements)" = 0 ]; do usleep 10000; done
rfctl audit --json
"""


@alone
@cases("qemu", long=("bochs",))
def test_masks_that_flip_take_nothing_from_others(guest, emulator):
    """One tenant's 256 threads set each other's masks all the time: what others have reserved and weigh holds."""
    result = guest.boot(
        FLIPS, machine=ESCAPE_MACHINE, entries=bundle_entries(), cpus=2, emulator=emulator, timeout=240
    )
    assert result.statuses == [0], result.explain()
    *looks, audit = shares.values(result.output)
    parts = shares.between(*looks)
    assert parts["blue"] > 0.78, f"blue has reserved 80 %: {parts}"
    assert 0.8 < parts["green"] / parts["flip-placements"] < 1.25, f"their weights are the same: {parts}"
    assert sum(parts.values()) > 1.6, f"time was wasted: {parts}"
    assert (audit["leaked"], audit["foreign"]) == (0, 0), audit


# Its threads are ready, running or about to end, on some CPUs or on all, whatever is done to their tenant.
CHURN = """
rfctl create churn-placements manager=hostile image=attacker memory=6MiB cpu.cap={cap} restart=always >/dev/null || exit 1
for n in $(seq {rounds}); do
    usleep 20000
    rfctl set churn-placements cpu.weight=$((n * 7 % 1000 + 1)) cpu.cap=$((n % 3 * 40 + 10)) || exit 2
    usleep 20000
    rfctl set churn-placements cpu.reservation=$((n % 2 * 5)) cpu.cap={cap} || exit 3
    rfctl restart churn-placements || exit 4
done
rfctl destroy churn-placements || exit 5
until [ "$(rfctl tenants | grep -c churn-placements)" = 0 ]; do usleep 10000; done
rfctl audit --json
"""


@cases(("qemu", 2, 20), long=(("qemu", 4, 20), ("bochs", 2, 8)))
def test_a_tenant_may_end_while_its_masks_flip(guest, case):
    emulator, cpus, rounds = case
    result = guest.boot(
        CHURN.format(rounds=rounds, cap=100 * cpus),
        machine=ESCAPE_MACHINE,
        entries=bundle_entries(),
        cpus=cpus,
        emulator=emulator,
        timeout=240,
    )
    assert result.statuses == [0], result.explain()
    audit = json.loads(result.output[result.output.index("{") :])
    assert (audit["leaked"], audit["foreign"]) == (0, 0), audit


def test_one_without_a_local_apic(guest):
    """Then the PIT wakes who sleeps, also while somebody never rests."""
    look = "while :; do :; done & sleep 0.3; kill $!; rfctl log | grep -c 'timer: PIT'"
    result = guest.boot(look, machine=MACHINE, cpus=1, qemu_args=["-cpu", "max,-apic"], timeout=30)
    assert result.statuses == [0] and result.output.strip().endswith("1"), result.explain()
