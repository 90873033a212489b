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
    # Of the other run, if it is not idle: what the operator does without harm.
    calm: str | None = None
    # What the three use, "disk" or "network"; else they compute, use memory and write files.
    users: str = ""
    network: bool = False  # they have one at all
    # In percent. Beyond the goal: a row that misses it, and may not get worse; None: only told.
    work_at_most: float | None = GOAL
    p99_at_most: float | None = GOAL
    why: str = ""  # it misses the goal, or what else must be known


IN_RED = "rfctl exec red -- /stress {}"
IN_RED_GROUP = "in_group red /stress {}"
FLOOD = IN_RED.format("disk /dev/vda")
# The operator's own work is no crash: a run without harm has it, too.
LOOK = "while :; do rfctl drivers; sleep 0.01; done"
SEND_OUT = IN_RED.format("send 10.0.2.2")
SEND_TO_RED = f"{IN_RED.format('receive')} & rfctl exec violet -- /stress send 10.0.2.20"
CRASH_DRIVER = f"{FLOOD} & while :; do rfctl crash $device wild-write; sleep 0.01; done"


def in_red(name, words, **others):
    return Row(name, IN_RED.format(words), IN_RED_GROUP.format(words), **others)


ROWS = {
    "memory": in_red("memory bomb", "memory"),
    "forks": in_red("fork bomb", "forks"),
    "cpu": in_red("CPU hog", "cpu"),
    "disk": in_red("disk flood", "disk /dev/vda"),
    "disk-users": Row(
        "disk flood, users of the disk",
        FLOOD,
        users="disk",
        p99_at_most=75,
        why="All of what they ask for is reserved. A disk that does one request at a time finishes the neighbour's 64 KiB"
        " first, and that is 1.4 ms: what is left is one request of the neighbour's.",
    ),
    "send": Row("network flood, sent to the host", SEND_OUT, network=True),
    "receive": Row("network flood, received from another tenant", SEND_TO_RED, network=True),
    "send-users": Row(
        "network flood sent, users of the network",
        SEND_OUT,
        users="network",
        network=True,
        why="The p99 is two requests at once, of four choices each. While the card's driver has work (the flood, and the host's answers to"
        " it) it lets go reserved work, but a message from the card interrupts, and the choice after it compares its driver.",
    ),
    "receive-users": Row("network flood received, users of the network", SEND_TO_RED, users="network", network=True),
    "driver": Row("driver crash loop", CRASH_DRIVER, calm=LOOK),
    "driver-users": Row(
        "driver crash loop, users of the disk",
        CRASH_DRIVER,
        calm=LOOK,
        users="disk",
        work_at_most=5,
        p99_at_most=None,
        why="The disk flood with users of the disk, and each crash begins the request again that the disk was at.",
    ),
    "manager": Row(
        "manager crash loop",
        "while :; do rfctl restart red; sleep 0.1; done",
        calm="while :; do rfctl tenants; sleep 0.1; done",
    ),
    "full-manager": Row(
        "manager crash loop, its memory in use",
        f"while :; do {IN_RED.format('memory')} & sleep 0.1; rfctl restart red; sleep 0.01; done",
        f"while :; do {IN_RED_GROUP.format('memory')} &"
        " sleep 0.1; echo 1 >$groups/red/cgroup.kill; sleep 0.01; done",
        calm=f"while :; do {IN_RED.format('none')} & sleep 0.1; rfctl tenants; sleep 0.01; done",
    ),
}
