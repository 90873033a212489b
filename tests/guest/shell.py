# SPDX-License-Identifier: MIT
"""A tenant as a person meets it: the shell and its pipelines, exit statuses, input, signals, deaths."""

import json
from pathlib import Path

from lib import cases, long

MACHINE = Path(__file__).parent / "machines" / "pair.toml"

# Each line: a command for red's shell, and what it prints.
PIPELINES = {
    "seq 1000 | grep 7 | sort -rn | head -2 | tr '\\n' ' '": "997 987 ",
    "yes | head -1000 | wc -l": "1000\n",
    "mkdir /d; cp /bin/busybox /d/b; tar cz -C / d | tar xz -C /tmp; cmp /d/b /tmp/d/b && echo same": "same\n",
    "gzip -c /bin/busybox | gunzip | cmp - /bin/busybox && echo same": "same\n",
    "printf abc | sha256sum": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n",
    "find /etc -name 'pass*' -type f -exec wc -l {} +": "2 /etc/passwd\n",
    "awk 'BEGIN { for (i = 1; i <= 10; i++) s += i * i; print s }'": "385\n",
    "printf 'b\\na\\nb\\n' | sort | uniq -c | sed 's/^ *//'": "1 a\n2 b\n",
    "sleep 100 & kill $!; wait $!; echo $?": "143\n",
    "set -m; sleep 100 & jobs | cut -c1-14; kill %1; wait; echo done": "[1]+  Running \ndone\n",
    "trap 'echo caught' USR1; kill -USR1 $$; echo after": "caught\nafter\n",
    "(trap '' PIPE; while echo x; do :; done) 2>&1 | head -1": "x\n",
    "echo one >/f; echo two >>/f; cat /f; rm /f; ls /f 2>&1": "one\ntwo\nls: /f: No such file or directory\n",
    "ps -o comm | grep -c '^ps$'": "1\n",
    "cat /proc/self/status | grep -c ^Name": "1\n",
}


def test_pipelines(guest):
    run_pipelines(guest, "qemu")


@long
def test_pipelines_on_bochs(guest):
    run_pipelines(guest, "bochs")


def run_pipelines(guest, emulator):
    commands = [f"rfctl exec red -- sh -c '{quoted(command)}'" for command in PIPELINES]
    marked = [f"{command}; echo '### '" for command in commands]
    result = guest.boot(*marked, machine=MACHINE, emulator=emulator, timeout=180)
    outputs = result.output.split("### \n")[:-1]
    assert len(outputs) == len(PIPELINES), result.explain()
    wrong = [
        f"{command}\n    printed {output!r}, not {expected!r}"
        for (command, expected), output in zip(PIPELINES.items(), outputs)
        if output != expected
    ]
    assert not wrong, "\n".join(wrong) + result.errors


def quoted(command):
    return command.replace("'", "'\\''")


STATUSES = {
    "rfctl exec red -- true": 0,
    "rfctl exec red -- false": 1,
    "rfctl exec red -- sh -c 'exit 42'": 42,
    "rfctl exec red -- sh -c 'kill -9 $$'": 128 + 9,
    "rfctl exec red -- sh -c 'kill -SEGV $$'": 128 + 11,
    "rfctl exec red -- /etc/passwd": 126,
    "rfctl exec red -- /no/such/program": 127,
    "rfctl exec purple -- true": 1,
    "rfctl exec red": 2,
    "rfctl nonsense": 2,
    "echo in | rfctl exec red -- grep -q in": 0,
    "rfctl exec red -- cat </dev/null": 0,
}


@cases("qemu", "bochs")
def test_exec_statuses(guest, emulator):
    result = guest.boot(*STATUSES, machine=MACHINE, emulator=emulator, timeout=120)
    assert dict(zip(STATUSES, result.statuses)) == STATUSES, result.explain()


@cases("qemu", "bochs")
def test_exec_passes_input_and_both_outputs(guest, emulator):
    result = guest.boot(
        "seq 20000 | rfctl exec red -- sh -c 'md5sum; echo to stderr >&2'",
        "rfctl exec red -- seq 20000 | md5sum",
        "seq 20000 | rfctl exec red -- cat | rfctl exec blue -- md5sum",
        machine=MACHINE,
        emulator=emulator,
        timeout=120,
    )
    expected = "e071f707df7bbeee2a6a1eb48011ddd0"
    lines = result.output.splitlines()
    assert len(lines) == 3 and set(lines) == {f"{expected}  -"}, result.explain()
    assert result.errors == "to stderr\n", result.explain()


# ---- A tenant that ends --------------------------------------------------------------------------------

WATCHED = """
rfctl exec blue -- sh -c 'for n in $(seq 30); do echo $n; sleep 0.1; done' >/tmp/blue & blue=$!
{what}
wait $blue; echo $?; wc -l </tmp/blue; cat /tmp/blue | md5sum
"""
BLUE = "0\n30\n"


def watched(guest, what, **arguments):
    """Runs `what` while blue counts, and returns the boot and red's state afterwards."""
    result = guest.boot(
        WATCHED.format(what=what), "rfctl tenants --json", machine=MACHINE, timeout=120, **arguments
    )
    assert result.statuses == [0, 0], result.explain()
    text, _, states = result.output.partition("[{")
    assert BLUE in text, f"blue noticed something: {text}"
    states = {tenant["name"]: tenant for tenant in json.loads("[{" + states)}
    assert states["blue"]["restarts"] == states["operator"]["restarts"] == 0, states
    return text, states


@cases("qemu", "bochs")
def test_restart_of_a_tenant(guest, emulator):
    what = """
    rfctl exec red -- sh -c 'echo old >/f; sleep 1000'; echo "exec ended: $?" & sleep 0.5
    rfctl restart red
    until rfctl exec red -- true 2>/dev/null; do sleep 0.1; done
    rfctl exec red -- ls /f 2>&1"""
    what = what.replace("""sleep 1000'; echo "exec ended: $?" &""", """sleep 1000' &""")
    text, states = watched(guest, what, emulator=emulator)
    assert "ls: /f: No such file or directory" in text, text
    assert states["red"]["state"] == "running" and states["red"]["restarts"] == 1, states["red"]


def test_reboot_inside(guest):
    """The tenant ends itself; its policy starts it again."""
    what = """
    rfctl exec red -- reboot -f & sleep 1
    until rfctl exec red -- true 2>/dev/null; do sleep 0.1; done"""
    _, states = watched(guest, what)
    assert states["red"]["state"] == "running" and states["red"]["restarts"] == 1, states["red"]


def test_death_without_restart(guest):
    what = "rfctl set red restart=never; rfctl exec red -- reboot -f; sleep 1; rfctl exec red -- true; echo $?"
    text, states = watched(guest, what)
    assert "\n0\n" not in text.split(BLUE)[0], text
    assert states.get("red", {"state": "gone"})["state"] != "running", states
