# SPDX-License-Identifier: MIT
"""Sourced by gdb: the command `driver-symbols`, which puts each driver's symbols at its slot.

Which slot a driver gets is known only once the core has looked for its device, so the command runs
by itself when the core is done with that, and can be given again later.
"""

import os
from pathlib import Path

import gdb

BUILD = Path(os.environ["RINGFENCE_BUILD"])
DRIVERS_LOADED = "scheduler_run"


def loaded_drivers():
    """Name and slot of each driver, read from the core's table of pointers."""
    table = gdb.parse_and_eval("drivers")
    for number in range(table.type.range()[1] + 1):
        driver = table[number]
        if int(driver) == 0:
            return
        yield driver["manifest"]["name"].string(), int(driver["slot"])


class DriverSymbols(gdb.Command):
    """Load the symbols of every running driver at its slot."""

    def __init__(self):
        super().__init__("driver-symbols", gdb.COMMAND_FILES)

    def invoke(self, argument, from_terminal):
        for name, slot in loaded_drivers():
            gdb.execute(f"add-symbol-file {BUILD}/drivers/{name}.elf -o {slot:#x}", to_string=True)
            print(f"{name}: symbols at {slot:#x}")


class DriversLoaded(gdb.Breakpoint):
    """Passed once, without stopping."""

    def __init__(self):
        super().__init__(DRIVERS_LOADED, internal=True)

    def stop(self):
        gdb.execute("driver-symbols")
        self.enabled = False
        return False


DriverSymbols()
DriversLoaded()
