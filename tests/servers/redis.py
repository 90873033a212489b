# SPDX-License-Identifier: MIT
"""Redis: with its own benchmark from the host and over the loopback, killed and started again, twice at once."""

import json
import subprocess
import time
from pathlib import Path

from lib.script import free_port, in_tenant
from ringfence import BUILD

MACHINE = Path(__file__).parent / "machine.toml"
PROGRAMS = BUILD / "third-party" / "redis" / "root" / "bin"
KINDS = "set,get,incr,lpush,lrange_100"
REQUESTS = 10000
PATIENCE = 60  # seconds
PAGE = 4096
START = """mkdir -p redis && cd redis
    redis-server --appendonly yes --bind 0.0.0.0 --protected-mode no --daemonize yes --logfile log >/dev/null
    until redis-cli ping 2>/dev/null; do sleep 0.2; done"""


def rates(output):
    """Of each kind, as --csv prints them."""
    rows = [line.split('","') for line in output.splitlines() if line.startswith('"')]
    return {row[0].strip('"'): float(row[1]) for row in rows[1:]}


def test_the_benchmark_over_the_loopback(guest):
    run = f"redis-benchmark -n {REQUESTS} --csv -t {KINDS}; redis-cli get counter:__rand_int__; redis-cli shutdown; cat /tmp/redis/log"
    output = guest.run(in_tenant("red", START), in_tenant("red", run), machine=MACHINE, timeout=300)
    assert len(rates(output)) == 6 and all(rates(output).values()), output  # lrange needs its own lpush first
    assert f"\n{REQUESTS}\n" in output and "Redis is now ready to exit, bye bye" in output, output


def test_the_benchmark_from_the_host(guest):
    port, said = free_port(), []

    def beside():
        patience = time.monotonic() + PATIENCE
        ask = [PROGRAMS / "redis-cli", "-p", str(port), "ping"]
        while time.monotonic() < patience:
            if subprocess.run(ask, capture_output=True, check=False).stdout == b"PONG\n":
                break
            time.sleep(0.5)
        command = [PROGRAMS / "redis-benchmark", "-p", str(port), "-n", str(REQUESTS), "-c", "10", "--csv", "-t", "set,get"]
        said.append(subprocess.run(command, capture_output=True, text=True, check=False, timeout=200).stdout)
        subprocess.run([PROGRAMS / "redis-cli", "-p", str(port), "set", "done", "1"], capture_output=True, check=False)

    wait = "while [ \"$(redis-cli get done)\" != 1 ]; do sleep 0.5; done; redis-cli get key:__rand_int__"
    output = guest.run(
        in_tenant("red", START), in_tenant("red", wait), machine=MACHINE, publish=[f"{port}:red:6379"], while_running=beside, timeout=300
    )
    assert set(rates(said[0])) == {"SET", "GET"}, said
    assert output.endswith("VXK\n"), output  # the benchmark's value


def test_what_was_said_to_be_kept_is_there_after_a_crash(guest):
    fill = 'seq 1 3000 | sed "s/.*/set key:& value:&/" | redis-cli >/dev/null; redis-cli config set appendfsync always; redis-cli set last 1'
    rewrite = "redis-cli bgrewriteaof; sleep 1; redis-cli set later 2; kill -9 $(pidof redis-server); sleep 0.5"
    look = "redis-cli mget key:1 key:3000 last later; redis-cli dbsize"
    output = guest.run(
        in_tenant("red", START), in_tenant("red", fill), in_tenant("red", rewrite), in_tenant("red", START), in_tenant("red", look),
        machine=MACHINE,
    )
    assert output.endswith("value:1\nvalue:3000\n1\n2\n3002\n"), output


def test_two_tenants_run_it_at_once(guest):
    """Each has its own data; the pages of the program are the image's, and each is there once."""
    names = ("red", "blue")
    ask = [in_tenant(name, f"redis-cli set who {name} >/dev/null; redis-cli get who") for name in names]
    again, stats = in_tenant("red", "redis-cli get who"), [f"rfctl stats {name} --json" for name in names]
    output = guest.run(*(in_tenant(name, START) for name in names), *ask, again, *stats, machine=MACHINE)
    text, _, figures = output.partition("{")
    assert text.split() == ["PONG", "PONG", "red", "blue", "red"], output
    first, end = json.JSONDecoder().raw_decode("{" + figures)
    second = json.loads(figures[end - 1 :])
    text_pages = (PROGRAMS / "redis-server").stat().st_size // PAGE
    for tenant in (first, second):
        memory = tenant["memory"]
        assert memory["image_pages"] > text_pages / 2 and memory["bound"] < 2 * text_pages, memory
        assert not any(call["unknown"] for call in tenant["system_calls"]), tenant["system_calls"]
