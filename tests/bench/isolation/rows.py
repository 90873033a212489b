# SPDX-License-Identifier: MIT
"""The rows of the isolation table: what is done to the machine while three tenants do their work.

`ringfence` runs in the operator's tenant, `linux` as root outside the tenants' control groups; None: Linux
has nothing of the kind. Each is a shell command that goes on for ever; `$device` is the tenants' disk.
"""

from dataclasses import dataclass

GOAL = 1.0  # percent


@dataclass(frozen=True)
class Row:
    name: str
    ringfence: str
    linux: str | None = None
    # The three read their disks, else they compute, use memory and write files.
    disk_users: bool = False
    # In percent. Beyond the goal: a row that misses it, and may not get worse; None: only told.
    work_at_most: float | None = GOAL
    p99_at_most: float | None = GOAL


IN_RED = "rfctl exec red -- /stress {}"
IN_RED_GROUP = "in_group red /stress {}"
FLOOD = IN_RED.format("disk /dev/vda")
CRASH_DRIVER = f"{FLOOD} & while :; do rfctl crash $device wild-write; sleep 0.01; done"


def in_red(name, words, **others):
    return Row(name, IN_RED.format(words), IN_RED_GROUP.format(words), **others)


ROWS = {
    "memory": in_red("memory bomb", "memory"),
    "forks": in_red("fork bomb", "forks"),
    "cpu": in_red("CPU hog", "cpu"),
    "disk": in_red("disk flood", "disk /dev/vda"),
    "disk-users": Row("disk flood, users of the disk", FLOOD, disk_users=True),
    "driver": Row("driver crash loop", CRASH_DRIVER),
    "driver-users": Row("driver crash loop, users of the disk", CRASH_DRIVER, disk_users=True),
    "manager": Row(
        "manager crash loop",
        f"while :; do {IN_RED.format('memory')} & sleep 0.1; rfctl restart red; done",
        f"while :; do {IN_RED_GROUP.format('memory')} & sleep 0.1; echo 1 >$groups/red/cgroup.kill; done",
    ),
}
