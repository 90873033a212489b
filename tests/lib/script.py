# SPDX-License-Identifier: MIT
"""Longer scripts than a command line can quote, and ports of the host's for them."""

import base64
import socket


def in_tenant(name, script, command="sh"):
    """A command line for the operator: `command` in the tenant's /tmp, with the script, text or bytes, as its input."""
    text = base64.b64encode(script.encode() if isinstance(script, str) else script).decode()
    return f"echo {text} | base64 -d | rfctl exec -T {name} -- sh -c 'cd /tmp && {command}' 2>/dev/null"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
