# SPDX-License-Identifier: MIT
"""Root images: a host folder as an EROFS file system whose pages the guest maps as they lie.

Uncompressed and without inline tails, so that every page of a file is a page of the image, and
bytes past a file's end are zero. Time stamps, UUID and owner are fixed: equal folders give equal
images.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

UUID = "52494e47-4645-4e43-4500-000000000001"
TIME_STAMP = 0
MOUNT_POINTS = ("dev", "proc", "tmp")


class ImageError(Exception):
    pass


def make(folder, output):
    """Writes the image of `folder` to `output`."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.unlink(missing_ok=True)
    command = ["mkfs.erofs", "--quiet", f"-T{TIME_STAMP}", f"-U{UUID}", "--all-root", "-x-1"]
    command += ["-Enoinline_data", str(output), str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        output.unlink(missing_ok=True)
        raise ImageError(f"mkfs.erofs on {folder} failed: {finished.stderr.strip()}")


def make_root(folder, output):
    """The image of any folder as a tenant's root: what the folder lacks as mount points is added."""
    if not folder.is_dir():
        raise ImageError(f"{folder} is not a folder")
    if all((folder / name).is_dir() for name in MOUNT_POINTS):
        make(folder, output)
        return
    with tempfile.TemporaryDirectory(prefix="ringfence-root-") as staging:
        root = Path(staging) / "root"
        shutil.copytree(folder, root, symlinks=True)
        for name in MOUNT_POINTS:
            (root / name).mkdir(exist_ok=True)
        make(root, output)


def lay_out(root, busybox, programs, system_programs, trees=()):
    """Fills `root` with busybox and its applets' links, /bin programs, /sbin programs, /etc, and what else `trees` have."""
    for folder in ("bin", "sbin", "usr/bin", "usr/sbin", "etc", "root", "home", *MOUNT_POINTS):
        (root / folder).mkdir(parents=True)
    shutil.copy(busybox / "busybox", root / "bin" / "busybox")
    for link in (busybox / "applets").read_text().split():
        os.symlink("/bin/busybox", root / link.lstrip("/"))
    for folder, files in (("bin", programs), ("sbin", system_programs)):
        for file in files:
            place = root / folder / file.name
            place.unlink(missing_ok=True)
            shutil.copy(file, place)
    _write_configuration(root)
    for tree in trees:
        _add_tree(root, tree)
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]:
        folder.chmod(0o755)  # whatever its maker's umask is


def _add_tree(root, tree):
    """What lies in `tree` takes the place of what is there: an applet's link is no way out of `root`."""
    for path in sorted(tree.rglob("*")):
        place = root / path.relative_to(tree)
        if path.is_dir() and not path.is_symlink():
            place.mkdir(exist_ok=True)
            continue
        place.unlink(missing_ok=True)
        shutil.copy(path, place, follow_symlinks=False)


def _write_configuration(root):
    files = {
        "passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
        "group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
        "profile": "export PATH=/bin:/sbin:/usr/bin:/usr/sbin\nexport PS1='\\h:\\w\\$ '\n",
        "hosts": "127.0.0.1 localhost\n",
    }
    for name, text in files.items():
        (root / "etc" / name).write_text(text)
