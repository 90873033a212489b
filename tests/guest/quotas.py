# SPDX-License-Identifier: MIT
"""Quotas: absurd ones are refused with the numbers, sensible ones hold, and running out kills nobody.

What is said about the CPU is measured with -icount: guest time is instructions then, and a busy host
changes nothing. Not so for disks: while only the host's disk is at work, such a clock jumps ahead.
"""

import json
import re
from pathlib import Path

from lib import cases

MACHINE = Path(__file__).parent / "machines" / "pair.toml"

# What is asked for, and what the answer must say.
REFUSED = {
    "create big memory=60MiB": r"15360 frames .* (left|free)",
    "create big memory=1GiB": r"262144 frames",
    "create tiny memory=4KiB": r"1 frames \(4 KiB\), its manager needs \d+",
    "create none": "missing",
    "create none memory=0": "no size from 4KiB",
    "create none memory=16EiB": "no size from 4KiB",
    "create none memory=-1": "no size from 4KiB",
    "create none memory=2MiB cpu.cap=0": "no number from 1 to",
    "create none memory=2MiB cpu.cap=99999999999": "no number from 1 to",
    "create none memory=2MiB cpu.weight=0": "no number from 1 to 10000",
    "create none memory=2MiB cpu.reservation=50 cpu.cap=40": "cpu.cap: below cpu.reservation",
    "create none memory=2MiB cpu.reservation=95": "95 % of a CPU, 90 % are left",
    "create none memory=2MiB cpu.cap=200": "200 % is not in 1..100 %",
    "create none memory=2MiB disk.device=blk0": "disk.size: missing",
    "create none memory=2MiB disk.device=blk0 disk.size=0": "no size from 4KiB",
    "create none memory=2MiB disk.device=blk0 disk.offset=16MiB disk.size=1GiB": "1040 MiB, but blk0 has 16 MiB",
    "create none memory=2MiB disk.device=blk0 disk.offset=15MiB disk.size=1MiB": "overlaps one of red on blk0",
    "create none memory=2MiB disk.device=blk0 disk.size=4KiB disk.offset=1": "multiple of 4096",
    "create none memory=2MiB disk.device=blk7 disk.size=4KiB": "there is no disk blk7",
    "create none memory=2MiB disk.device=console disk.size=4KiB": "there is no disk console",
    "create none memory=2MiB disk.iops=5": "disk.device: missing",
    "create none memory=2MiB memory=3MiB": "memory: said twice",
    "create none memory=2MiB network.address=10.0.2.30/24": "there is no network device net0",
    "create none memory=2MiB image=nothing": "no image nothing",
    "create none memory=2MiB manager=nothing": "no manager nothing",
    "create None memory=2MiB": "no name",
    "create red memory=2MiB": "there is a tenant red already",
    "set red memory=60MiB": r"14336 frames.* left",
    "set red memory=4KiB": r"red uses .* it cannot shrink below that",
    "set red memory=0": "no size from 4KiB",
    "set red cpu.weight=7 memory=60MiB": r"14336 frames.* left",
    "set red cpu.weight=7 cpu.reservation=30 cpu.cap=10": "reservation 30 % is above its cap 10 %",
    "set red cpu.weight=7 network.weight=7": "red has no network",
    "set red cpu.weight=7 cpu.weight=8": "cpu.weight: said twice",
    "set red cpu.cap=0": "no number from 1 to",
    "set red cpu.reservation=95": r"95 %.*",
    "set red disk.iops=-1": "no number from 0",
    "set red disk.size=4KiB": "cannot be changed",
    "set red colour=red": "unknown key",
    "set purple memory=4MiB": "no tenant purple; there are: operator red blue",
    "destroy purple": "no tenant purple",
    "destroy operator": "operator runs this command",
    "restart operator": "operator runs this command",
    "restart purple": "no driver purple",
    "allow red red": "always reaches itself",
}


def test_refusals(guest):
    commands = [f"rfctl {words} 2>&1" for words in REFUSED]
    marked = [f"echo '### '; {command}" for command in commands]
    tenants = "rfctl tenants --json | sed '/used/d; /peak/d; /bound/d; /objects/d; /page_tables/d'"
    tenants += " | sed '/wakeups/d; /threads/d; /spaces/d; /image_pages/d; /throttled/d'"
    result = guest.boot(tenants, *marked, f"echo '### '; {tenants}", machine=MACHINE, icount=True)
    before, *answers, after = result.output.split("### \n")
    assert before == after, f"{before}\nbecame\n{after}"
    wrong = []
    for (words, expected), answer, status in zip(REFUSED.items(), answers, result.statuses[1:]):
        if status == 0 or not answer.startswith("rfctl: ") or not re.search(expected, answer):
            wrong.append(f"{words}: status {status}: {answer.strip()}\n    expected {expected}")
    assert len(answers) == len(REFUSED) and not wrong, "\n".join(wrong)


