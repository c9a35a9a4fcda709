"""Fonts for what is written on images."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bench.watermark.artist import Artist, Faces, find_faces, font
from bench.watermark.samples import part_of


@cache
def artist(fonts: tuple[Path, ...]) -> Artist:
    """With the fonts that the watermark detector's training left out, where there are some; no drawings."""
    faces = find_faces(list(fonts or packaged()))
    latin, han = ([file for file in files if writes_latin(file)] for files in (faces.latin, faces.han))
    unseen = [tuple(file for file in files if part_of(file.name) != "train") for files in (latin, han)]
    return Artist(Faces(unseen[0] or tuple(latin), unseen[1] or tuple(han)), ())


def writes_latin(file: Path) -> bool:
    """Whether a font has letters, rather than the same box for each: names and sentences mix them into Chinese."""
    return len({bytes(font(file, 32).getmask(letter)) for letter in "Agz"}) == 3


def packaged() -> list[Path]:
    """Folders of the installed font packages."""
    from synth.font_packages import find_faces as find_packaged

    return sorted({Path(face.path).parent for face in find_packaged()})
