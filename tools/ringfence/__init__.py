# SPDX-License-Identifier: MIT
"""The host's side of Ringfence: machine descriptions, boot bundles, emulators and the debug port."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("RINGFENCE_BUILD", ROOT / "build"))
DEFAULT_MACHINE = ROOT / "tools" / "machines" / "demo.toml"


def image_file(name):
    return BUILD / "images" / f"{name}.erofs"


def images():
    """The names of the images that the build makes."""
    return sorted(path.stem for path in (BUILD / "images").glob("*.erofs"))
