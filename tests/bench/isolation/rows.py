# SPDX-License-Identifier: MIT
"""The rows of the isolation table: what is done to the machine while three tenants do their work.

`ringfence` runs in the operator's tenant, `linux` as root outside the tenants' control groups; None: Linux
has nothing of the kind. Each is a shell command that goes on for ever. In a row with `disk` the three
read their disks, else they compute, use memory and write files.
"""

from dataclasses import dataclass

GOAL = 1.0  # percent


@dataclass(frozen=True)
class Row:
    name: str
    ringfence: str
    linux: str | None
    disk: bool = False
    # The goal holds for the work, but no request is in time while the only way to its disk is down.
    p99_is_outage: bool = False


IN_RED = "rfctl exec red -- /stress {}"
IN_RED_GROUP = "in_group red /stress {}"
CRASH_DRIVER = "rfctl exec red -- /stress disk /dev/vda & while :; do rfctl crash blk0 wild-write; done"


def in_red(name, words, **others):
    return Row(name, IN_RED.format(words), IN_RED_GROUP.format(words), **others)


ROWS = {
    "memory": in_red("memory bomb", "memory"),
    "forks": in_red("fork bomb", "forks"),
    "cpu": in_red("CPU hog", "cpu"),
    "disk": in_red("disk flood", "disk /dev/vda"),
    "disk-users": in_red("disk flood, seen by users of the disk", "disk /dev/vda", disk=True),
    "driver": Row("driver crash loop", CRASH_DRIVER, None),
    "driver-users": Row(
        "driver crash loop, seen by users of the disk", CRASH_DRIVER, None, disk=True, p99_is_outage=True
    ),
    "manager": Row(
        "manager crash loop",
        f"while :; do {IN_RED.format('memory')} & sleep 0.1; rfctl restart red; done",
        f"while :; do {IN_RED_GROUP.format('memory')} & sleep 0.1; echo 1 >$groups/red/cgroup.kill; done",
    ),
}
