# SPDX-License-Identifier: MIT
"""The figures of `make bench-io`: build/bench/io/figures.json for programs, RESULTS.md and plots (SVG, by gnuplot) for
people. Rewritten whenever a part is there."""

import json
import shutil
import subprocess
from dataclasses import asdict

from bench.io import measure, shares
from bench.io.disks import DISKS
from ringfence import BUILD

FOLDER = BUILD / "bench" / "io"
FIGURES, TABLE = FOLDER / "figures.json", FOLDER / "RESULTS.md"
SYSTEMS = ("ringfence", "linux")

HEAD = """\
# What a disk's shares hold

Made by `make bench-io`, in wall-clock time under QEMU's TCG: a busy host shows in it, so each figure is the median of
{repeats} repeats. Latencies are of the victim, in microseconds, from the request's time. "of what is left" is what the
antagonist gets of what it has of the disk alone, without what the victim takes.
"""
DISK = """
## Disk: {story}

![IOPS of a victim that never has enough](iops-{disk}.svg) ![latencies of a victim of 200 a second](latency-{disk}.svg)

| victim | antagonist | system, control | IOPS kept | p99 alone | p99 | most | antagonist, IOPS | of what is left |
|---|---|---|---|---|---|---|---|---|
"""
SHARES = """
## Five tenants for {seconds} seconds

![IOPS of five tenants](shares.svg)

| tenant | reservation | weight | limit | should get | gets | off by | worst second of its reservation | over limit + burst + 1 |
|---|---|---|---|---|---|---|---|---|
"""
CRASHES = """
## The driver crashes ten times a second

| | quiet | crashing |
|---|---|---|
| crashes | {quiet[crashes]} | {crashing[crashes]} |
| requests of the program that checks every byte | {quiet[requests]:,} | {crashing[requests]:,} |
| errors it saw · bytes that were wrong | {quiet[errors]} · {quiet[wrong]} | {crashing[errors]} · {crashing[wrong]} |
| p99 of the neighbour, us | {quiet[p99]:,} | {crashing[p99]:,} |

The goal is a p99 of at most 1.5 times. An outage takes 0.6 to 1.2 ms of the host's time, most of it in QEMU, which turns bus
mastering off, resets the device and turns bus mastering on again.
"""


def keep(part, figures):
    """Notes a part, by name, and rewrites everything."""
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    known[part] = figures
    FOLDER.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(known, sort_keys=True) + "\n")
    TABLE.write_text(text(known))
    for plot in (*(plot_disk(known, disk) for disk in DISKS), plot_shares(known)):
        if plot and shutil.which("gnuplot"):
            subprocess.run(["gnuplot"], input=plot, text=True, check=True, cwd=FOLDER, timeout=60)


def keep_isolation(system, disk, loads, controls):
    rows = {f"{rate} {control} {operation}": asdict(row) | {"used": row.used}
            for (rate, control, operation), row in measure.rows(loads, controls).items()}
    raw = {" ".join(map(str, key)): asdict(each[0]) for key, each in loads.items()}
    keep(f"{system} {disk}", {"rows": rows, "loads": raw})


def text(known):
    out = HEAD.format(repeats=measure.REPEATS)
    for disk, about in DISKS.items():
        out += DISK.format(disk=disk, story=about.story) + "".join(isolation_lines(known, disk))
    if "shares" in known:
        out += SHARES.format(seconds=shares.SECONDS) + "".join(share_line(*item) for item in known["shares"]["tenants"].items())
    if "crashes" in known:
        out += CRASHES.format(**known["crashes"])
    return out


def isolation_lines(known, disk):
    for rate in measure.RATES:
        for operation in measure.OPERATIONS:
            for system in SYSTEMS:
                for key, row in known.get(f"{system} {disk}", {"rows": {}})["rows"].items():
                    of_rate, control, of_operation = key.split()
                    if (int(of_rate), of_operation) == (rate, operation):
                        yield isolation_line(rate, operation, f"{system}, {control}", row)


def isolation_line(rate, operation, title, row):
    victim = "200 a second" if rate else "never enough"
    what = {"r": "reads", "w": "writes"}[operation]
    return (
        f"| {victim} | {what} | {title} | {row['kept']:.3f} | {row['p99_alone']:,.0f} | {row['p99']:,.0f} "
        f"| {row['most']:,.0f} | {row['antagonist']:,.0f} | {row['used']:.2f} |\n"
    )


def share_line(name, tenant):
    limit, over = tenant["limit"] or "–", f"{tenant['over']:.1f}" if tenant["limit"] else "–"
    worst = f"{tenant['worst']:.3f}" if tenant["reservation"] else "–"
    return (
        f"| {name} | {tenant['reservation'] or '–'} | {tenant['weight']} | {limit} | {tenant['should']:.1f} | {tenant['gets']:.1f} "
        f"| {100 * (tenant['gets'] / tenant['should'] - 1):+.1f} % | {worst} | {over} |\n"
    )


# ---- Plots -------------------------------------------------------------------------------------------

TERMINAL = 'set terminal svg size 640,400 font "sans,11"\nset key outside below\nset grid\n'


def data(name, points):
    return f"${name} << END\n" + "".join(f"{x} {y}\n" for x, y in points) + "END\n"


def curves(output, title, labels, lines, further=""):
    """A gnuplot script: `lines` are (title, points)."""
    text_of_all = TERMINAL + f'set output "{output}"\nset title "{title}"\n{labels}{further}'
    names = []
    for number, (name, points) in enumerate(lines):
        text_of_all += data(f"line{number}", points)
        names.append(f'$line{number} using 1:2 with lines lw 2 title "{name}"')
    return text_of_all + "plot " + ", ".join(names) + "\n"


def over_time(load):
    return [(n / measure.WINDOWS_A_SECOND, count * measure.WINDOWS_A_SECOND) for n, count in enumerate(load["windows"])]


def distribution(load):
    return [(max(1, latency), n / 100) for n, latency in enumerate(load["latency"][:100])]


def plot_disk(known, disk):
    iops, latency = [], []
    for system in SYSTEMS:
        for key, load in known.get(f"{system} {disk}", {"loads": {}})["loads"].items():
            who, rate, control, operation = key.split()
            name = f"{system}, " + ("alone" if who == "alone" else control)
            if who == "alone" or (who == "victim" and operation == "r"):
                (latency if rate != "0" else iops).append((name, distribution(load) if rate != "0" else over_time(load)))
    if not iops:
        return ""
    first = curves(f"iops-{disk}.svg", "A victim that never has enough, beside 8 readers of 64 KiB",
                   'set xlabel "seconds"\nset ylabel "IOPS"\nset yrange [0:*]\n', iops)
    return first + curves(f"latency-{disk}.svg", "A victim of 200 a second, beside 8 readers of 64 KiB",
                          'set xlabel "us"\nset ylabel "part of the requests"\nset yrange [0:1]\n', latency, "set logscale x\n")


def plot_shares(known):
    if "shares" not in known:
        return ""
    lines = []
    for name, tenant in known["shares"]["tenants"].items():
        windows, second = tenant["windows"], measure.WINDOWS_A_SECOND
        lines.append((name, [(n, sum(windows[n * second:][:second])) for n in range(len(windows) // second)]))
    return curves("shares.svg", "Five tenants at one disk", 'set xlabel "seconds"\nset ylabel "IOPS"\nset yrange [0:*]\n', lines)
