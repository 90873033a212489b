# SPDX-License-Identifier: MIT
"""Several CPUs: all are found and used, threads move between them whole, and what one takes away the others forget."""

import json
import tempfile
from pathlib import Path

from escape.arena import MACHINE as ESCAPE_MACHINE
from escape.arena import bundle_entries
from lib import alone, cases, long
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
    assert result.statuses == [0] * 4, result.explain()
    assert result.output.count("checks, 0 failed") == len(programs), result.explain()


# ---- Shares of two CPUs --------------------------------------------------------------------------------

SPIN = "rfctl exec {tenant} -- sh -c 'for n in 1 2 3; do (while :; do :; done) & done; wait' & "
SECONDS = 4
USED = "rfctl stats --json; rfctl tenants --json"


def used(guest, *settings):
    """What red and blue used of one CPU's time, both with more to do than there is."""
    script = "; ".join(f"rfctl set {words}" for words in settings)
    script += f"\n{SPIN.format(tenant='red')} {SPIN.format(tenant='blue')}\nsleep 1; {USED}; sleep {SECONDS}; {USED}"
    text = guest.run(script, machine=MACHINE, cpus=2, timeout=100)
    decoder, values = json.JSONDecoder(), []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    machine, before, later, after = values
    elapsed = later["nanoseconds"] - machine["nanoseconds"]
    times = {t["name"]: t["cpu"]["used"] for t in before}
    return {t["name"]: (t["cpu"]["used"] - times[t["name"]]) / elapsed for t in after}


@alone
def test_weights_hold_over_all_cpus(guest):
    shares = used(guest, "red cpu.cap=200", "blue cpu.cap=200", "red cpu.weight=300")
    assert shares["red"] + shares["blue"] > 1.6, f"time was wasted: {shares}"
    assert 2.6 < shares["red"] / shares["blue"] < 3.4, f"their weights are 3 to 1: {shares}"


@alone
def test_a_cap_holds_over_all_cpus(guest):
    shares = used(guest, "red cpu.cap=60", "blue cpu.cap=200")
    assert 0.5 < shares["red"] < 0.62, f"red's cap is 60 %: {shares}"


@alone
def test_a_reservation_holds_over_all_cpus(guest):
    shares = used(guest, "red cpu.cap=200", "blue cpu.cap=200", "red cpu.reservation=120", "blue cpu.weight=10000")
    assert shares["red"] > 1.17, f"red has reserved 120 %: {shares}"


def test_one_without_a_local_apic(guest):
    """Then the PIT wakes who sleeps, also while somebody never rests."""
    look = "while :; do :; done & sleep 0.3; kill $!; rfctl log | grep -c 'timer: PIT'"
    result = guest.boot(look, machine=MACHINE, cpus=1, qemu_args=["-cpu", "max,-apic"], timeout=30)
    assert result.statuses == [0] and result.output.strip().endswith("1"), result.explain()
