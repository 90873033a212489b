# SPDX-License-Identifier: MIT
"""The network from the wire to busybox: who reaches whom, what a tenant serves, and a card whose driver crashes."""

import contextlib
import json
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from lib import cases, long
from lib.image import image
from lib.script import free_port, in_tenant
from ringfence import BUILD, erofs

MACHINE = Path(__file__).parent / "machines" / "network.toml"
CARDS = {"virtio": "virtio_net", "e1000": "e1000", "e1000e": "e1000"}
PATIENCE = 4  # seconds
SETTLED = "sleep 3"  # addresses are asked for and probed
SERVE = (
    "rfctl exec red -- sh -c 'mkdir /tmp/www; cd /tmp/www; echo red serves > index.html;"
    " dd if=/dev/urandom of=big bs=1024 count=3000 2>/dev/null; md5sum big > sum; mkdir cgi-bin;"
    " printf \"#!/bin/sh\\n>/tmp/done\\necho\\n\" > cgi-bin/done; chmod 755 cgi-bin/done; httpd -h /tmp/www'"
)


def ping(tenant, address, count=2):
    return f"rfctl exec {tenant} -- ping -c {count} -W 1 {address} >/dev/null"


@cases(*CARDS)
def test_cards(guest, card):
    commands = [SETTLED, ping("red", "10.0.2.2"), ping("red", "10.0.2.21"), ping("green", "10.0.2.2"), "rfctl drivers"]
    result = guest.boot(*commands, machine=MACHINE, card=card)
    assert result.statuses == [0] * len(commands), result.explain()
    assert CARDS[card] in result.output


def test_reservations_at_the_card(guest):
    """A gigabit a second, unless it is described: more than that cannot be promised."""
    result = guest.boot(
        "rfctl set red network.send-reservation=80MiB", "rfctl set blue network.send-reservation=40MiB 2>&1",
        "rfctl set blue network.send-reservation=30MiB", "rfctl set red network.send-bandwidth=70MiB 2>&1",
        machine=MACHINE,
    )
    assert result.statuses == [0, 1, 0, 1], result.explain()
    assert "blue asks for 41943040 bytes a second of net0, others leave 390" in result.output, result.output
    assert "a reservation of 83886080 bytes a second is above its limit" in result.output, result.output


@cases("qemu", "bochs")
def test_a_card_that_is_described(guest, emulator):
    """What it can do is what the description says: 8 MiB a second are promised, and 3 more are left, not 4."""
    commands = [f"rfctl set blue network.send-reservation={size}MiB 2>&1" for size in (4, 3)]
    result = guest.boot(*commands, machine=MACHINE.with_name("described-card.toml"), emulator=emulator)
    assert result.statuses == [1, 0], result.explain()
    assert "blue asks for 4194304 bytes a second of net0, others leave 3" in result.output, result.output


LOOK = "rfctl tenants --json; cut -d' ' -f1 /proc/uptime"


def rates_in(result):
    """Bytes a second that each tenant sent between the two LOOKs at the end of a boot."""
    decoder, text, looks = json.JSONDecoder(), result.output[result.output.index("["):], []
    for _ in range(2):
        tenants, end = decoder.raw_decode(text)
        seconds, _, text = text[end:].lstrip().partition("\n")
        looks.append((tenants, float(seconds)))
    (before, began), (after, ended) = looks
    return {
        new["name"]: (new["network"]["sent"]["bytes"] - old["network"]["sent"]["bytes"]) / (ended - began)
        for old, new in zip(before, after) if new.get("network")
    }


def frame_cost(size):
    """Seconds of the wire that machines/slow-card.toml describes."""
    return 1700e-6 + 0.1 * size / (1 << 20)


FULL_FRAME, FLOOD_FRAME = 1514, 1024 + 42  # what reservations are counted in, and what a datagram of tests/bench/isolation takes


