"""Where fonts come from: installed font packages, and folders that a user names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from synth.fonts import NOT_STATED, SUFFIXES, Face, FontError, read_faces

PACKAGES = ("pylopdf_fonts_zh_cn",)
GROUPS = ("fontpkg.family", "justmytype.packs")
"""Font packages: import names of those that announce nothing, and entry points by which others announce themselves."""

HARD_TO_READ = frozenset({"Monofett", "Sixtyfour Convergence"})
"""Families of those packages that are ornament rather than letters."""

FOREIGN = frozenset({"Noto Sans JP", "Noto Sans KR", "Noto Sans TC"})
"""Families of those packages that draw Chinese characters as they are written in Japan, Korea and Taiwan: in a text of
simplified characters those that they have would differ from the rest."""

CATEGORIES = {
    "SANS_SERIF": "sans",
    "SERIF": "serif",
    "MONOSPACE": "mono",
    "HANDWRITING": "handwriting",
    "DISPLAY": "display",
}


@lru_cache(maxsize=8)
def find_faces(folders: tuple[str, ...] = ()) -> tuple[Face, ...]:
    """Every face of the installed font packages, or of `folders` (with their sub-folders) if any are named.

    Sorted by family, weight and slope, so that the order is the same on every machine with the same fonts. Raises
    FontError for a folder that is missing, a font that cannot be read, and where there is no font at all.
    """
    faces = _of_folders(folders) if folders else _of_packages()
    if not faces:
        where = f"no fonts in {', '.join(folders)} ({', '.join(SUFFIXES)})"
        raise FontError(where if folders else "no font package is installed")
    return tuple(sorted(faces, key=lambda face: (face.family, face.weight, face.italic, Path(face.path).name)))


def _of_folders(folders: Iterable[str]) -> list[Face]:
    faces: list[Face] = []
    for folder in folders:
        if not Path(folder).is_dir():
            raise FontError(f"{folder} is not a folder of fonts")
        faces += _below(Path(folder))
    return faces


def _of_packages() -> list[Face]:
    announced = (entry.module for group in GROUPS for entry in entry_points(group=group))
    faces: list[Face] = []
    for name in sorted({*announced, *PACKAGES}):
        spec = find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            stated = _stated(Path(place))
            faces += [_completed(face, stated) for face in _below(Path(place))]
    wanted = [face for face in faces if face.family not in HARD_TO_READ | FOREIGN]
    variable_first = sorted(wanted, key=lambda face: not face.axes)
    several = {(face.family, face.style): face for face in variable_first}
    return list(several.values())  # a style that two packages bring is to be drawn no more often than others


def _stated(package: Path) -> dict[str, Any]:
    """What a `fontpkg` package states of its family; empty for other packages."""
    file = package / "metadata.json"
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


def _completed(face: Face, stated: dict[str, Any]) -> Face:
    """A face with the kind that its package states, which is Google Fonts' own, and its licence where the file says
    none."""
    kind = next((CATEGORIES[category] for category in stated.get("category", ()) if category in CATEGORIES), face.kind)
    licence = stated.get("license", face.licence) if face.licence == NOT_STATED else face.licence
    return replace(face, kind=kind, licence=licence)


def _below(folder: Path) -> list[Face]:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return [face for path in files for face in read_faces(path)]
