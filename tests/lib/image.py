# SPDX-License-Identifier: MIT
"""A tenant's root of a few programs, for a run's bundle."""

import shutil
import tempfile
from pathlib import Path

from ringfence import bundle, erofs


def image(name, *programs):
    """The bundle's entry: an image `name` with these programs, files of the host, in its root folder."""
    with tempfile.TemporaryDirectory() as folder:
        root, packed = Path(folder) / "root", Path(folder) / "packed"
        root.mkdir()
        for program in programs:
            shutil.copy(program, root)
        erofs.make_root(root, packed)
        return bundle.Entry(bundle.IMAGE, name, packed.read_bytes())