def flood_both(guest, emulator, reserved):
    """What red and blue send a second, both all they can: red with so many KiB a second reserved and hardly a weight."""
    create = "rfctl create {} image=senders memory=16MiB network.device=net0 network.gateway=10.0.2.2 network.address={} {} >/dev/null"
    flood = "rfctl exec {} -- /stress send 10.0.2.2 >/dev/null 2>&1 </dev/null &"
    return rates_in(guest.boot(
        create.format("red", "10.0.2.20/24", f"network.send-reservation={reserved}KiB network.weight=1"),
        create.format("blue", "10.0.2.21/24", "network.weight=10000"),
        "sleep 2", flood.format("red"), flood.format("blue"), "sleep 0.5", LOOK, "sleep 1", LOOK,
        machine=MACHINE.with_name("slow-card.toml"), entries=[image("senders", BUILD / "isolation" / "stress")],
        emulator=emulator, icount=emulator == "qemu", timeout=200,
    ))


@cases("qemu", long=("bochs",))
def test_a_reservation_beside_a_flood(guest, emulator):
    """Red has half of the wire reserved: it gets its half, and blue the rest; hardly anything without the reservation."""
    wire = FLOOD_FRAME / frame_cost(FLOOD_FRAME)
    for reserved in (300, 0):
        promised = reserved * 1024 / FULL_FRAME * frame_cost(FULL_FRAME) / frame_cost(FLOOD_FRAME) * FLOOD_FRAME
        sent = flood_both(guest, emulator, reserved)
        assert 0.98 * promised <= sent["red"] < 1.1 * promised + 0.05 * wire, (promised, sent)
        assert 0.95 * wire < sum(sent.values()) < 1.03 * wire, (wire, sent)


@cases("qemu", "bochs")
def test_who_reaches_whom(guest, emulator):
    reached = [
        ping("red", "10.0.2.21"), ping("blue", "10.0.2.20"), ping("red", "127.0.0.1"), ping("grey", "127.0.0.1"),
        ping("blue", "10.0.2.2"),
    ]
    apart = [
        ping("red", "10.0.2.22"), ping("grey", "10.0.2.20"), ping("green", "10.0.2.21"), ping("grey", "10.0.2.2"),
    ]
    allow = ["rfctl allow grey green", "sleep 1", ping("grey", "10.0.2.20")]
    then = ["rfctl allow grey red", ping("grey", "10.0.2.20"), "rfctl deny red blue", ping("red", "10.0.2.21")]
    result = guest.boot(SETTLED, *reached, *apart, *allow, *then, "rfctl network --json", emulator=emulator, machine=MACHINE)
    expected = [0] * (1 + len(reached)) + [1] * len(apart) + [0, 0, 1, 0, 0, 0, 1, 0]
    assert result.statuses == expected, result.explain()
    refused = {port["tenant"]: port["sent"]["refused"] for port in json.loads(result.output[result.output.index("["):])}
    assert refused["red"] > 0, refused  # blue's address it still knew


@cases(*((program, emulator) for program in ("groups", "frames") for emulator in ("qemu", "bochs")))
def test_beside_a_card(guest, case):
    """Programs of tests/abi for which there must be a card: multicast groups, and frames as they are."""
    program, emulator = case
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUILD / "third-party" / "busybox", [BUILD / "abi" / program], [])
        result = guest.boot(
            SETTLED, f"rfctl exec red -- /bin/{program}", emulator=emulator, machine=MACHINE, roots={"red": folder}
        )
    assert result.statuses == [0, 0] and "checks, 0 failed" in result.output, result.explain()


def test_a_refusal_comes_back(guest):
    """From blue, who has no such port, to the socket in red: over IPv4 and IPv6."""
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUILD / "third-party" / "busybox", [BUILD / "abi" / "refused"], [])
        result = guest.boot(
            SETTLED,
            "six=$(rfctl exec blue -- ip -6 -o addr show dev eth0 scope link | sed 's/.*inet6 //; s/[/].*//');"
            " echo blue is $six; rfctl exec red -- /bin/refused 10.0.2.21 $six%eth0", machine=MACHINE, roots={"red": folder},
        )
    assert result.statuses == [0, 0] and "13 checks, 0 failed" in result.output, result.explain()


