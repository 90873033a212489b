# SPDX-License-Identifier: MIT
"""Results that several tests, running side by side, need and one of them makes."""

import functools
import threading


def once(function):
    """`function` of one argument, called once for each; the others wait for its result."""
    guard, locks, results = threading.Lock(), {}, {}

    @functools.wraps(function)
    def call(argument):
        with guard:
            lock = locks.setdefault(argument, threading.Lock())
        with lock:
            if argument not in results:
                results[argument] = function(argument)
            return results[argument]

    return call
