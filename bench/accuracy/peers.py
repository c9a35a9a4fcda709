"""The same images through cleanvision and imagededup with their own defaults, where they are to be had.

Neither is a dependency: they are taken from this environment, or from one of their own under build/peers/NAME
(which bench/filters.py makes for cleanvision).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

PEERS = Path(__file__).parents[2] / "build/peers"

ISSUES = {"blur": ("blurry",), "exposure": ("dark", "light"), "entropy": ("low_information",)}
"""cleanvision's issues that ask what a filter of ours asks."""

CLEANVISION = """
import json, os, sys
from cleanvision import Imagelab
lab = Imagelab(data_path=sys.argv[1], verbose=False)
lab.find_issues({name: {} for name in sys.argv[2:]}, n_jobs=1, verbose=False)
if sys.argv[2] == "near_duplicates":
    names = lambda group: [os.path.basename(path) for path in group]
    out = [names(group) for kind in ("exact", "near") for group in lab.info[kind + "_duplicates"]["sets"]]
else:
    columns = ["is_" + name + "_issue" for name in sys.argv[2:]]
    out = {os.path.basename(path): bool(any(row)) for path, row in zip(lab.issues.index, lab.issues[columns].values)}
open(sys.argv[1] + "/../out.json", "w").write(json.dumps(out))
"""

IMAGEDEDUP = """
import json, sys
from imagededup.methods import PHash
hasher = PHash(verbose=False)
pairs = hasher.find_duplicates(encoding_map=hasher.encode_images(image_dir=sys.argv[1]), max_distance_threshold=10)
out = [[one, other] for one, others in pairs.items() for other in others]
open(sys.argv[1] + "/../out.json", "w").write(json.dumps(out))
"""


def python(name: str) -> str | None:
    """An interpreter that can import the package."""
    for candidate in (sys.executable, str(PEERS / name / "bin/python")):
        if Path(candidate).exists():
            done = subprocess.run([candidate, "-c", f"import {name}"], capture_output=True, check=False)
            if done.returncode == 0:
                return candidate
    return None


def verdicts(filter: str, images: list[bytes]) -> list[bool] | None:
    """cleanvision's verdict on each image, or None where it is not installed."""
    answer = _run("cleanvision", CLEANVISION, images, ISSUES[filter])
    return None if answer is None else [answer[name] for name in _names(images)]  # type: ignore[call-overload]


def merged(name: str, images: list[bytes]) -> set[tuple[int, int]] | None:
    """The pairs (smaller, larger index) that a peer takes for duplicates; a set of several gives all its pairs."""
    code, arguments = (
        (CLEANVISION, ("near_duplicates", "exact_duplicates")) if name == "cleanvision" else (IMAGEDEDUP, ())
    )
    groups = _run(name, code, images, arguments)
    if groups is None:
        return None
    at = {file: number for number, file in enumerate(_names(images))}
    indices = ([at[file] for file in group] for group in groups)
    return {(min(i, j), max(i, j)) for group in indices for i in group for j in group if i != j}


def _names(images: list[bytes]) -> list[str]:
    return [f"{number:06d}.{suffix(data)}" for number, data in enumerate(images)]


def suffix(data: bytes) -> str:
    return "png" if data[:4] == b"\x89PNG" else "webp" if data[8:12] == b"WEBP" else "jpg"


def _run(
    name: str, code: str, images: list[bytes], arguments: Iterable[str]
) -> dict[str, bool] | list[list[str]] | None:
    interpreter = python(name)
    if interpreter is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "images"
        files.mkdir()
        for file, data in zip(_names(images), images, strict=True):
            (files / file).write_bytes(data)
        subprocess.run([interpreter, "-c", code, str(files), *arguments], capture_output=True, check=True)
        answer: dict[str, bool] | list[list[str]] = json.loads((Path(folder) / "out.json").read_text())
        return answer