def test_changes_are_told(guest):
    """By rtnetlink, to those who listen; the card works afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        erofs.lay_out(Path(folder), BUILD / "third-party" / "busybox", [BUILD / "abi" / "news"], [])
        result = guest.boot(
            SETTLED, "rfctl exec red -- /bin/news 10.0.2.20 10.0.2.77", "sleep 1", ping("red", "10.0.2.21"),
            machine=MACHINE, roots={"red": folder},
        )
    assert result.statuses == [0] * 4 and "checks, 0 failed" in result.output, result.explain()


@cases("qemu", long=("bochs",))
def test_what_nobody_reads_keeps_no_buffers(guest, emulator):
    """Red's reader is stopped while datagrams come: its web server goes on, and none of what waits is overwritten."""
    lines = "seq 1 100 | while read n; do echo line $n; usleep 15000; done"
    commands = [
        SETTLED,
        SERVE,
        "rfctl exec red -- sh -c 'nc -u -l -p 9 >/tmp/heard & echo $! >/tmp/pid; sleep 1'",
        f"rfctl exec blue -- sh -c '(echo first; sleep 2; {lines}) | nc -u 10.0.2.20 9 >/dev/null 2>&1 & sleep 1'",
        "rfctl exec red -- sh -c 'kill -STOP $(cat /tmp/pid); sleep 4'",
        "rfctl exec blue -- sh -c 'cd /tmp && for n in big sum; do wget -q http://10.0.2.20/$n; done && md5sum -c sum'",
        "rfctl exec red -- sh -c 'cat /tmp/heard; kill -CONT $(cat /tmp/pid); sleep 1; (echo first; seq 1 100 | sed s/^/line\ /)"
        " | cmp - /tmp/heard && echo all of it'",
    ]
    result = guest.boot(*commands, emulator=emulator, machine=MACHINE)
    assert result.statuses == [0] * len(commands), result.explain()
    assert result.output.endswith("big: OK\nfirst\nall of it\n"), result.output


def test_no_packet_of_ipv6_is_longer_than_any_way_takes(guest):
    """Grey has heard nobody yet: what it sends goes in pieces for the least of all paths, and lwIP's own start does not undo that."""
    sent = "awk '/eth0/ { print $11 }' /proc/net/dev"
    script = f"{sent}; ping -6 -c 1 -W 1 -s 1300 ff02::1%eth0 >/dev/null; {sent}"
    result = guest.boot(SETTLED, in_tenant("grey", script), machine=MACHINE)
    before, after = map(int, result.output.split())
    assert after - before == 2, result.explain()


def test_a_connection_after_a_long_sleep(guest):
    """The stack's clock has stood still for minutes: what has missed no answer is not given up."""
    result = guest.boot(
        SETTLED, SERVE, "rfctl exec blue -- sh -c 'sleep 200; wget -q -O - http://10.0.2.20/'", machine=MACHINE, icount=True,
    )
    assert result.statuses == [0] * 3 and result.output.endswith("red serves\n"), result.explain()


@cases("qemu", long=("bochs",))
def test_programs(guest, emulator):
    """What busybox has for networks, between two tenants, over IPv4 and IPv6."""
    commands = [
        SETTLED,
        SERVE,
        "rfctl exec blue -- sh -c 'wget -q -O - http://10.0.2.20/ && wget -q -O /tmp/big http://10.0.2.20/big"
        " && wget -q -O /tmp/sum http://10.0.2.20/sum && cd /tmp && md5sum -c sum'",
        "rfctl exec blue -- sh -c 'wget -q -O /dev/null http://10.0.2.20:81/; [ $? = 1 ] && echo no port'",
        "rfctl exec red -- sh -c 'nc -l -p 7 >/tmp/heard & echo $! >/tmp/pid; sleep 1'",
        "rfctl exec blue -- sh -c 'echo a line | nc -w 1 10.0.2.20 7'",
        "rfctl exec red -- cat /tmp/heard",
        "rfctl exec red -- sh -c 'ping -6 -c 1 ::1 >/dev/null && wget -q -O - http://[::1]/'",
        "rfctl exec red -- sh -c 'telnetd -l /bin/echo -p 23 && sleep 1; echo | nc -w 1 127.0.0.1 23 >/dev/null; netstat -ltn'",
        "rfctl exec red -- ifconfig eth0",
        "rfctl exec red -- route -n",
        "rfctl exec green -- sh -c 'ifconfig eth0; cat /proc/net/dev'",
        "rfctl exec grey -- sh -c 'ifconfig eth0 10.0.2.99 netmask 255.255.255.0; ifconfig eth0; ping -c 1 -W 1 10.0.2.22'",
    ]
    result = guest.boot(*commands, emulator=emulator, machine=MACHINE)
    assert result.statuses == [0] * (len(commands) - 1) + [1], result.explain()
    for text in ("red serves", "big: OK", "no port", "a line", ":::80", "10.0.2.20", "10.0.2.15", "10.0.2.99", "UG"):
        assert text in result.output, f"{text} is missing\n{result.output}"