# ---- Memory ------------------------------------------------------------------------------------------

EXHAUST = {
    "files": "dd if=/dev/zero of=/tmp/f bs=64k; rm /tmp/f",
    "processes": "while sleep 1000 & do :; done",
    "heap": 'awk "BEGIN { s = 1; while (1) s = s s }" </dev/null',
}
COMPLAINTS = {
    "files": "No space left|[Oo]ut of memory|Cannot allocate",
    "processes": "[Oo]ut of memory|Cannot allocate|Resource temporarily",
    "heap": "[Oo]ut of memory|Cannot allocate|memory exhausted|Killed",
}


@cases(*EXHAUST)
def test_out_of_memory_inside(guest, case):
    """The call fails inside; afterwards the tenant works as before, and its neighbour all along."""
    result = guest.boot(
        "rfctl exec blue -- sh -c 'while :; do ls /bin | md5sum; sleep 0.1; done' >/tmp/blue 2>&1 &",
        f"sleep 0.5; rfctl exec red -- sh -c '{EXHAUST[case]}' 2>&1; sleep 0.5",
        "echo '### '; rfctl exec red -- sh -c 'seq 100 | sort -n | tail -1; ls -d /tmp; echo x >/tmp/x'",
        "echo '### '; cat /tmp/blue",
        "echo '### '; rfctl audit --json",
        "echo '### '; rfctl tenants --json",
        machine=MACHINE,
        icount=True,
        timeout=120,
    )
    assert result.statuses == [0] * 6, result.explain()
    complaint, again, blue, audit, tenants = result.output.split("### \n")
    assert re.search(COMPLAINTS[case], complaint), complaint
    assert again == "100\n/tmp\n", again
    assert len(blue.splitlines()) > 2 and len(set(blue.splitlines())) == 1, blue
    audit, tenants = json.loads(audit), json.loads(tenants)
    assert audit["leaked"] == audit["foreign"] == 0 and audit["charged"] == audit["found"], audit
    red = next(tenant for tenant in tenants if tenant["name"] == "red")
    assert red["restarts"] == 0, red
    assert red["memory"]["peak"] > 0.75 * red["memory"]["frames"], "it never came close to its quota"
    assert red["memory"]["peak"] <= red["memory"]["frames"], red


def test_memory_grows_and_shrinks(guest):
    """What the operator adds is there at once, and what is taken away is not."""
    fill = "dd if=/dev/zero of=/tmp/f bs=1M count={} 2>/dev/null; echo $?; free -m | sed -n 2p; rm /tmp/f"
    in_red = "rfctl exec red -- sh -c '{}'"
    result = guest.boot(
        in_red.format(fill.format(8)),
        "rfctl set red memory=20MiB; " + in_red.format(fill.format(16)),
        "rfctl set red memory=3MiB; " + in_red.format(fill.format(1)),
        in_red.format(fill.format(8)),
        "rfctl audit --json",
        machine=MACHINE,
        icount=True,
    )
    lines, _, audit = result.output.partition("{")
    full, _, done, grown, fits, shrunk, full_again, _ = lines.splitlines()
    assert full == full_again == "1" and done == fits == "0", result.explain()
    assert grown.split()[1] == "20" and int(grown.split()[2]) >= 16, grown
    assert shrunk.split()[1] == "3" and int(shrunk.split()[3]) <= 2, shrunk
    audit = json.loads("{" + audit)
    assert audit["leaked"] == audit["foreign"] == 0, audit


# ---- Processor and disk ------------------------------------------------------------------------------

SECONDS = 2
SPIN = "rfctl exec {} -- sh -c 'while :; do :; done' &"
# Two who wait for each other all the time: each hands the tenant's turn to the other.
HAND_OVER = "rfctl exec {} -- sh -c 'yes | cat >/dev/null' &"
BUSY = {"spinning": SPIN, "handing_over": HAND_OVER}
SAMPLE = "rfctl stats --json; rfctl tenants --json"
WINDOW = f"{SAMPLE}; sleep {SECONDS}; {SAMPLE}"


def decode(text):
    """The JSON values that follow each other in `text`."""
    decoder, values = json.JSONDecoder(), []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    return values


def measure(guest, *commands, icount=True):
    """Runs `commands`, then looks for SECONDS: what each tenant used, and nanoseconds."""
    script = "\n".join((*commands, "sleep 0.5", WINDOW))
    result = guest.boot(script, machine=MACHINE, icount=icount, timeout=180)
    assert result.status == 0, result.explain()
    machine, before, machine_later, after = decode(result.output)
    elapsed = machine_later["nanoseconds"] - machine["nanoseconds"]
    return {old["name"]: (old, new) for old, new in zip(before, after)}, elapsed


