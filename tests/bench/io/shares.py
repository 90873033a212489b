# SPDX-License-Identifier: MIT
"""Five tenants at one disk for a minute, each with so many readers that it always has a request, and what each should get."""

from dataclasses import dataclass

from bench.io import measure
from bench.io.disks import SIZE

SECONDS, READERS, BURST = 60, 12, 0.1
PART = SIZE // 5 >> 20


@dataclass(frozen=True)
class Share:
    reservation: int  # reads a second
    weight: int
    limit: int = 0  # requests a second; 0: none


TENANTS = {
    "amber": Share(600, 100),
    "blue": Share(300, 300),
    "green": Share(0, 1000, limit=250),
    "red": Share(0, 200),
    "violet": Share(0, 100),
}


def expected(capacity):
    """Reservations first; then by weight, up to the limits (mClock)."""
    gets = {name: float(share.reservation) for name, share in TENANTS.items()}
    open_ones, left = set(TENANTS), capacity - sum(gets.values())
    while open_ones and left > 1e-6:
        weights = sum(TENANTS[name].weight for name in open_ones)
        full = {name for name in open_ones if TENANTS[name].limit
                and gets[name] + left * TENANTS[name].weight / weights >= TENANTS[name].limit}
        for name in full or open_ones:
            more = TENANTS[name].limit - gets[name] if full else left * TENANTS[name].weight / weights
            gets[name] += more
        left = capacity - sum(gets.values())
        open_ones = open_ones - full if full else set()
    return gets


def script():
    text = ""
    for place, (name, share) in enumerate(TENANTS.items()):
        text += f"rfctl create {name} image=load memory=16MiB cpu.reservation=15 disk.device=blk0 disk.size={PART}MiB"
        text += f" disk.offset={place * PART}MiB disk.reservation={share.reservation} disk.weight={share.weight}"
        text += f" disk.iops={share.limit} >/dev/null || exit 1\n"
    for place, name in enumerate(TENANTS):
        text += f"rfctl exec {name} -- /load /dev/vda r 4096 {READERS} {SECONDS} 0 0 100 {place} >/tmp/{name} & waits=\"$waits $!\"\n"
    text += "wait $waits\n"
    for name in TENANTS:
        text += f"echo '{measure.BANNER}{name} 0 shares r'; cat /tmp/{name}\n"
    return text


def read(output):
    """{tenant: Load}."""
    return {key[0]: loads[0] for key, loads in measure.read(output).items()}


def over_limit(load, limit):
    """By how many requests the worst stretch of tenths of a second is over limit + burst + 1; what was in flight at its start
    counts in it as well."""
    allowed = limit * BURST + 1 + 1
    worst = running = 0.0
    for count in load.windows:
        running = max(0.0, running + count - limit / measure.WINDOWS_A_SECOND)
        worst = max(worst, running)
    return worst - allowed