# What udhcpc calls when it has a lease.
LEASED = (
    'printf "#!/bin/sh\\n[ \\$1 != bound ] || { ip addr add \\$ip/\\$mask dev eth0; ip route add default via \\$router; }\\n"'
    " >/tmp/leased && chmod 755 /tmp/leased"
)


@cases("qemu", "bochs")
def test_ip_udhcpc_and_arping(guest, emulator):
    """By AF_NETLINK and AF_PACKET: green gives its lease back, asks for one itself, and is on the network again."""
    commands = [
        f"rfctl exec green -- sh -c '{script}'"
        for script in (
            "sleep 3; ip -o -4 addr show dev eth0; ip addr flush dev eth0; ip route; ping -c 1 -W 1 10.0.2.2 >/dev/null",
            f"{LEASED}; udhcpc -i eth0 -n -q -f -s /tmp/leased 2>&1",
            "ip -o -4 addr show dev eth0; ip route; ip route get 10.0.2.3; ping -c 1 -W 1 10.0.2.2 >/dev/null",
            "arping -c 1 -w 2 -I eth0 10.0.2.2; ip neigh show dev eth0",
            "ip link set eth0 down; ip -o link show eth0; ip link set eth0 up; ip route add default via 10.0.2.2 2>&1",
            "ip addr add fd00::7/64 dev eth0; sleep 2; ip -6 -o addr show dev eth0; ip addr add 10.9.9.9/24 dev eth0 2>&1",
        )
    ]
    result = guest.boot(*commands, machine=MACHINE, emulator=emulator)
    assert result.statuses == [1, 0, 0, 0, 2, 2], result.explain()
    for text in (
        "scope global dynamic eth0", "lease of 10.0.2.15 obtained", "inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0",
        "default via 10.0.2.2 dev eth0", "10.0.2.3 dev eth0  src 10.0.2.15", "Received 1 response(s)", "REACHABLE",
        "state DOWN", "File exists", "inet6 fd00::7/64 scope global \\", "Not supported",
    ):
        assert text in result.output, f"{text} is missing\n{result.output}"


def fetch(url, seconds=5):
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return answer.read()


class Client:
    """The host's side: fetches a page so many times. What has no answer in PATIENCE is asked for again, and counted."""

    def __init__(self, port, count):
        self.url, self.count = f"http://127.0.0.1:{port}/", count
        self.served, self.again, self.errors = 0, 0, []

    def wait(self):
        for _ in range(300):
            try:
                return fetch(self.url)
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        return None

    def run(self):
        self.wait()
        while self.served < self.count and len(self.errors) < 20:
            try:
                assert fetch(self.url, PATIENCE) == b"red serves\n"
                self.served += 1
            except TimeoutError:
                self.again += 1
            except (OSError, AssertionError, urllib.error.URLError) as error:
                self.errors.append(repr(error))
        with contextlib.suppress(OSError):  # the machine may go off before it answers
            fetch(self.url + "cgi-bin/done", 30)


def serve_host(guest, count, card, crash, timeout=280):
    """The guest goes on, with `crash` each second, until the host has been served."""
    port = free_port()
    client = Client(port, count)
    commands = [SETTLED, SERVE, f"for n in $(seq {timeout}); do sleep 1; {crash}; rfctl exec red -- test -e /tmp/done && break; done", "sleep 1; rfctl drivers --json"]
    result = guest.boot(*commands, machine=MACHINE, card=card, publish=[f"{port}:red:80"], while_running=client.run,
                        timeout=timeout)
    drivers = json.loads(result.output[result.output.index("["):])
    driver = next(driver for driver in drivers if driver["device"] == "net0")
    assert not client.errors, f"{client.errors}\n{result.explain()}"
    assert client.again <= driver["restarts"], f"{client.again} had no answer, {driver['restarts']} crashes"
    assert client.served == count, f"{client.served} of {count}\n{result.explain()}"
    return driver


