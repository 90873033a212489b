# SPDX-License-Identifier: MIT
"""What another tenant sends, shares, and leaves behind."""

from escape.attack import REFUSED, SEVERAL
from escape.ring_2.manager import attack

ATTACKS = [
    # The network.
    attack("hear-neighbour", "frames of a tenant that may not talk to it", REFUSED, "NETWORK_POLICY", accomplice="net-speak"),
    attack(
        "hear-forgery",
        "frames with a sender that did not send them",
        REFUSED,
        "NETWORK_SENDER",
        accomplice="net-forge-sender",
    ),
    attack(
        "hear-past-page",
        "a frame that begins at the end of a page",
        REFUSED,
        "NETWORK_BUFFER_BOUND",
        accomplice="net-send-past-page",
    ),
    attack("receive-past-page", "a buffer at the end of a page", REFUSED, "NETWORK_BUFFER_BOUND", accomplice="net-speak"),
    # Links.
    attack("offer-to-stranger", "a link to a tenant that it may not talk to", REFUSED, "LINK_POLICY"),
    attack(
        "read-after-link-ends",
        "memory that another tenant has taken back",
        REFUSED,
        "LINK_REVOKED",
        accomplice="link-show-and-close",
    ),
    attack(
        "flood-links",
        "all the links that it can have, and their bells without a pause",
        REFUSED,
        because=SEVERAL,
        accomplice="link-show-and-close",
    ),
    # What others left.
    attack("read-x87-registers", "another tenant's ST(0)", REFUSED, "FPU_SWITCH"),
    attack("read-mmx-registers", "another tenant's MM0", REFUSED, "FPU_SWITCH"),
    attack("read-sse-control", "another tenant's MXCSR", REFUSED, "FPU_SWITCH"),
    attack("read-x87-pointers", "where another's last x87 instruction was", REFUSED, because=SEVERAL ),
    attack("read-registers-after-gate", "registers after a gate call", REFUSED, because=SEVERAL),
    attack("read-registers-of-new-thread", "registers of a new thread", REFUSED, because=SEVERAL),
    attack("read-stale-tables", "frames that were page tables", REFUSED, "FRAME_ZERO"),
]