def share(samples, name, elapsed):
    before, after = samples[name]
    return (after["cpu"]["used"] - before["cpu"]["used"]) / elapsed


@cases(*BUSY)
def test_cpu_cap_holds(guest, case):
    samples, elapsed = measure(guest, "rfctl set red cpu.cap=30", BUSY[case].format("red"))
    red = share(samples, "red", elapsed)
    assert 0.29 < red < 0.305, f"red used {red:.2%} of an idle machine, its cap is 30 %"


@cases(*BUSY)
def test_cpu_weights_hold(guest, case):
    samples, elapsed = measure(
        guest, "rfctl set red cpu.weight=300", BUSY[case].format("red"), SPIN.format("blue")
    )
    red, blue = share(samples, "red", elapsed), share(samples, "blue", elapsed)
    assert red + blue > 0.95, f"red {red:.2%}, blue {blue:.2%}: time was wasted"
    assert 2.9 < red / blue < 3.1, f"red {red:.2%}, blue {blue:.2%}: their weights are 3 to 1"


def test_cpu_reservation_holds(guest):
    samples, elapsed = measure(
        guest,
        "rfctl set red cpu.weight=1 cpu.reservation=40",
        "rfctl set blue cpu.weight=10000",
        SPIN.format("red"),
        SPIN.format("blue"),
    )
    red = share(samples, "red", elapsed)
    assert red > 0.39, f"red got {red:.2%}, 40 % are reserved"


def test_a_restart_earns_no_time(guest):
    """Red lives for a second each time, so that it is restarted at once."""
    script = """
        rfctl set red cpu.cap=10
        for life in 1 2 3; do
            rfctl exec red -- sh -c 'while :; do :; done' & sleep 1.2
            rfctl restart red; sleep 0.2
        done
        rfctl stats --json; rfctl tenants --json"""
    result = guest.boot(script, machine=MACHINE, icount=True)
    assert result.status == 0, result.explain()
    machine, tenants = decode(result.output)
    red = next(tenant for tenant in tenants if tenant["name"] == "red")
    used = red["cpu"]["used"] / machine["nanoseconds"]
    assert red["restarts"] == 3, red
    assert 0.05 < used < 0.102, f"red used {used:.2%} in all its lives, its cap is 10 %"


# Turns as long as a manager can make them: its only thread has ten times the usual weight.
LONG_TURNS = SPIN.replace("sh -c", "nice -n -20 sh -c")


def test_long_turns_take_nothing_from_a_reservation(guest):
    samples, elapsed = measure(
        guest,
        "rfctl set red cpu.weight=1 cpu.reservation=1",
        "rfctl set blue cpu.weight=1 cpu.reservation=80",
        LONG_TURNS.format("red"),
        SPIN.format("blue"),
    )
    red, blue = share(samples, "red", elapsed), share(samples, "blue", elapsed)
    assert blue > 0.79, f"blue got {blue:.2%} beside red's {red:.2%}, 80 % are reserved for it"


def test_long_turns_take_nothing_from_a_weight(guest):
    samples, elapsed = measure(
        guest,
        "rfctl set red cpu.weight=1 cpu.reservation=1",
        "rfctl set blue cpu.weight=10000",
        LONG_TURNS.format("red"),
        SPIN.format("blue"),
    )
    red, blue = share(samples, "red", elapsed), share(samples, "blue", elapsed)
    assert 0.98 < 100 * red < 2, f"red got {red:.2%} beside blue's {blue:.2%}, it has 1 % and no weight"
    assert blue > 0.95, f"blue got {blue:.2%} beside red's {red:.2%}"


READ = "rfctl exec red -- sh -c 'while :; do cat /dev/vda >/dev/null; done' &"


def disk_rate(samples, key, elapsed):
    before, after = samples["red"]
    return (after["disks"][0][key] - before["disks"][0][key]) * 1e9 / elapsed


def test_disk_iops_hold(guest):
    samples, elapsed = measure(guest, "rfctl set red disk.iops=40", READ, icount=False)
    rate = disk_rate(samples, "reads", elapsed)
    assert 30 < rate < 42, f"{rate:.1f} requests a second, the limit is 40"


def test_disk_bandwidth_holds(guest):
    samples, elapsed = measure(guest, "rfctl set red disk.bandwidth=1MiB", READ, icount=False)
    rate = disk_rate(samples, "bytes_read", elapsed) / (1 << 20)
    assert 0.8 < rate < 1.05, f"{rate:.2f} MiB a second, the limit is 1"


def test_disk_without_its_limits_is_faster(guest):
    samples, elapsed = measure(guest, READ, icount=False)
    assert disk_rate(samples, "reads", elapsed) > 80, "the tests of limits would show nothing"
    assert disk_rate(samples, "bytes_read", elapsed) > 2 << 20, "the tests of limits would show nothing"
