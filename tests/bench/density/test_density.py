# SPDX-License-Identifier: MIT
"""How many tenants fit into a machine of 512 MiB: each a web server, busybox's, that waits; and each is asked for a page while
all of them exist, and answers within its own reservation."""

import json
import tempfile
from pathlib import Path

from lib.image import image
from ringfence import BUILD

HERE = Path(__file__).parent
TABLE = BUILD / "bench" / "density.txt"
BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"
ASK = BUILD / "bench" / "ask"
PAGE = "ready"  # what a server answers
TENANTS = 2000
LINUX = 1700  # network, mount, process, IPC and UTS namespaces and a control group each, with the same server, which nobody asks
FRAMES = 63
FRAME = 4096
TIMEOUT = 1500

START = """
for n in $(seq {tenants}); do
    rfctl create t$n image=web memory={memory}KiB >/dev/null && rfctl exec t$n -- /busybox httpd -h / </dev/null || echo $n
done
"""
# What each of them answers, and those that do not: by number.
ASK_ALL = """
for n in $(seq {tenants}); do
    case $(rfctl exec t$n -- /ask /page </dev/null) in *{page}) ;; *) echo $n ;; esac
done
"""


def memory_of(text):
    return json.loads(text)["memory"]


def table(idle, asked, machine, tenants):
    parts = [f"  {part:<14}{idle[part]:>6}{asked[part]:>8}" for part in ("bound", "page_tables", "objects")]
    used = sum(idle[part] for part in ("bound", "page_tables", "objects"))
    return "\n".join([
        f"{tenants} tenants in 512 MiB (Linux: {LINUX}), {FRAMES} frames reserved each",
        "  frames         idle   asked", *parts,
        f"  together      {used:>6}, at most {asked['peak']}",
        f"  of the machine: {machine['frames']}, the core's {machine['frames_core']}, reserved by nobody {machine['frames_free']}",
    ])


def test_density(guest):
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page"
        page.write_text(PAGE)
        web = image("web", BUSYBOX, ASK, page)
    last = f"rfctl stats t{TENANTS} --json"
    commands = [
        START.format(tenants=TENANTS, memory=FRAMES * FRAME >> 10), last,
        ASK_ALL.format(tenants=TENANTS, page=PAGE), last,
        "rfctl stats --json", "rfctl tenants --json", "rfctl audit --json",
    ]
    result = guest.boot(*[f"{command.strip()}; echo '### '" for command in commands], machine=HERE / "machine.toml",
                        entries=[web], disks=(), timeout=TIMEOUT)
    assert result.status == 0, result.explain()
    started, idle, silent, asked, machine, states, audit, _ = result.output.split("### \n")
    assert started == "", result.explain()
    states = [tenant for tenant in json.loads(states) if tenant["id"] > 0]
    assert len(states) == TENANTS and all(t["state"] == "running" and t["restarts"] == 0 for t in states)
    assert silent == "", f"no answer from {silent.split()}"
    audit = json.loads(audit)
    assert audit["charged"] == audit["found"] and audit["leaked"] == audit["foreign"] == 0, audit
    text = table(memory_of(idle), memory_of(asked), json.loads(machine), len(states))
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text + "\n")
    print(text, flush=True)