# QEMU's e1000 takes no frame in the first second after a reset (hw/net/e1000.c, flush_queue_timer).
PAUSES = {"virtio": 1, "e1000": 4}


def serve_beside_crashes(guest, card, count, timeout):
    kinds = "null wild-write jump bad-completion"
    pause = PAUSES[card]  # the first comes at once: the host may be served in a few seconds
    crash = f"set -- {kinds}; shift $((n / {pause} % 4)); [ $((n % {pause})) = {1 % pause} ] && rfctl crash net0 $1 2>/dev/null"
    driver = serve_host(guest, count, card, crash, timeout)
    assert driver["restarts"] >= 1, driver
    assert driver["state"] == "running", driver


@cases(1, 3)
def test_apps_that_keep_sending_do_not_starve_their_stack(guest, seconds):
    """Eight senders at their cap, with more to send than the limit lets through: the answer to the first ARP request is heard,
    and what the limit holds back goes on, on their own time."""
    commands = [
        "rfctl create violet image=senders memory=16MiB cpu.reservation=17 cpu.cap=17 network.device=net0"
        " network.address=10.0.2.30/24 network.gateway=10.0.2.2 network.send-packets=4000",
        "rfctl exec violet -- /stress send 10.0.2.2 >/dev/null 2>&1 </dev/null &",
        f"sleep {seconds}",
        "rfctl tenants --json",
    ]
    entries = [image("senders", BUILD / "isolation" / "stress")]
    result = guest.boot(*commands, machine=MACHINE, entries=entries, icount=True, timeout=120)
    violet = next(tenant for tenant in json.loads(result.output[result.output.index("["):]) if tenant["name"] == "violet")
    assert violet["network"]["sent"]["frames"] > 1000 * seconds, violet


@cases(*PAUSES)
def test_the_host_is_served_while_the_driver_crashes(guest, card):
    """QEMU's network sends a SYN that is lost at a crash again after 24 s, so the client asks again sooner: at most once
    for each of its connections that a crash can have met."""
    serve_beside_crashes(guest, card, 500, 280)


@long
@cases(*PAUSES)
def test_ten_thousand_requests_while_the_driver_crashes(guest, card):
    serve_beside_crashes(guest, card, 10_000, 1500)


@long
def test_the_host_is_served_under_bochs(guest):
    """While it sleeps, Bochs's time flies: the guest asks itself ever again whether the host is done."""
    port = free_port()
    client = Client(port, 20)
    commands = [SETTLED, SERVE, "for n in $(seq 3000); do rfctl exec red -- test -e /tmp/done && break; done"]
    result = guest.boot(*commands, machine=MACHINE, emulator="bochs", publish=[f"{port}:red:80"], while_running=client.run,
                        timeout=120)
    assert result.statuses == [0, 0, 0] and client.served == 20 and not client.errors, f"{client.errors}\n{result.explain()}"


@cases("qemu", "bochs")
def test_bad_descriptions(guest, emulator):
    """Refused where they are created: an address that is another's, a card that is not there, a bad value."""
    create = "rfctl create x memory=8MiB network.device="
    bad = [
        create + "net0 network.address=10.0.2.20/24", create + "net7", create + "net0 network.address=10.0.2.300/24",
        create + "net0 network.address=10.0.2.20", create + "net0 network.hardware=01:00:00:00:00:00",
        create + "net0 network.hardware=02:00:00:00:00", create + "net0 network.weight=0",
        create + "net0 network.uplink=yes", "rfctl allow red red", "rfctl allow red nobody",
        "rfctl set grey network.address=10.0.2.5/24", "rfctl set red network.weight=10001",
        "rfctl create x memory=8MiB disk.device=net0 disk.size=1MiB",
    ]
    good = ["rfctl set red network.send-packets=100 && rfctl set red network.receive-bandwidth=1MiB", "rfctl network"]
    result = guest.boot(*bad, *good, machine=MACHINE, emulator=emulator)
    assert result.statuses[-2:] == [0, 0] and all(result.statuses[:-2]), result.explain()
    for text in ("is that of red", "no network device net7", "is no address like", "is neither on nor off", "no disk net0"):
        assert text in result.errors + "\n".join(result.log), f"{text}\n{result.explain()}"
