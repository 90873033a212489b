# SPDX-License-Identifier: MIT
"""What a test file needs: `from lib import alone, cases, long`. See tests/README.md."""


def cases(*values, long=()):
    """Runs the test once for each value, passed as its second argument; `long` are values for `make test-all` alone."""

    def mark(function):
        function.cases, function.long_cases = values, long
        return function

    return mark


def long(function):
    """Leaves the test to `make test-all`."""
    function.long = True
    return function


def alone(function):
    """Runs the test when no other one runs: it measures several CPUs by the host's time."""
    function.alone = True
    return function


class Skip(Exception):
    """Raised by a test that cannot be run on this host; its text says why."""
