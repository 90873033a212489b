# SPDX-License-Identifier: MIT
"""Dropbear: from the host into a tenant, with a command, with a terminal, and with a file of 10 MB both ways."""

import fcntl
import hashlib
import os
import pty
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
from pathlib import Path

from lib.script import free_port, in_tenant
from ringfence import BUILD

MACHINE = Path(__file__).parent / "machine.toml"
PROGRAMS = BUILD / "third-party" / "dropbear" / "root" / "bin"
PATIENCE = 60
WINDOW = (40, 100)  # lines and columns
FILE_BYTES = 10 << 20
START = """
    mount -t tmpfs tmpfs /root && mkdir -p /root/.ssh
    echo '{key}' >/root/.ssh/authorized_keys
    chmod 700 /root /root/.ssh; chmod 600 /root/.ssh/authorized_keys
    dropbearkey -t ed25519 -f /tmp/host_key >/dev/null 2>&1
    dropbear -r /tmp/host_key
    until [ -e /tmp/done ]; do sleep 0.5; done"""
TYPED = [
    (b"#", b"tty\r"), (b"#", b"sleep 100\r"), (b"sleep 100", b"\x03"), (b"#", b"stty size | tr ' ' x\r"), (b"#", b"exit\r"),
]


class Host:
    """The client's side: a key, and commands with it."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        made = self.run("dropbearkey", "-t", "ed25519", "-f", "key")
        self.public = next(line for line in made.stdout.decode().splitlines() if line.startswith("ssh-"))

    def run(self, program, *arguments):
        return subprocess.run(
            [PROGRAMS / program, *arguments], cwd=self.folder, capture_output=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL
        )

    def options(self):
        return ["-y", "-y", "-i", "key", "-p", str(self.port)]

    def tell(self, command):
        return self.run("dbclient", *self.options(), "root@127.0.0.1", command)

    def await_server(self):
        patience = time.monotonic() + PATIENCE
        while self.tell("true").returncode != 0:
            assert time.monotonic() < patience, "nobody lets us in"
            time.sleep(0.5)

    def copy(self, source, target):
        wrapper = self.folder / "ssh"
        wrapper.write_text(f"#!/bin/sh\nexec {PROGRAMS / 'dbclient'} {' '.join(self.options())} \"$@\"\n")
        wrapper.chmod(0o700)
        finished = self.run("scp", "-S", wrapper, source, target)
        assert finished.returncode == 0, finished.stderr

    def on_a_terminal(self, typed):
        """What a terminal shows until it is closed; `typed`: what is waited for, and what is typed then."""
        child, terminal = pty.fork()
        if child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *WINDOW, 0, 0))
            os.chdir(self.folder)
            os.execv(PROGRAMS / "dbclient", ["dbclient", *self.options(), "root@127.0.0.1"])
        shown, patience = b"", time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
            if typed and shown.rstrip().endswith(typed[0][0]):
                time.sleep(0.5)  # what is typed before the shell's child reads is the shell's
                os.write(terminal, typed.pop(0)[1])
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        os.close(terminal)
        return shown.decode(errors="replace")


def test_ssh_into_a_tenant(guest):
    port, told = free_port(), {}
    with tempfile.TemporaryDirectory() as folder:
        host = Host(Path(folder), port)
        sent = os.urandom(FILE_BYTES)
        (host.folder / "sent").write_bytes(sent)

        def ask():
            told["command"] = host.tell("uname -n; id -u; tty; exit 7")
            told["terminal"] = host.on_a_terminal(list(TYPED))
            host.copy("sent", "root@127.0.0.1:/tmp/file")
            told["sum"] = host.tell("md5sum </tmp/file").stdout.decode()
            host.copy("root@127.0.0.1:/tmp/file", "got")

        def beside():
            host.await_server()
            try:
                ask()
            finally:
                host.tell("touch /tmp/done")

        guest.run(
            in_tenant("red", START.format(key=host.public)), machine=MACHINE, publish=[f"{port}:red:22"], while_running=beside, timeout=300
        )
        assert (host.folder / "got").read_bytes() == sent
    assert told["command"].returncode == 7 and told["command"].stdout == b"red\n0\nnot a tty\n", told["command"]
    assert told["sum"].split()[0] == hashlib.md5(sent).hexdigest(), told["sum"]
    assert "/dev/pts/0" in told["terminal"] and "x".join(map(str, WINDOW)) in told["terminal"], told["terminal"]
