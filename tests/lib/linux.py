# SPDX-License-Identifier: MIT
"""Linux as the oracle: runs the very programs that tenants run on the host's own kernel."""

import errno
import subprocess

from . import Skip

TIMEOUT = 60


def run(program, *arguments):
    """What `program` printed, in a session of its own; Skip where the kernel runs no i386 programs."""
    try:
        finished = subprocess.run(
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            start_new_session=True,
        )
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        raise Skip("this host's kernel runs no i386 programs") from error
    return finished.stdout


def runs(program):
    """Can this host's kernel run `program` at all? It is called with no arguments."""
    try:
        run(program)
    except Skip:
        return False
    return True
