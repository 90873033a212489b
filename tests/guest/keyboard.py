# SPDX-License-Identifier: MIT
"""The PS/2 keyboard, typed on by QEMU's monitor: the console's driver has its data port alone."""

import socket
import tempfile
import threading
from pathlib import Path

LINE = ["k", "e", "y", "shift-1", "ret"]
TYPED = "key!\n"


class Typist(threading.Thread):
    """Types LINE again and again until it is told to stop. The first line may lose its beginning, before the
    driver is there or while it is away."""

    def __init__(self, monitor):
        super().__init__(daemon=True)
        self.monitor = str(monitor)
        self.done = threading.Event()

    def run(self):
        connection = None
        while connection is None and not self.done.wait(0.1):
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(self.monitor)
            except OSError:
                connection = None
        while not self.done.wait(0.5):
            for key in LINE:
                connection.sendall(f"sendkey {key} 20\n".encode())
                self.done.wait(0.1)


def test_keys_arrive_before_and_after_a_crash(guest):
    with tempfile.TemporaryDirectory() as folder:
        monitor = Path(folder) / "monitor"
        typist = Typist(monitor)
        typist.start()
        result = guest.boot(
            "head -n 1 </dev/console >/dev/null; head -n 1 </dev/console",
            "rfctl crash console wild-write; sleep 1; head -n 1 </dev/console >/dev/null",
            "head -n 1 </dev/console",
            qemu_args=["-monitor", f"unix:{monitor},server=on,wait=off"],
            timeout=60,
        )
        typist.done.set()
        typist.join()
    assert result.output == TYPED * 2, result.explain()
    assert any("driver console (console) is back" in line for line in result.log), result.log
