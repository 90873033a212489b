# SPDX-License-Identifier: MIT
"""What tenants use of the CPUs' time between two looks of the operator."""

import json

LOOK = "rfctl stats --json; rfctl tenants --json"


def values(text):
    """All that is JSON in it, one behind the other; lines before them are not."""
    decoder, found = json.JSONDecoder(), []
    text = text[text.index("{") :]
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found


def between(machine, before, later, after):
    """The values of two looks: {tenant: part of one CPU's time}."""
    elapsed = later["nanoseconds"] - machine["nanoseconds"]
    times = {tenant["name"]: tenant["cpu"]["used"] for tenant in before}
    return {tenant["name"]: (tenant["cpu"]["used"] - times[tenant["name"]]) / elapsed for tenant in after}
